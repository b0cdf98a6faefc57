"""Shifts cover what is needed in every quarter of an hour, at the least cost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.trade.delivery.rules.shifts import NoShifts, Shift, ShiftTerms, couriers_needed, plan_shifts, shift_fen

TERMS = ShiftTerms(lengths=(4, 8), every=1, start_fen=500)


def test_a_courier_is_needed_for_every_thirteen_minutes_of_work_a_quarter():
    assert couriers_needed([0, 1, 3, 3.2, 10], minutes_per_order=4.25) == [0, 1, 1, 2, 4]


def test_a_shift_costs_its_hours_and_the_coming():
    assert shift_fen(4, TERMS) == 500 + 3_000


@pytest.mark.parametrize(
    ("needed", "shifts", "fen"),
    [
        ([0] * 8, [], 0),
        ([1] * 4, [Shift(0, 4, 1)], 3_500),
        ([1] * 8, [Shift(0, 8, 1)], 6_500),
        ([1, 1, 2, 2, 2, 2, 1, 1], [Shift(0, 8, 1), Shift(2, 6, 1)], 10_000),
    ],
)
def test_the_cheapest_shifts_are_chosen(needed, shifts, fen):
    chosen = plan_shifts(needed, TERMS)
    assert (list(chosen.shifts), chosen.fen) == (shifts, fen)
    assert sum(chosen.short) == 0


def test_a_short_peak_may_stay_short_where_that_is_cheaper():
    needed = [1, 1, 1, 2, 1, 1, 1, 1]
    chosen = plan_shifts(needed, ShiftTerms(lengths=(4, 8), every=1, short_fen=1_000))
    assert (chosen.shifts, chosen.short) == ((Shift(0, 8, 1),), (0, 0, 0, 1, 0, 0, 0, 0))


def test_shifts_that_cannot_cover_the_day_are_refused():
    with pytest.raises(NoShifts, match="longer than the day"):
        plan_shifts([1, 1], TERMS)
    with pytest.raises(NoShifts, match="cover the demand"):
        plan_shifts([3] * 4, ShiftTerms(lengths=(4,), most_at_once=2))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=8, max_size=24))
def test_nobody_is_missing_in_any_quarter(needed: list[int]):
    chosen = plan_shifts(needed, TERMS)
    assert all(there >= need for there, need in zip(chosen.present, needed, strict=True))
    assert chosen.fen == sum(s.couriers * shift_fen(s.ends - s.begins, TERMS) for s in chosen.shifts)
