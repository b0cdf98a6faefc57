"""The kind `fresh_demand`: how much of a fresh item a shop, or a pool of five, sells on each of the days to come.

Scaled pinball is the mean over days and levels of the pinball loss, divided by the series' mean daily sales before
`as_of`, averaged over series. Waste at 90 % fill is for a life of one day: all series order at one common level,
between two of the six, so high that 90 % of all demand is served. Which items a bundle holds moves these figures more
than any method does, so bundles are made by two rules (most units, most baskets), and each is scored beside two other
answers: the naive one, what the same weekday of the last week sold at every level, and that of `simple_demand`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linli.insight.demand import rules
from linli.works.bench import simple_demand
from linli.works.bench.panel import EPOCH, day_number

if TYPE_CHECKING:
    from linli.works.bench.replenish import Task

NAME = "fresh_demand"
FILE = "quantiles.csv"
COLUMNS = ("store_id", "item", "date", "q50", "q70", "q80", "q90", "q95", "q98")
AS_OF = (date(2017, 9, 30), date(2017, 10, 31), date(2017, 11, 30))
HORIZON_D, SHOPS, ITEMS, POOL = 28, 25, 10, 5
NEVER = 10**6
FRESH = ("PRODUCE", "MEAT", "MEAT-PCKGD", "SEAFOOD", "SEAFOOD-PCKGD", "PASTRY", "DELI", "SALAD BAR")
THANKSGIVING = ((-3, 1.15), (-2, 1.6), (-1, 1.6), (0, 0.45), (1, 0.6), (2, 0.6), (3, 0.8))
CHRISTMAS = ((-4, 1.05), (-3, 1.1), (-2, 1.2), (-1, 0.9), (0, 0.03), (1, 1.1))
"""The feasts of the panel's country, as its 25 development shops show them; nothing before them tells of them."""


def feasts(year: int) -> tuple[rules.Feast, ...]:
    """This will give the feasts of a year: the fourth Thursday of November, and Christmas."""
    november = date(year, 11, 1)
    thursday = november + timedelta(days=(3 - november.weekday()) % 7 + 21)
    return rules.Feast(thursday, THANKSGIVING), rules.Feast(date(year, 12, 25), CHRISTMAS)


def answer(task: Task, source: Path, out: Path) -> None:
    """This will foretell the quantiles of each shop, item and day that is asked about."""
    import numpy as np
    from pyarrow import parquet

    sold, asked = (parquet.read_table(source / f"{name}.parquet") for name in ("sales", "queries"))
    day = _days(asked["date"])
    # A day that is asked about is not known, whatever the task says.
    today = min(day_number(date.fromisoformat(task.as_of[:10])), int(day.min(initial=NEVER)) - 1)
    shops, items = _numbers(sold["store_id"], asked["store_id"]), _numbers(sold["item"], asked["item"])
    sales = rules.gather(
        _numbered(sold["store_id"], shops),
        _numbered(sold["item"], items),
        _days(sold["date"]),
        sold["qty"].to_numpy().astype(np.float64),
        last_day=today,
    )
    horizon = max(int(day.max(initial=today + 1)) - today, 1)
    years = {(EPOCH + timedelta(days=each)).year for each in (sales.first_day, today + horizon)}
    told = rules.foretell(sales, horizon, [feast for year in sorted(years) for feast in feasts(year)])
    row = {key: place for place, key in enumerate(zip(sales.shop.tolist(), sales.item.tolist(), strict=True))}
    keys = zip(_numbered(asked["store_id"], shops).tolist(), _numbered(asked["item"], items).tolist(), strict=True)
    rows = np.array([row.get(key, -1) for key in keys], dtype=np.int64)
    ahead = day - today - 1
    is_known = (rows >= 0) & (ahead >= 0) & (ahead < told.shape[1])
    answers = np.zeros((len(rows), len(rules.LEVELS)))
    answers[is_known] = told[rows[is_known], ahead[is_known]]
    with (out / FILE).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for shop, item, on, values in zip(
            asked["store_id"].to_pylist(), asked["item"].to_pylist(), day.tolist(), answers.tolist(), strict=True
        ):
            writer.writerow([shop, item, EPOCH + timedelta(days=on), *(f"{value:g}" for value in values)])


