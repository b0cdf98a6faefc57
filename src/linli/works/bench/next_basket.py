"""The kind `next_basket`: ten products for the next shopping day of each household, best first.

Truth is what the household bought on its next shopping day, of the products that were bought at least 17 times in the
history. Recall is the part of them among the ten, NDCG weighs their places, PHR is the part of households with a hit.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linli.insight.replenish import rules

if TYPE_CHECKING:
    from linli.works.bench.replenish import Task

NAME = "next_basket"
FILE = "recs.csv"
COLUMNS = ("household_id", "rank", "product_id")
LEAST_SOLD = 17
LEAST_VISITS = 3
"""Of a household that is asked about, before its next shopping day."""
OFF = {"test": 1, "validation": 2}
"""Which shopping day is to be foretold, counted from the last."""


def answer(task: Task, source: Path, out: Path) -> None:
    """This will rank the products of the next basket of each household that is asked about."""
    import numpy as np
    from pyarrow import parquet

    asked = parquet.read_table(source / "queries.parquet")
    candidates = np.unique(parquet.read_table(source / "candidates.parquet")["product_id"].to_numpy())
    bought = parquet.read_table(
        source / "transactions.parquet",
        columns=["household_id", "date", "product_id", "quantity"],
    )
    homes = np.unique(np.concatenate([bought["household_id"].to_numpy(), asked["household_id"].to_numpy()]))
    on = np.full(len(homes), -1)
    asked_rows = np.searchsorted(homes, asked["household_id"].to_numpy())
    on[asked_rows] = _days(asked["as_of"])
    household, day = np.searchsorted(homes, bought["household_id"].to_numpy()), _days(bought["date"])
    product = bought["product_id"].to_numpy()
    place = np.minimum(np.searchsorted(candidates, product), max(len(candidates) - 1, 0))
    counts = (
        (candidates[place] == product) & ((day <= on[household]) | (on[household] < 0))
        if len(candidates)
        else np.zeros(len(day), bool)
    )
    purchases = rules.Lines(
        household=household[counts],
        product=place[counts],
        day=day[counts],
        quantity=bought["quantity"].to_numpy().astype(np.float64)[counts],
    )
    history = rules.read_history(purchases, len(homes), *_kinds(source / "products.parquet", candidates))
    told = rules.next_baskets(history, rules.Moment(history.visits, on), learn=task.learn)[asked_rows]
    with (out / FILE).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for home, products in zip(asked["household_id"].to_pylist(), told.tolist(), strict=True):
            writer.writerows([home, rank, candidates[each]] for rank, each in enumerate(products, start=1) if each >= 0)


def make(folder: Path, households: frozenset[int] | None) -> None:
    """This will make bundles of each household's last shopping day, and of the one before, as the next basket."""
    from linli.works.bench import panel

    bought, products = panel.read_purchases(households), panel.read_products()
    for name, off in OFF.items():
        _bundle(folder / f"{NAME}-{name}", off, bought, products)


def _bundle(folder: Path, off: int, bought: Any, products: Any) -> None:
    import numpy as np
    import pyarrow
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    homes, household = np.unique(bought["household_id"].to_numpy(), return_inverse=True)
    day, product = _days(bought["date"]), bought["product_id"].to_numpy()
    visits, visit = np.unique(household * rules.DAY_SPAN + day, return_inverse=True)
    count = np.bincount(visits // rules.DAY_SPAN, minlength=len(homes))
    number = visit - (count.cumsum() - count)[household]
    next_visit = (count - off)[household]
    is_past, is_next = number < next_visit, number == next_visit
    sold = dict(zip(*(each.tolist() for each in np.unique(product[is_past], return_counts=True)), strict=True))
    often = np.array(sorted(each for each, times in sold.items() if times >= LEAST_SOLD))
    is_asked = is_next & np.isin(product, often) & (next_visit >= LEAST_VISITS)
    truth = np.unique(np.stack([homes[household], product], axis=1)[is_asked], axis=0)
    days = {int(homes[household[row]]): int(day[row]) for row in np.flatnonzero(is_asked)}
    tables = {
        "transactions": bought.filter(pyarrow.array(is_past)).drop_columns(["store_id"]),
        "products": products,
        "candidates": pyarrow.table({"product_id": often}),
        "queries": pyarrow.table(
            {"household_id": list(days), "as_of": pyarrow.array(days.values(), pyarrow.int32()).cast(pyarrow.date32())}
        ),
        "truth": pyarrow.table({"household_id": truth[:, 0], "product_id": truth[:, 1]}),
    }
    for name, table in tables.items():
        parquet.write_table(table, folder / f"{name}.parquet")
    as_of = max(days.values(), default=0)
    task = {"kind": NAME, "as_of": _date(as_of).isoformat(), "output": FILE, "columns": COLUMNS}
    (folder / "task.json").write_text(json.dumps(task))


def score(bundle: Path, out: Path) -> Mapping[str, float]:
    """This will give recall, NDCG and the part of households with a hit, each at ten."""
    import numpy as np
    from pyarrow import parquet

    truth: dict[int, set[int]] = {}
    for row in parquet.read_table(bundle / "truth.parquet").to_pylist():
        truth.setdefault(row["household_id"], set()).add(row["product_id"])
    told: dict[int, list[int]] = {home: [] for home in truth}
    with (out / FILE).open(newline="") as file:
        for row in csv.DictReader(file):
            told[int(row["household_id"])].append(int(row["product_id"]))
    gain = 1 / np.log2(np.arange(2, rules.MOST + 2))
    recall, ndcg, hit = [], [], []
    for home, bought in truth.items():
        hits = np.array([each in bought for each in told[home]] + [False] * rules.MOST)[: rules.MOST]
        recall.append(hits.sum() / len(bought))
        ndcg.append(gain[hits].sum() / gain[: len(bought)].sum())
        hit.append(hits.any())
    figures = {"recall_at_10": recall, "ndcg_at_10": ndcg, "phr_at_10": hit}
    return {"households": len(truth)} | {name: round(float(np.mean(each)), 4) for name, each in figures.items()}


def _kinds(products: Path, candidates: Any) -> tuple[Any, Any]:
    """The number of the type and of the category of each candidate; of an unknown one, that of the nameless."""
    import numpy as np
    from pyarrow import parquet

    table = parquet.read_table(products)
    place = {each: row for row, each in enumerate(table["product_id"].to_pylist())}
    rows = [place.get(each) for each in candidates.tolist()]
    found = []
    for names in (("product_type", "product_category"), ("product_category",)):
        columns = [table[name].to_pylist() if name in table.column_names else None for name in names]
        values = [
            "|".join(str(column[row]) for column in columns if column is not None) if row is not None else ""
            for row in rows
        ]
        found.append(np.unique(np.array(values, dtype=str), return_inverse=True)[1].astype(np.int64))
    return found[0], found[1]


def _days(column: Any) -> Any:
    import numpy as np
    from pyarrow import compute

    return compute.cast(compute.cast(column, "date32"), "int32").to_numpy().astype(np.int64)


def _date(day: int) -> date:
    return date.fromordinal(day + date(1970, 1, 1).toordinal())
