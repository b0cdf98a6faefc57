"""Opening hours against a walk through every minute, lives that end, and reasons in their order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from linli.kernel.period import Period
from linli.trade.shops import rules
from linli.trade.shops.rules import Hours, Opening, WrongHours, opening

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York"]


def oracle_is_open(hours: Hours, at: datetime) -> bool:
    """What a person reads off the sign on the door: the wall clock, and last night's hours."""
    local = at.astimezone(ZoneInfo(hours.timezone))
    minute = local.hour * 60 + local.minute
    for day, minutes in ((local.date(), minute), (local.date() - timedelta(days=1), minute + 1440)):
        if any(day in holiday for holiday in hours.holidays):
            continue
        if any(o.weekday == day.weekday() and o.opens_min <= minutes < o.closes_min for o in hours.openings):
            return True
    return False


intervals = st.builds(
    lambda day, opens, lasts: Opening(day, opens, opens + lasts),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
weeks = st.lists(intervals, max_size=6)
# Away from the two nights of a year on which a wall clock jumps: there an hour on the sign means two things or none.
instants = st.datetimes(datetime(2026, 5, 1), datetime(2026, 9, 30)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
holidays = st.lists(
    st.builds(lambda n, d: Period(date(2026, 5, 1) + timedelta(n), date(2026, 5, 1) + timedelta(n + d)),
              st.integers(0, 150), st.integers(1, 5)), max_size=2
)  # fmt: skip


def well_made(week: list[Opening]) -> tuple[Opening, ...]:
    try:
        rules.check_openings(week)
    except WrongHours:
        assume(False)
    return tuple(week)


@given(week=weeks, zone=st.sampled_from(ZONES), off=holidays, at=instants)
def test_a_shop_is_open_when_its_sign_says_so(
    week: list[Opening], zone: str, off: list[Period[date]], at: datetime
) -> None:
    hours = Hours(zone, tuple(week), tuple(off))
    assert rules.is_open(hours, at) == oracle_is_open(hours, at)


@settings(max_examples=60)
@given(week=weeks, zone=st.sampled_from(ZONES), off=holidays, at=instants)
@example(
    week=[Opening(0, 1, 2), Opening(0, 2, 3), Opening(0, 0, 1)],
    zone="Asia/Shanghai",
    off=[],
    at=datetime(2026, 5, 1, tzinfo=UTC),
)
def test_the_next_opening_is_the_first_open_minute(
    week: list[Opening], zone: str, off: list[Period[date]], at: datetime
) -> None:
    hours, at = Hours(zone, tuple(week), tuple(off)), at.replace(second=0, microsecond=0)
    found = rules.next_opening(hours, at)
    minutes = (at + timedelta(minutes=n) for n in range(9 * 1440))
    assert next((m for m in minutes if oracle_is_open(hours, m)), found) == found
    if not week:
        assert found is None


@given(week=weeks)
def test_a_week_is_refused_exactly_when_two_of_its_intervals_share_a_minute(week: list[Opening]) -> None:
    minutes = [(o.weekday * 1440 + m) % 10080 for o in week for m in range(o.opens_min, o.closes_min)]
    shared = len(set(minutes)) < len(minutes)
    try:
        rules.check_openings(week)
        refused = False
    except WrongHours:
        refused = True
    assert refused == shared


def test_hours_are_read_as_people_write_them() -> None:
    assert opening(0, "08:00", "12:30") == Opening(0, 480, 750)
    assert opening(5, "20:00", "02:00") == Opening(5, 1200, 1560)
    assert opening(6, "00:00", "24:00") == opening(6, "00:00", "00:00") == Opening(6, 0, 1440)
    with pytest.raises(WrongHours):
        opening(0, "8 o'clock", "12:00")


def test_a_sunday_night_reaches_into_monday_and_must_leave_it_free() -> None:
    sunday = opening(6, "22:00", "03:00")
    rules.check_openings([sunday, opening(0, "03:00", "10:00")])
    with pytest.raises(WrongHours):
        rules.check_openings([sunday, opening(0, "02:59", "10:00")])
    assert rules.is_open(Hours("Asia/Shanghai", (sunday,)), datetime(2026, 3, 1, 18, 59, tzinfo=UTC))
    assert not rules.is_open(Hours("Asia/Shanghai", (sunday,)), datetime(2026, 3, 1, 19, 0, tzinfo=UTC))


def test_a_night_begun_before_a_holiday_goes_on_and_the_holidays_own_evening_does_not_begin() -> None:
    nights = tuple(opening(day, "20:00", "02:00") for day in range(7))
    hours = Hours("Asia/Shanghai", nights, (Period(date(2026, 10, 1), date(2026, 10, 4)),))
    zone = ZoneInfo("Asia/Shanghai")
    assert rules.is_open(hours, datetime(2026, 10, 1, 1, 0, tzinfo=zone))
    assert not rules.is_open(hours, datetime(2026, 10, 1, 21, 0, tzinfo=zone))
    assert rules.next_opening(hours, datetime(2026, 10, 1, 2, 0, tzinfo=zone)) == datetime(
        2026, 10, 4, 20, 0, tzinfo=zone
    )


def test_a_spell_lasts_its_real_hours_when_the_clocks_are_changed() -> None:
    hours = Hours("Europe/Berlin", (opening(6, "00:00", "08:00"),))
    berlin = ZoneInfo("Europe/Berlin")
    assert rules.is_open(hours, datetime(2026, 3, 29, 7, 59, tzinfo=berlin))
    assert not rules.is_open(hours, datetime(2026, 3, 29, 8, 0, tzinfo=berlin))


@pytest.mark.parametrize("life", [rules.SHOP_LIFE, rules.LICENCE_LIFE])
def test_every_state_is_reached_and_leads_to_an_end(life: object) -> None:
    assert life.reachable == set(life.states)  # type: ignore[attr-defined]
    assert life.stuck() == frozenset()  # type: ignore[attr-defined]


def test_every_kind_of_shop_needs_its_business_licence_and_food_its_own() -> None:
    for kind in rules.ShopKind:
        assert rules.LicenceKind.BUSINESS in rules.required_licences(kind)
    assert rules.LicenceKind.FOOD in rules.required_licences(rules.ShopKind.RESTAURANT)
    assert rules.required_licences(rules.ShopKind.FLORIST) == {rules.LicenceKind.BUSINESS}