def make(folder: Path, shops: frozenset[int] | None) -> None:
    """This will make bundles of the busiest shops and fresh items: by outlet, and pooled by fives in order of size."""
    import pyarrow
    from pyarrow import compute

    from linli.works.bench import panel

    bought = panel.read_purchases(None)
    if shops is not None:
        bought = bought.filter(compute.is_in(bought["store_id"], value_set=pyarrow.array(sorted(shops))))
    bought = bought.join(panel.read_products().select(["product_id", "department", "product_category"]), "product_id")
    for as_of in AS_OF:
        for by in ("", "-by-baskets"):
            _bundles(folder, as_of, by, bought)


def _bundles(folder: Path, as_of: date, by: str, bought: Any) -> None:
    import pyarrow
    from pyarrow import compute

    fresh = bought.filter(compute.is_in(bought["department"], value_set=pyarrow.array(FRESH)))
    past = fresh.filter(compute.less_equal(fresh["date"], pyarrow.scalar(as_of, pyarrow.date32())))
    ranked = past.group_by(["product_category", "basket_id"]).aggregate([]) if by else past
    items = _most(ranked, "product_category", ITEMS, count=bool(by))
    shops = _most(past, "store_id", SHOPS)
    fresh = fresh.filter(compute.is_in(fresh["product_category"], value_set=pyarrow.array(items)))
    fresh = fresh.filter(compute.is_in(fresh["store_id"], value_set=pyarrow.array(shops)))
    pool = {shop: place // POOL for place, shop in enumerate(shops)}
    pooled = pyarrow.array([pool[shop] for shop in fresh["store_id"].to_pylist()], pyarrow.int64())
    _bundle(folder / f"{NAME}-outlet-{as_of:%Y-%m-%d}{by}", as_of, fresh)
    place = fresh.schema.get_field_index("store_id")
    _bundle(folder / f"{NAME}-pooled-{as_of:%Y-%m-%d}{by}", as_of, fresh.set_column(place, "store_id", pooled))


def _bundle(folder: Path, as_of: date, fresh: Any) -> None:
    import pyarrow
    from pyarrow import compute, parquet

    folder.mkdir(parents=True, exist_ok=True)
    daily = fresh.group_by(["store_id", "product_category", "date"]).aggregate([("quantity", "sum")])
    daily = daily.rename_columns(["store_id", "item", "date", "qty"])
    is_past = compute.less_equal(daily["date"], pyarrow.scalar(as_of, pyarrow.date32()))
    sales = daily.filter(is_past)
    days = pyarrow.table(
        {"date": pyarrow.array([as_of + timedelta(days=each + 1) for each in range(HORIZON_D)], pyarrow.date32())}
    )
    series = sales.group_by(["store_id", "item"]).aggregate([]).append_column("one", [[0] * _count(sales)])
    queries = series.join(days.append_column("one", [[0] * HORIZON_D]), "one").drop_columns(["one"])
    truth = queries.join(daily, ["store_id", "item", "date"])
    for name, table in (("sales", sales), ("queries", queries), ("truth", truth)):
        parquet.write_table(table, folder / f"{name}.parquet")
    task = {"kind": NAME, "as_of": as_of.isoformat(), "output": FILE, "columns": COLUMNS}
    (folder / "task.json").write_text(json.dumps(task))


def score(bundle: Path, out: Path) -> Mapping[str, float]:
    """This will give scaled pinball, the engine's and the naive one's, and waste at 80 and 90 % fill."""
    import numpy as np
    from pyarrow import parquet

    sold = parquet.read_table(bundle / "sales.parquet")
    sales, truth = sold.to_pylist(), parquet.read_table(bundle / "truth.parquet").to_pylist()
    came = {(str(row["store_id"]), row["item"], row["date"].isoformat()): row["qty"] or 0 for row in truth}
    dates = {row["date"] for row in sales}
    days, last_on = len(dates), max(dates)
    mean: dict[tuple[str, str], float] = {}
    sales_of: dict[tuple[str, str, date], float] = {}
    for row in sales:
        key = str(row["store_id"]), row["item"]
        mean[key] = mean.get(key, 0.0) + row["qty"] / days
        sales_of[*key, row["date"]] = row["qty"]
    with (out / FILE).open(newline="") as file:
        said = list(csv.DictReader(file))
    told = np.array([[float(row[name]) for name in COLUMNS[3:]] for row in said])
    wanted = np.array([came[row["store_id"], row["item"], row["date"]] for row in said], dtype=np.float64)
    scale = np.array([mean[row["store_id"], row["item"]] for row in said])
    plain = _plainly(sold, said)
    last_week = np.array([[_same_weekday(sales_of, row, last_on)] for row in said])
    return {
        "queries": len(said),
        "scaled_pinball": _scaled_pinball(told, wanted, scale),
        "naive_pinball": _scaled_pinball(last_week, wanted, scale),
        "plain_pinball": _scaled_pinball(plain, wanted, scale),
        "waste_at_80": round(_waste(told, wanted, 0.8), 3),
        "waste_at_90": round(_waste(told, wanted, 0.9), 3),
        "plain_waste_at_90": round(_waste(plain, wanted, 0.9), 3),
    }


def _plainly(sold: Any, said: list[dict[str, str]]) -> Any:
    """The same questions, answered by the plain method."""
    import numpy as np

    shops, items = (_numbers(sold[name]) for name in ("store_id", "item"))
    last_day = int(_days(sold["date"]).max())
    sales = rules.gather(
        _numbered(sold["store_id"], shops),
        _numbered(sold["item"], items),
        _days(sold["date"]),
        sold["qty"].to_numpy().astype(np.float64),
        last_day=last_day,
    )
    told = simple_demand.foretell(sales, HORIZON_D)
    names = {str(shop): number for shop, number in shops.items()}
    row = {key: place for place, key in enumerate(zip(sales.shop.tolist(), sales.item.tolist(), strict=True))}
    return np.array(
        [
            told[
                row[names[each["store_id"]], items[each["item"]]],
                day_number(date.fromisoformat(each["date"])) - last_day - 1,
            ]
            for each in said
        ]
    )


def _scaled_pinball(told: Any, wanted: Any, scale: Any) -> float:
    import numpy as np

    levels = np.array(rules.LEVELS)
    over = wanted[:, None] - told
    pinball = np.maximum(levels * over, (levels - 1) * over).mean(axis=1)
    return round(float((pinball / scale).mean()), 4)


def _same_weekday(sales_of: Mapping[tuple[str, str, date], float], row: Mapping[str, str], last_on: date) -> float:
    """What a series sold on the last day up to `last_on` that was the weekday of an answer's day."""
    on = date.fromisoformat(row["date"])
    weeks = -(-(on - last_on).days // 7)
    return sales_of.get((row["store_id"], row["item"], on - timedelta(weeks=weeks)), 0.0)


def _waste(told: Any, wanted: Any, fill: float) -> float:
    import numpy as np

    grid = np.array([0.0, *rules.LEVELS, 1.0])
    ends = np.concatenate([np.zeros((len(told), 1)), told, told[:, -1:] * 1.5], axis=1)
    low, high = 0.0, 1.0
    order = told[:, -1]
    for _ in range(30):
        level = (low + high) / 2
        place = min(int(np.searchsorted(grid, level, side="right")) - 1, len(grid) - 2)
        part = (level - grid[place]) / (grid[place + 1] - grid[place])
        order = ends[:, place] * (1 - part) + ends[:, place + 1] * part
        is_enough = np.minimum(order, wanted).sum() >= fill * wanted.sum()
        low, high = (low, level) if is_enough else (level, high)
    return float(1 - np.minimum(order, wanted).sum() / order.sum())


def _most(bought: Any, column: str, most: int, *, count: bool = False) -> list[Any]:
    """The values of a column of which most was bought, or which most rows have."""
    of, how = (column, "count") if count else ("quantity", "sum")
    total = bought.group_by(column).aggregate([(of, how)]).sort_by([(f"{of}_{how}", "descending")])
    return [value for value in total[column].to_pylist() if value is not None][:most]


def _count(sales: Any) -> int:
    return int(sales.group_by(["store_id", "item"]).aggregate([]).num_rows)


def _numbers(*columns: Any) -> dict[Any, int]:
    values = {value for column in columns for value in column.unique().to_pylist()}
    return {value: number for number, value in enumerate(sorted(values))}


def _numbered(column: Any, numbers: Mapping[Any, int]) -> Any:
    import numpy as np

    coded = column.combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if hasattr(coded, "combine_chunks") else coded
    number_of = np.array([numbers[value] for value in coded.dictionary.to_pylist()], dtype=np.int64)
    return number_of[coded.indices.to_numpy(zero_copy_only=False)] if len(number_of) else np.zeros(0, np.int64)


def _days(column: Any) -> Any:
    import numpy as np
    from pyarrow import compute

    return compute.cast(compute.cast(column, "date32"), "int32").to_numpy().astype(np.int64)
