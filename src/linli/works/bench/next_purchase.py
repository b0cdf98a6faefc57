"""The kind `next_purchase`: when a household buys a commodity again, on which day to deliver, and how sure that is.

A delivery is a hit when it lands at most seven days before and two days after the household's own next purchase.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linli.insight.replenish import rules
from linli.works.bench.panel import day_number

if TYPE_CHECKING:
    from linli.works.bench.replenish import Task

NAME = "next_purchase"
AS_OF = (date(2017, 8, 12), date(2017, 9, 30), date(2017, 11, 12))
LEAST_PURCHASES = 4
"""Of a pair that is asked about."""
FILE = "due.csv"
COLUMNS = ("household_id", "commodity", "due_date", "deliver_on", "confidence")
BIN, LEAST_IN_BIN = 0.1, 200


def answer(task: Task, source: Path, out: Path) -> None:
    """This will foretell the next purchase of each pair that is asked about."""
    import numpy as np
    from pyarrow import parquet

    names, homes, bought = _bought(source)
    asked = parquet.read_table(source / "queries.parquet")
    today = _first_day_to_come(bought, day_number(date.fromisoformat(task.as_of[:10])))
    engine = rules.study(bought, today, len(names), learn=task.learn)
    states, whole = bought.states()
    pair = {key: row for row, key in enumerate(zip(states.household.tolist(), states.commodity.tolist(), strict=True))}
    number = {name: index for index, name in enumerate(names)}
    keys = list(zip(asked["household_id"].to_pylist(), asked["commodity"].to_pylist(), strict=True))
    rows = np.array(
        [pair.get((homes.get(household, -1), number.get(name, -1)), -1) for household, name in keys], dtype=np.int64
    )
    known = rows >= 0
    forecast = engine.foretell(states.take(rows[known]), whole.take(rows[known]), today)
    told = iter(zip(forecast.due_in.tolist(), forecast.deliver_in.tolist(), forecast.confidence.tolist(), strict=True))
    begin = date(1970, 1, 1) + timedelta(days=today)
    with (out / FILE).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for key, is_known in zip(keys, known.tolist(), strict=True):
            due, deliver, confidence = next(told) if is_known else (rules.HORIZON_D, rules.HORIZON_D, 0.0)
            writer.writerow(
                [*key, begin + timedelta(days=due), begin + timedelta(days=deliver), f"{confidence:.4f}"],
            )


def make(folder: Path, households: frozenset[int] | None) -> None:
    """This will make bundles of the panel's staples, as of days whose next seven weeks are known."""
    from linli.works.bench import panel, staples

    bought, products = panel.read_purchases(households), panel.read_products()
    for as_of in AS_OF:
        _bundle(folder / f"{NAME}-{as_of:%Y-%m-%d}", as_of, bought, products, staples.commodities(products))


def _bundle(folder: Path, as_of: date, bought: Any, products: Any, commodities: Any) -> None:
    import pyarrow
    from pyarrow import compute, parquet

    folder.mkdir(parents=True, exist_ok=True)
    is_past = compute.less_equal(bought["date"], pyarrow.scalar(as_of, pyarrow.date32()))
    past, future = bought.filter(is_past), bought.filter(compute.invert(is_past))
    days = past.join(commodities, "product_id", join_type="inner").select(["household_id", "commodity", "date"])
    counted = days.group_by(["household_id", "commodity"]).aggregate([("date", "count_distinct")])
    asked = counted.filter(compute.greater_equal(counted["date_count_distinct"], LEAST_PURCHASES))
    queries = asked.select(["household_id", "commodity"]).sort_by(
        [("household_id", "ascending"), ("commodity", "ascending")]
    )
    later = future.join(commodities, "product_id", join_type="inner").group_by(["household_id", "commodity"])
    truth = queries.join(later.aggregate([("date", "min")]), ["household_id", "commodity"])
    parquet.write_table(past.drop_columns(["store_id"]), folder / "transactions.parquet")
    for name, table in (("products", products), ("commodities", commodities), ("queries", queries), ("truth", truth)):
        parquet.write_table(table, folder / f"{name}.parquet")
    task = {"kind": NAME, "as_of": as_of.isoformat(), "output": FILE, "columns": COLUMNS}
    (folder / "task.json").write_text(json.dumps(task))


