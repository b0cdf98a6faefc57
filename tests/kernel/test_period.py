"""Periods are half-open, so neighbours touch and never overlap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.period import Period, first_overlap

days = st.integers(0, 60).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
periods = st.builds(lambda a, b: Period(min(a, b), max(a, b)), days, days) | days.map(Period)
FAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(70)]


@given(periods, periods)
def test_overlap_and_intersection_agree_with_counting_the_days(one, other):
    shared = [d for d in FAR if d in one and d in other]
    assert one.overlaps(other) == other.overlaps(one) == bool(shared)
    meeting = one.intersection(other)
    assert [d for d in FAR if meeting and d in meeting] == shared


@given(st.lists(periods, max_size=6))
def test_first_overlap_finds_a_pair_exactly_when_there_is_one(some):
    exists = any(a.overlaps(b) for i, a in enumerate(some) for b in some[i + 1 :])
    found = first_overlap(some)
    assert (found is not None) == exists
    if found:
        assert found[0].overlaps(found[1])


def test_the_end_is_outside():
    week = Period(date(2026, 1, 1), date(2026, 1, 8))
    assert date(2026, 1, 7) in week
    assert date(2026, 1, 8) not in week
    assert not week.overlaps(Period(date(2026, 1, 8)))


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="may not end"):
        Period(date(2026, 1, 2), date(2026, 1, 1))
