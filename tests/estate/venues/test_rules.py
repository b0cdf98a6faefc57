"""Slots: they fill the hours, follow each other, and stand at the same clock in every season."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.venues import rules
from linli.estate.venues.rules import Hours
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid

EVERY_DAY = frozenset(range(7))
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("opens", "closes", "slot", "expected"),
    [
        (540, 720, 60, ["09:00", "10:00", "11:00"]),
        (540, 710, 60, ["09:00", "10:00"]),
        (0, 1440, 720, ["00:00", "12:00"]),
        (540, 555, 15, ["09:00"]),
    ],
)
def test_a_day_is_cut_into_slots_by_a_table(opens, closes, slot, expected):
    cut = rules.slots(Hours(EVERY_DAY, opens, closes, slot), MONDAY, "Asia/Shanghai")
    assert [f"{each.start:%H:%M}" for each in cut] == expected


def test_there_is_no_slot_on_a_day_on_which_it_is_closed():
    assert rules.slots(Hours(frozenset({5, 6}), 540, 720, 60), MONDAY, "Asia/Shanghai") == ()


@given(
    st.integers(0, 1400), st.integers(15, 1440), st.integers(15, 300), st.dates(date(2026, 1, 1), date(2027, 12, 31))
)
def test_slots_lie_within_the_hours_and_never_overlap(opens, length, slot, day):
    closes = min(1440, opens + length)
    try:
        hours = rules.checked(Hours(EVERY_DAY, opens, closes, slot))
    except Invalid:
        return
    cut = rules.slots(hours, day, "Asia/Shanghai")
    zone = ZoneInfo("Asia/Shanghai")
    midnight = datetime.combine(day, datetime.min.time(), zone)
    assert len(cut) == (closes - opens) // slot
    assert all(before.end <= after.start for before, after in pairwise(cut))
    assert all(each.end - each.start == timedelta(minutes=slot) for each in cut)
    assert cut[0].start == midnight + timedelta(minutes=opens)
    assert cut[-1].end <= midnight + timedelta(minutes=closes)
    assert rules.free(cut, cut) == ()
    assert rules.free(cut, [Period(cut[0].start, cut[0].end)]) == cut[1:]


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (Hours(frozenset(), 540, 720, 60), "weekdays"),
        (Hours(EVERY_DAY, 720, 540, 60), "closes"),
        (Hours(EVERY_DAY, 540, 720, 10), "slot_min"),
        (Hours(EVERY_DAY, 540, 570, 60), "slot_min"),
    ],
)
def test_hours_in_which_nothing_fits_are_refused_by_their_field(hours, field):
    with pytest.raises(Invalid) as refused:
        rules.checked(hours)
    assert refused.value.field == field