def score(bundle: Path, out: Path) -> Mapping[str, float]:
    """This will give precision among the surest, the restricted error, Brier's score and the worst bin."""
    import numpy as np
    from pyarrow import parquet

    as_of = date.fromisoformat(json.loads((bundle / "task.json").read_bytes())["as_of"])
    truth = {
        (row["household_id"], row["commodity"]): (row["date_min"] - as_of).days if row["date_min"] else None
        for row in parquet.read_table(bundle / "truth.parquet").to_pylist()
    }
    with (out / FILE).open(newline="") as file:
        said = list(csv.DictReader(file))
    never = 10**6
    waited = np.array([truth[int(row["household_id"]), row["commodity"]] or never for row in said])
    due = np.array([(date.fromisoformat(row["due_date"]) - as_of).days for row in said])
    lands = np.array([(date.fromisoformat(row["deliver_on"]) - as_of).days for row in said])
    confidence = np.array([float(row["confidence"]) for row in said])
    hit = (waited - lands <= rules.EARLY_D) & (lands - waited <= rules.LATE_D)
    surest = np.argsort(-confidence, kind="stable")
    figures = {
        f"precision_{part}": round(float(hit[surest[: len(hit) * part // 100]].mean()), 3) for part in (10, 25, 50)
    }
    most = rules.HORIZON_D
    return {
        "pairs": len(said),
        **figures,
        "restricted_error_d": round(float(np.abs(np.minimum(due, most) - np.minimum(waited, most)).mean()), 2),
        "brier": round(float(((confidence - hit) ** 2).mean()), 4),
        "worst_bin_points": _worst_bin(confidence, hit),
    }


def _worst_bin(confidence: Any, hit: Any) -> float:
    """How far, in points, stated confidence is from what was observed, in the worst bin of at least 200 pairs."""
    import numpy as np

    place = np.minimum((confidence / BIN).astype(int), 9)
    apart = [
        abs(float(confidence[place == each].mean() - hit[place == each].mean()))
        for each in range(10)
        if (place == each).sum() >= LEAST_IN_BIN
    ]
    return round(100 * max(apart), 1)


def _first_day_to_come(bought: rules.Purchases, as_of: int) -> int:
    """Purchases may be known up to the evening of the day, or only up to its morning."""
    return as_of + 1 if len(bought.day) and int(bought.day.max()) >= as_of else as_of


def _bought(source: Path) -> tuple[list[str], dict[Any, int], rules.Purchases]:
    """All purchases of a bundle, the commodities' names in the order of their numbers, and the households' numbers.

    A household's id is its number, by which the engine draws who teaches and who judges; ids that are words get one.
    """
    import numpy as np
    from pyarrow import compute, parquet

    bought = parquet.read_table(source / "transactions.parquet", columns=["household_id", "date", "product_id"])
    mapped = parquet.read_table(source / "commodities.parquet")
    names = sorted(set(mapped["commodity"].to_pylist()))
    number = {name: index for index, name in enumerate(names)}
    products, place = np.unique(mapped["product_id"].to_numpy(), return_index=True)
    commodity_of = np.array([number[name] for name in mapped["commodity"].to_pylist()], dtype=np.int64)[place]
    product = bought["product_id"].to_numpy()
    near = np.minimum(np.searchsorted(products, product), len(products) - 1)
    commodity = np.where(products[near] == product, commodity_of[near], -1)
    day = compute.cast(compute.cast(bought["date"], "date32"), "int32").to_numpy().astype(np.int64)
    household = bought["household_id"].to_numpy()
    # What a household bought of a commodity on a day counts once, however many lines it had.
    numbered, of = np.unique(household, return_inverse=True)
    first, kinds = int(day.min()) if len(day) else 0, len(names) + 1
    once = np.unique(((day - first) * kinds + commodity + 1) * len(numbered) + of)
    day, commodity = np.divmod(once // max(len(numbered), 1), kinds)
    homes = numbered if numbered.dtype.kind in "iu" else np.arange(len(numbered))
    number_of = dict(zip(numbered.tolist(), homes.tolist(), strict=True))
    return names, number_of, rules.Purchases(homes[once % max(len(numbered), 1)], commodity - 1, day + first)
