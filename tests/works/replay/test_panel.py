"""What is read of the published tables: the right days, by the clock of the shops, without fuel and without heaps."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from linli.works.replay.panel import (
    Basket,
    Item,
    NoPanel,
    Panel,
    Product,
    day_of,
    households_in,
    read,
    some_households,
    write_days,
)

pyarrow = pytest.importorskip("pyarrow")
MONDAY = date(2017, 3, 6)


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    """Households 1 to 3: milk (11), apples (12), fuel (13) and a thing of no name (14)."""
    from pyarrow import parquet

    sold = [
        # household, basket, product, quantity, value, UTC
        (1, 101, 11, 2, 3.00, "2017-03-06T12:30:00"),
        (1, 101, 12, 1, 0.99, "2017-03-06T12:30:00"),
        (1, 101, 13, 89638, 30.00, "2017-03-06T12:30:00"),
        (2, 102, 11, 1, 1.60, "2017-03-07T04:59:59"),  # still Monday five hours behind
        (2, 103, 11, 1, 1.50, "2017-03-07T05:00:00"),
        (2, 103, 14, 80, 40.00, "2017-03-07T05:00:00"),
        (1, 104, 11, 1, 0.00, "2017-03-07T15:00:00"),  # given away
        (3, 105, 12, 1, 1.00, "2017-03-06T15:00:00"),
        (1, 100, 11, 1, 9.99, "2017-03-06T04:59:00"),  # Sunday
    ]
    names = ("household_id", "basket_id", "product_id", "quantity", "sales_value", "transaction_timestamp")
    columns = dict(zip(names, map(list, zip(*sold, strict=True)), strict=True))
    instants = [datetime.fromisoformat(text) for text in columns["transaction_timestamp"]]
    columns["transaction_timestamp"] = pyarrow.array(instants, pyarrow.timestamp("ns"))
    parquet.write_table(pyarrow.table(columns), tmp_path / "transactions.parquet")
    goods = {
        "product_id": [11, 12, 13, 14],
        "department": ["GROCERY", "PRODUCE", "FUEL", "TOYS"],
        "product_category": ["MILK", "APPLES", "FUEL", None],
        "product_type": ["WHOLE*MILK", None, "GASOLINE", None],
        "package_size": ["1 GA", None, None, None],
    }
    parquet.write_table(pyarrow.table(goods), tmp_path / "products.parquet")
    return Panel(tmp_path / "transactions.parquet", tmp_path / "products.parquet")


def test_baskets_fall_on_the_day_of_the_shops_clock(panel: Panel):
    by_day, _products = read(panel, {1, 2}, MONDAY, 2)

    assert by_day == {
        MONDAY: [
            Basket(101, 1, 7 * 3600 + 30 * 60, (Item(11, 2), Item(12, 1))),
            Basket(102, 2, 24 * 3600 - 1, (Item(11, 1),)),
        ],
        date(2017, 3, 7): [Basket(103, 2, 0, (Item(11, 1), Item(14, 50)))],
    }


def test_a_product_costs_the_median_of_what_was_paid_for_one(panel: Panel):
    _by_day, products = read(panel, {1, 2}, MONDAY, 2)

    assert products == [
        Product(11, "GROCERY", "Whole milk · 11", "1 GA", 150),
        Product(12, "PRODUCE", "Apples · 12", "", 99),
        Product(14, "TOYS", "Goods · 14", "", 50),
    ]


def test_days_without_a_basket_are_refused_in_words(panel: Panel):
    with pytest.raises(NoPanel, match="None of these households bought anything in the 3 days from 2017-08-01 on"):
        read(panel, {1, 2, 3}, date(2017, 8, 1), 3)


def test_the_same_households_are_chosen_each_time(panel: Panel):
    assert len(some_households(panel, 2)) == 2
    assert some_households(panel, 2) == some_households(panel, 2)
    assert some_households(panel) == {1, 2, 3}


def test_households_are_read_from_a_file_that_says_so(tmp_path: Path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("\ufeffhousehold_id\n8\n10\n")
    bad.write_text("id\n8\n")

    assert households_in(good) == {8, 10}
    with pytest.raises(NoPanel, match="no column household_id"):
        households_in(bad)


def test_a_day_is_streamed_as_it_was_written(tmp_path: Path, panel: Panel):
    by_day, _products = read(panel, {1, 2}, MONDAY, 2)
    write_days(tmp_path / "days", by_day)

    assert {day: list(day_of(tmp_path / "days", day)) for day in by_day} == by_day
    assert list(day_of(tmp_path / "days", date(2017, 3, 8))) == []
