"""The plan of a contract: worked tables, and laws that hold for all terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.contracts import rules
from linli.estate.contracts.rules import Days, Escalation, Proration, RaiseOf, Terms
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid

JAN_31 = date(2026, 1, 31)
YEAR = Days(date(2026, 1, 1), date(2027, 1, 1))


def yuan(text: str) -> Money:
    return Money.parse(text)


def told(rows):
    return [(row.days.start.isoformat(), row.due_on.isoformat(), str(row.amount)) for row in rows]


def test_a_shop_pays_by_the_quarter_ahead():
    rows = rules.plan(Terms(monthly=yuan("3000.00"), every_months=3, due_days=-5), YEAR)
    assert told(rows) == [
        ("2026-01-01", "2025-12-27", "9000.00"),
        ("2026-04-01", "2026-03-27", "9000.00"),
        ("2026-07-01", "2026-06-26", "9000.00"),
        ("2026-10-01", "2026-09-26", "9000.00"),
    ]


def test_months_of_the_31st_come_back_to_the_31st_and_a_rest_is_priced_by_its_days():
    rows = rules.plan(Terms(monthly=yuan("310.00")), Days(JAN_31, date(2026, 4, 10)))
    assert told(rows) == [
        ("2026-01-31", "2026-01-31", "310.00"),
        ("2026-02-28", "2026-02-28", "310.00"),
        ("2026-03-31", "2026-03-31", "103.33"),
    ]


def test_a_rent_rises_once_a_year_up_to_its_cap_after_two_free_months():
    rising = Escalation(months=12, rate=Decimal("0.10"), of=RaiseOf.LAST, cap=yuan("1200.00"))
    terms = Terms(monthly=yuan("1000.00"), every_months=6, escalation=rising, free_months=2)
    rows = rules.plan(terms, Days(date(2026, 1, 1), date(2029, 7, 1)))
    assert [str(row.amount) for row in rows] == [
        "4000.00", "6000.00", "6600.00", "6600.00", "7200.00", "7200.00", "7200.00"
    ]  # fmt: skip


def test_what_is_agreed_in_all_is_shared_by_days_to_the_fen():
    rows = rules.plan(Terms(total=yuan("10000.00"), every_months=4), YEAR)
    assert [str(row.amount) for row in rows] == ["3287.67", "3369.86", "3342.47"]


@pytest.mark.parametrize(
    ("ended_on", "left"),
    [("2026-01-01", None), ("2026-01-02", "100.00"), ("2026-01-16", "1500.00"), ("2026-02-01", "3100.00")],
)
def test_a_row_is_cut_on_the_day_of_the_end(ended_on, left):
    terms = Terms(monthly=yuan("3100.00"))
    row = rules.plan(terms, YEAR)[0]
    rest = rules.cut(terms, YEAR, row, date.fromisoformat(ended_on))
    assert (rest and str(rest.amount)) == left


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"monthly": Money(1), "total": Money(1)},
        {"monthly": Money.zero},
        {"monthly": Money(1), "every_months": 0},
        {"monthly": Money(1), "due_days": 91},
        {"total": Money(1), "free_months": 1},
    ],
)
def test_terms_that_make_no_sense_are_refused(wrong):
    with pytest.raises(Invalid):
        Terms(**wrong)


def test_an_end_before_the_start_and_a_row_beyond_all_measure_are_refused():
    with pytest.raises(Invalid):
        rules.plan(Terms(monthly=Money(1)), Days(JAN_31, JAN_31))
    with pytest.raises(Invalid):
        rules.plan(Terms(monthly=Money(100_000_001)), YEAR)


starts = st.dates(date(2024, 1, 1), date(2027, 12, 31))
rises = st.none() | st.builds(
    Escalation,
    months=st.integers(1, 24),
    rate=st.decimals("0.01", "0.2", places=2),
    of=st.sampled_from(RaiseOf),
)
terms = st.builds(
    Terms,
    monthly=st.integers(1, 500_000).map(Money),
    every_months=st.integers(1, 12),
    escalation=rises,
    free_months=st.integers(0, 6),
    proration=st.sampled_from(Proration),
)


@given(terms, starts, st.integers(1, 1500), st.integers(1, 12))
def test_however_the_term_is_cut_into_rows_the_sum_is_the_same(agreed, start, length, every):
    term = Days(start, start + timedelta(days=length))
    rows, other = rules.plan(agreed, term), rules.plan(replace(agreed, every_months=every), term)
    assert rules.total(rows) == rules.total(other)
    assert rows[0].days.start == term.start
    assert rows[-1].days.end == term.end
    assert all(a.days.end == b.days.start for a, b in pairwise(rows))
    assert all(row.amount >= Money.zero for row in rows)


@given(terms, starts, st.integers(2, 900), st.data())
def test_what_is_left_at_an_end_and_what_is_cut_off_are_the_whole(agreed, start, length, data):
    term = Days(start, start + timedelta(days=length))
    ended_on = start + timedelta(days=data.draw(st.integers(1, length - 1)))
    rows = rules.plan(agreed, term)
    left = [rest for row in rows if (rest := rules.cut(agreed, term, row, ended_on)) is not None]
    assert left[-1].days.end == ended_on
    assert Money.zero <= rules.total(left) <= rules.total(rows)


@given(st.integers(1, 10**8), starts, st.integers(1, 900), st.integers(1, 12))
def test_a_sum_is_shared_without_a_fen_lost(whole, start, length, every):
    term = Days(start, start + timedelta(days=length))
    assert rules.total(rules.plan(Terms(total=Money(whole), every_months=every), term)) == Money(whole)
