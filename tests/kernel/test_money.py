"""Money: whole minor units, one rounding, and divisions that always add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.money import Money

amounts = st.integers(-(10**12), 10**12).map(Money)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=40)


@given(amounts, weights.filter(any))
def test_parts_of_a_split_sum_to_the_whole_and_are_within_one_fen_of_their_exact_share(amount, by):
    parts = amount.split(by)
    assert Money.total(parts) == amount
    for part, weight in zip(parts, by, strict=True):
        exact = Decimal(amount.minor) * weight / sum(by)
        assert abs(part.minor - exact) < 1
        if weight == 0:
            assert part == Money.zero


@given(amounts, weights.filter(any))
def test_a_split_of_a_refund_mirrors_the_split_of_the_sale(amount, by):
    assert (-amount).split(by) == tuple(-part for part in amount.split(by))


@given(amounts, st.lists(st.integers(1, 100), min_size=2, max_size=10))
def test_a_heavier_weight_never_gets_less(amount, by):
    parts = amount.split(by)
    for (w1, p1), (w2, p2) in zip(zip(by, parts, strict=True), zip(by[1:], parts[1:], strict=True), strict=False):
        if w1 > w2:
            assert abs(p1.minor) >= abs(p2.minor)


@pytest.mark.parametrize(
    ("amount", "by", "parts"),
    [
        ("1.00", [1, 1, 1], ["0.34", "0.33", "0.33"]),
        ("0.02", [1, 1, 1], ["0.01", "0.01", "0.00"]),
        ("-1.00", [1, 1, 1], ["-0.34", "-0.33", "-0.33"]),
        ("5.00", [4800, 1400], ["3.87", "1.13"]),
        ("0.00", [0, 0], ["0.00", "0.00"]),
    ],
)
def test_splits_as_worked_by_hand(amount, by, parts):
    assert [str(p) for p in Money.parse(amount).split(by)] == parts


def test_a_split_with_nothing_to_weigh_by_is_refused():
    with pytest.raises(ValueError, match="nothing to weigh"):
        Money(1).split([0, 0])
    with pytest.raises(ValueError, match="negative"):
        Money(1).split([2, -1])


@pytest.mark.parametrize(
    ("base", "basis_points", "amount"),
    [
        ("58.00", 800, "4.64"),
        ("4.64", 4000, "1.86"),
        ("57.00", 60, "0.34"),
        ("0.01", 5000, "0.01"),
        ("-0.01", 5000, "-0.01"),
    ],
)
def test_rates_round_half_away_from_zero_once(base, basis_points, amount):
    assert str(Money.from_basis_points(Money.parse(base), basis_points)) == amount


def test_one_cent_is_not_lost_on_444_195():
    assert Money.from_rate(Decimal("29613"), Decimal("1.5")) == Money(44420)


@given(amounts)
def test_an_amount_reads_back_as_it_is_written(amount):
    assert Money.parse(str(amount)) == amount


@pytest.mark.parametrize("text", ["", "1,5", "1.234", "NaN", "1e3", "--1", "¥5", "٣", "1."])
def test_an_amount_that_is_not_plain_is_refused_rather_than_guessed(text):
    with pytest.raises(ValueError, match="amount"):
        Money.parse(text)


@pytest.mark.parametrize("minor", [1.0, Decimal(1), "1", True])
def test_money_takes_whole_minor_units_only(minor):
    with pytest.raises(TypeError):
        Money(minor)
