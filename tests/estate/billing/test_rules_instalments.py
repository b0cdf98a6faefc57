"""Instalments: their sum is the debt, their days keep their anchor, and what is paid is counted once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing import rules
from linli.kernel.money import Money


def test_the_days_keep_their_anchor_through_short_months():
    plan = rules.instalments(Money(10000), 4, date(2026, 1, 31))
    assert [part.due_on for part in plan] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
    assert [part.amount.minor for part in plan] == [2500, 2500, 2500, 2500]


@given(total=st.integers(36, 10_000_000), count=st.integers(2, 36), paid=st.integers(0, 11_000_000))
def test_parts_sum_to_the_debt_and_what_is_paid_is_counted_once(total, count, paid):
    plan = rules.instalments(Money(total), count, date(2026, 5, 15))
    assert sum(part.amount.minor for part in plan) == total
    assert max(part.amount.minor for part in plan) - min(part.amount.minor for part in plan) <= 1
    found = rules.standing(plan, Money(paid))
    assert sum(each.paid.minor for each in found) == min(paid, total)
    assert all(Money.zero <= each.paid <= each.part.amount for each in found)


@pytest.mark.parametrize(
    ("paid", "on", "nth"),
    [
        (0, date(2026, 5, 20), None),
        (0, date(2026, 5, 21), 1),
        (5000, date(2026, 6, 20), None),
        (5000, date(2026, 6, 21), 2),
        (4999, date(2026, 6, 1), 1),
        (10000, date(2030, 1, 1), None),
    ],
)
def test_a_part_is_missed_when_its_day_and_the_grace_are_over(paid, on, nth):
    plan = rules.instalments(Money(10000), 2, date(2026, 5, 15))
    found = rules.missed(plan, Money(paid), on, 5)
    assert (found.nth if found else None) == nth


def test_what_cannot_be_split_is_refused():
    for total, count in ((100, 1), (100, 37), (1, 2)):
        with pytest.raises(ValueError, match="instalments"):
            rules.instalments(Money(total), count, date(2026, 5, 15))
