"""Allocating: payments pay lines exactly, whatever their order; nothing is lost between debt and payments."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing.rules.allocating import Allocation, First, OpenLine, allocate, in_turn
from linli.kernel.money import Money


def line(n, due, opened, *, late=False, priority=100):
    return OpenLine(
        line=n,
        due_on=date.fromisoformat(due),
        is_late_fee=late,
        priority=priority,
        open=Money.parse(opened),
    )


MARCH = line(1, "2026-03-31", "100.00")
MARCH_LATE = line(2, "2026-03-31", "5.00", late=True)
APRIL = line(3, "2026-04-30", "100.00")
WATER = line(4, "2026-04-30", "40.00", priority=1)
LINES = [APRIL, MARCH_LATE, WATER, MARCH]


@pytest.mark.parametrize(
    ("first", "paid"),
    [
        (First.PRINCIPAL, [(1, "100.00"), (4, "40.00"), (3, "10.00")]),
        (First.LATE_FEE, [(2, "5.00"), (1, "100.00"), (4, "40.00"), (3, "5.00")]),
        (First.OLDEST, [(1, "100.00"), (2, "5.00"), (4, "40.00"), (3, "5.00")]),
        (First.PRIORITY, [(4, "40.00"), (1, "100.00"), (2, "5.00"), (3, "5.00")]),
    ],
)
def test_a_hundred_and_fifty_yuan_in_each_order(first, paid):
    found = allocate(Money.parse("150.00"), LINES, first)
    assert [(a.line, str(a.amount)) for a in found.allocations] == paid
    assert found.rest == Money.zero


def test_the_payer_may_pick_the_lines_and_what_is_too_much_is_told():
    found = in_turn(Money.parse("60.00"), [WATER, MARCH_LATE])
    assert found.allocations == (
        Allocation(WATER.line, Money.parse("40.00")),
        Allocation(MARCH_LATE.line, Money.parse("5.00")),
    )
    assert str(found.rest) == "15.00"
    with pytest.raises(ValueError, match="not negative"):
        in_turn(Money(-1), [WATER])


lines = st.lists(
    st.builds(
        OpenLine,
        line=st.integers(1, 10**6),
        due_on=st.dates(date(2025, 1, 1), date(2027, 1, 1)),
        priority=st.integers(1, 5),
        is_late_fee=st.booleans(),
        open=st.integers(1, 10**6).map(Money),
    ),
    max_size=12,
    unique_by=lambda line: line.line,
)


@given(lines, st.integers(0, 10**7).map(Money), st.sampled_from(First), st.randoms())
def test_a_payment_is_allocated_whole_and_no_line_gets_more_than_it_is_open_for(opened, amount, first, dice):
    found = allocate(amount, opened, first)
    open_of = {line.line: line.open for line in opened}
    assert Money.total(a.amount for a in found.allocations) + found.rest == amount
    assert all(Money.zero < a.amount <= open_of[a.line] for a in found.allocations)
    assert not found.rest or Money.total(a.amount for a in found.allocations) == Money.total(open_of.values())
    shuffled = dice.sample(opened, len(opened))
    assert allocate(amount, shuffled, first) == found


def test_ten_thousand_part_payments_leave_exactly_the_debt_less_what_was_paid():
    dice = random.Random(20261122)
    for _ in range(10_000):
        opened = [line(n, f"2026-{n:02d}-28", str(Money(dice.randint(1, 30000)))) for n in range(1, 6)]
        debt, paid = Money.total(each.open for each in opened), Money.zero
        for _payment in range(dice.randint(1, 4)):
            amount = Money(dice.randint(1, 20000))
            found = allocate(amount, opened, dice.choice(list(First)))
            spent = {a.line: a.amount for a in found.allocations}
            paid += amount - found.rest
            opened = [
                OpenLine(line=o.line, due_on=o.due_on, open=left)
                for o in opened
                if (left := o.open - spent.get(o.line, Money.zero))
            ]
        assert Money.total(each.open for each in opened) == debt - paid
