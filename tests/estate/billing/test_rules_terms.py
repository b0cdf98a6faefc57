"""Terms: a period bills the same total however it is cut, and months never drift from their anchor."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing.rules.terms import (
    Proration,
    TermRule,
    add_months,
    month_of,
    month_parts,
    month_start,
    months_between,
    price_of,
)
from linli.kernel.money import TO_THE_FEN, Money, Rounding, Towards
from linli.kernel.period import Period

days = st.dates(date(2019, 12, 1), date(2031, 12, 31))
rules = st.builds(
    TermRule,
    proration=st.sampled_from(Proration),
    anchor=st.integers(1, 31),
    whole_from_days=st.integers(1, 28),
)
prices = st.fractions(0, 10**7, max_denominator=10**4)
roundings = st.builds(Rounding, st.sampled_from(Towards), st.sampled_from([1, 10, 100]))


@st.composite
def held_and_cuts(draw):
    """A time for which a charge holds, perhaps open, and three days within it, in order."""
    a, b, c = sorted(draw(st.lists(days, min_size=3, max_size=3, unique=True)))
    before = a - timedelta(draw(st.integers(0, 400)))
    after = draw(st.none() | st.integers(0, 400).map(lambda n: c + timedelta(n)))
    return Period(before, after), a, b, c


def cost(start, end, rule, held, monthly, rounding=TO_THE_FEN):
    return price_of(month_parts(Period(start, end), rule, held), monthly, rounding)


@given(held_and_cuts(), rules, prices, roundings)
def test_splitting_a_period_never_changes_its_total(cuts, rule, monthly, rounding):
    held, a, b, c = cuts
    whole = cost(a, c, rule, held, monthly, rounding)
    assert cost(a, b, rule, held, monthly, rounding) + cost(b, c, rule, held, monthly, rounding) == whole
    assert whole >= Money.zero


@given(days, st.integers(1, 31), st.integers(1, 30), prices)
def test_whole_months_cost_exactly_their_price_by_every_method_that_counts_months(start, anchor, months, monthly):
    start = month_start(month_of(start, anchor), anchor)
    end = month_start(month_of(start, anchor) + months, anchor)
    for method in set(Proration) - {Proration.YEAR_OF_365}:
        rule = TermRule(proration=method, anchor=anchor)
        assert cost(start, end, rule, Period(start), monthly) == Money.rounded(monthly) * months


def test_a_month_that_begins_on_the_31st_is_shortened_and_comes_back():
    starts = [month_start(2023 * 12 + month, 31) for month in range(5)]
    assert starts == [date(2023, 1, 31), date(2023, 2, 28), date(2023, 3, 31), date(2023, 4, 30), date(2023, 5, 31)]
    assert add_months(date(2023, 1, 31), 1) == date(2023, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2025, 2, 28), -1, anchor=31) == date(2025, 1, 31)


@pytest.mark.parametrize("day", [29, 30, 31])
def test_a_month_from_the_end_of_january_costs_one_month_and_not_a_yuan_less(day):
    start = date(2023, 1, day)
    rule = TermRule(anchor=day)
    assert str(cost(start, add_months(start, 1), rule, Period(start), Fraction(21016))) == "210.16"
    assert str(cost(start, add_months(start, 12), rule, Period(start), Fraction(21016))) == "2521.92"


def test_half_a_fen_is_not_lost_on_444_195():
    year = Period(date(2026, 1, 1), date(2027, 1, 1))
    assert str(price_of(month_parts(year, TermRule(), year), Fraction("44419.5"))) == "5330.40"
    assert str(cost(date(2026, 1, 1), date(2026, 2, 1), TermRule(), year, Fraction("44419.5"))) == "444.20"


@pytest.mark.parametrize(
    ("method", "start", "end", "price"),
    [
        (Proration.ACTUAL_DAYS, "2026-02-11", "2026-03-01", "192.86"),  # 18 of 28 days
        (Proration.ACTUAL_DAYS, "2026-01-11", "2026-02-01", "203.23"),  # 21 of 31
        (Proration.THIRTY_DAYS, "2026-02-11", "2026-03-01", "200.00"),  # 20 of 30, though it has 18 days
        (Proration.THIRTY_DAYS, "2026-01-11", "2026-02-01", "200.00"),
        (Proration.THIRTY_DAYS, "2026-01-31", "2026-02-01", "0.00"),
        (Proration.YEAR_OF_365, "2026-01-11", "2026-02-01", "207.12"),  # 21 days of 3,600.00 / 365
        (Proration.YEAR_OF_365, "2026-02-01", "2026-03-01", "276.16"),
        (Proration.WHOLE_FROM, "2026-01-18", "2026-02-01", "0.00"),  # 14 days
        (Proration.WHOLE_FROM, "2026-01-17", "2026-02-01", "300.00"),  # 15 days
        (Proration.HALF_MONTH, "2026-01-17", "2026-02-01", "150.00"),
        (Proration.HALF_MONTH, "2026-01-16", "2026-02-01", "300.00"),  # 16 of 31
    ],
)
def test_the_first_month_of_300_yuan_as_worked_by_hand(method, start, end, price):
    start, end = date.fromisoformat(start), date.fromisoformat(end)
    assert str(cost(start, end, TermRule(proration=method), Period(start), Fraction(30000))) == price


def test_a_month_that_is_held_long_enough_stays_whole_where_the_home_is_sold_in_it():
    held, rule = Period(date(2026, 1, 1)), TermRule(proration=Proration.WHOLE_FROM)
    seller = cost(date(2026, 1, 1), date(2026, 1, 6), rule, held, Fraction(31000))
    buyer = cost(date(2026, 1, 6), date(2026, 2, 1), rule, held, Fraction(31000))
    assert (str(seller), str(buyer)) == ("50.00", "260.00")


@given(days, days, st.integers(1, 31))
def test_the_months_of_a_period_follow_each_other_without_a_gap(a, b, anchor):
    start, end = sorted((a, b))
    pieces = list(months_between(start, end, anchor))
    assert [p.start for p in pieces[1:]] == [p.end for p in pieces[:-1]]
    assert not pieces or (pieces[0].start, pieces[-1].end) == (start, end)
    assert all(p.length <= 31 for p in pieces)


def test_a_period_outside_the_time_of_its_charge_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="lies within"):
        month_parts(Period(date(2026, 1, 1), date(2026, 2, 1)), TermRule(), Period(date(2026, 1, 2)))
    with pytest.raises(ValueError, match="has an end"):
        month_parts(Period(date(2026, 1, 1)), TermRule(), Period(date(2026, 1, 1)))
    with pytest.raises(ValueError, match="not on 0"):
        TermRule(anchor=0)
