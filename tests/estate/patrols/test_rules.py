"""What is in order, who can have been where, and codes that soon are worthless."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.clock import AT
from builders.patrols import LIGHT, PRESSURE
from linli.estate.patrols.rules import (
    Doubt,
    Item,
    Outcome,
    Place,
    Seen,
    checked_items,
    doubts,
    judged,
    least_seconds,
    proves,
    rotating_code,
    walked_at,
    whose_turn,
    window,
)
from linli.kernel.refusals import Invalid

HERE, THERE = Place(30.25, 120.16), Place(30.2509, 120.16)  # about 100 m apart


@pytest.mark.parametrize(
    ("value", "outcome"), [("0.2", "ok"), ("0.6", "ok"), ("0.19", "finding"), ("0.601", "finding"), ("-5", "finding")]
)
def test_a_value_beyond_its_limits_is_a_finding_whatever_was_ticked(value, outcome):
    (answer,) = judged((PRESSURE,), (Seen("pressure", Outcome.OK, Decimal(value)),))
    assert answer.outcome.value == outcome


@pytest.mark.parametrize(
    ("seen", "field"),
    [
        ((), "items.light"),
        ((Seen("light", Outcome.FINDING),), "items.light"),
        ((Seen("light"), Seen("pressure")), "items.pressure"),
        ((Seen("light"), Seen("pressure", value=Decimal("NaN"))), "items.pressure"),
    ],
)
def test_every_item_is_answered_and_a_finding_says_what_is_wrong(seen, field):
    with pytest.raises(Invalid) as refused:
        judged((LIGHT, PRESSURE), seen)
    assert refused.value.field == field


def test_limits_the_wrong_way_round_are_refused():
    with pytest.raises(Invalid):
        checked_items((Item("x", "水压", PRESSURE.kind, Decimal(2), Decimal(1)),))


def test_the_way_takes_as_long_as_the_route_says_or_as_running_it():
    assert least_seconds(None, HERE, 3) == 180
    assert least_seconds(HERE, THERE, 0) == 40  # 100 m at 2.5 m/s
    assert least_seconds(HERE, THERE, 1) == 60


@pytest.mark.parametrize(
    ("said", "before", "walked"),
    [
        (None, None, 0),
        (-3600, None, -3600),
        (-3601, None, 0),
        (1, None, 0),
        (-60, -90, -60),
        (-60, -30, -30),
    ],
)
def test_a_phone_is_asked_when_a_point_was_checked_for_an_hour(said, before, walked):
    def then(seconds):
        return None if seconds is None else AT + timedelta(seconds=seconds)

    assert walked_at(then(said), before=then(before), at=AT) == then(walked)


@pytest.mark.parametrize(
    ("since", "stood", "wants", "found"),
    [
        (None, HERE, True, ()),
        (60, HERE, False, ()),
        (59, HERE, False, (Doubt.TOO_FAST,)),
        (60, THERE, False, (Doubt.TOO_FAR,)),
        (10, None, True, (Doubt.TOO_FAST, Doubt.NO_POSITION)),
        (60, None, False, ()),
    ],
)
def test_what_makes_a_visit_doubtful(since, stood, wants, found):
    said = doubts(since_last_s=since, least_s=60, here=HERE, stood=stood, far_m=80, wants_position=wants)
    assert said == found


@given(st.text(min_size=8, max_size=40), st.integers(0, 30), st.integers(90, 10**6))
def test_a_code_proves_for_a_minute_and_no_longer(secret, soon, late):
    code = rotating_code(secret, AT)
    assert len(code) == 6
    assert proves(secret, code, AT + timedelta(seconds=soon))
    if rotating_code(secret, AT + timedelta(seconds=late)) != code:
        around = [rotating_code(secret, AT + timedelta(seconds=late + 30 * n)) for n in (-2, -1, 0, 1)]
        assert proves(secret, code, AT + timedelta(seconds=late)) == (code in around)


def test_a_window_may_reach_into_the_next_day():
    zone = ZoneInfo("Asia/Shanghai")
    start, end = window(date(2026, 3, 2), 23 * 60, 120, zone)
    assert (start, end) == (datetime(2026, 3, 2, 23, tzinfo=zone), datetime(2026, 3, 3, 1, tzinfo=zone))


@pytest.mark.parametrize(
    ("on", "turn"), [("2026-03-02", 0), ("2026-03-04", 1), ("2026-03-06", 2), ("2026-03-09", 0), ("2026-03-11", 1)]
)
def test_three_people_take_turns_on_mondays_wednesdays_and_fridays(on, turn):
    assert whose_turn(3, (0, 2, 4), date(2026, 3, 2), date.fromisoformat(on)) == turn


@given(
    people=st.integers(1, 7),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    start_on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    days=st.integers(0, 400),
)
def test_the_turn_is_the_number_of_walks_before_it(people, weekdays, start_on, days):
    before = [start_on + timedelta(days=nth) for nth in range(days)]
    walks = sum(day.weekday() in weekdays for day in before)
    assert whose_turn(people, weekdays, start_on, start_on + timedelta(days=days)) == walks % people
