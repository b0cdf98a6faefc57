"""Windows of offers, what is left of them, whose the money is, and what a stay costs beside its booking."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.parking.rules import (
    Cover,
    ParkingTariff,
    Weekly,
    checked_times,
    collide,
    flat,
    free,
    held_days,
    parking_fee,
    parts,
    started_hours,
    windows,
)
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
NIGHTS = Weekly(frozenset({0, 1, 2, 3, 4}), 18, 8, MONDAY)


def at(hour: int, day: int = 2, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def day(of_month: int) -> Period[datetime]:
    return Period(at(0, of_month), at(0, of_month + 1))


class TestWindows:
    def test_a_weekly_offer_that_ends_earlier_than_it_begins_ends_on_the_next_day(self):
        assert windows(NIGHTS, day(3), ZONE) == (Period(at(18), at(8, 3)), Period(at(18, 3), at(8, 4)))

    def test_on_days_that_are_not_offered_only_the_night_before_is_left(self):
        assert windows(NIGHTS, day(7), ZONE) == (Period(at(18, 6), at(8, 7)),)
        assert windows(NIGHTS, day(8), ZONE) == ()

    def test_an_offer_begins_and_ends_with_its_days(self):
        days = Weekly(frozenset(range(7)), 9, 24, date(2026, 3, 3), date(2026, 3, 4))
        assert [windows(days, day(n), ZONE) for n in (2, 3, 4)] == [(), (Period(at(9, 3), at(0, 4)),), ()]

    def test_the_hour_that_summer_time_takes_away_is_not_offered(self):
        berlin = ZoneInfo("Europe/Berlin")
        nights = Weekly(frozenset({5}), 22, 6, date(2026, 3, 1))
        (window,) = windows(nights, Period(datetime(2026, 3, 28, 22, tzinfo=berlin), None), berlin)[:1] or (None,)
        assert window is not None
        assert started_hours(window) == 7

    def test_what_is_taken_is_cut_out(self):
        window = Period(at(8), at(18))
        taken = [Period(at(16), at(19)), Period(at(10), at(12)), Period(at(1), at(2))]
        assert free(window, taken) == (Period(at(8), at(10)), Period(at(12), at(16)))
        assert free(window, [Period(at(7), at(18))]) == ()

    def test_offers_of_one_space_must_not_collide(self):
        assert collide(NIGHTS, Period(at(7, 7), at(9, 7)), ZONE)
        assert not collide(NIGHTS, Period(at(8, 7), at(9, 7)), ZONE)
        assert collide(NIGHTS, Weekly(frozenset({5}), 7, 10, MONDAY), ZONE)
        assert not collide(NIGHTS, Weekly(frozenset({0, 6}), 8, 18, MONDAY), ZONE)

    def test_a_right_lasts_from_midnight_to_midnight(self):
        assert held_days(MONDAY, date(2026, 3, 4), ZONE) == Period(at(0), at(0, 4))

    @pytest.mark.parametrize(
        ("times", "field"),
        [
            (Period(at(8), at(9)), "end_at"),
            (Period(at(12, minute=30), at(14)), "start_at"),
            (Period(at(12), at(12, 18)), "end_at"),
            (Weekly(frozenset(), 8, 10, MONDAY), "weekdays"),
            (Weekly(frozenset({1}), 8, 8, MONDAY), "to_hour"),
            (Weekly(frozenset({1}), 24, 8, MONDAY), "from_hour"),
            (Weekly(frozenset({1}), 8, 10, MONDAY, MONDAY), "end_on"),
        ],
    )
    def test_times_that_cannot_be_are_refused_by_their_field(self, times, field):
        with pytest.raises(Invalid) as refused:
            checked_times(times, at=at(10), zone=ZONE)
        assert refused.value.field == field


@given(minor=st.integers(1, 10**9), percent=st.integers(0, 90))
def test_both_parts_sum_to_what_was_paid_and_neither_is_below_nothing(minor: int, percent: int):
    company, holder = parts(Money(minor), percent)
    assert company + holder == Money(minor)
    assert company >= Money.zero <= holder


class TestStays:
    hourly = ParkingTariff(flat(Money(500)), free_minutes=30)
    booked = Cover(at(14), at(16), Money(1_000), late_minutes=10)

    def fee(self, entered: datetime, left: datetime, *covers: Cover) -> str:
        return str(parking_fee(self.hourly, entered, left, covers=covers or (self.booked,), zone=ZONE).due)

    def test_within_the_hours_nothing_more_is_due(self):
        assert self.fee(at(14), at(16)) == "0.00"
        assert self.fee(at(14, minute=20), at(16, minute=10)) == "0.00"

    def test_who_leaves_late_pays_each_started_hour_since_the_end(self):
        assert [self.fee(at(14), at(16, minute=n)) for n in (11, 59)] == ["10.00", "10.00"]
        assert self.fee(at(14), at(17, minute=1)) == "20.00"

    def test_who_comes_early_pays_the_ordinary_tariff_until_the_hours_begin(self):
        assert self.fee(at(13, minute=30), at(16)) == "0.00"
        assert self.fee(at(12, minute=30), at(16)) == "10.00"

    def test_hours_booked_in_a_row_are_one_stay(self):
        more = Cover(at(16), at(18), Money(2_000))
        assert self.fee(at(14), at(18), self.booked, more) == "0.00"
        assert self.fee(at(14), at(18, minute=1), more, self.booked) == "20.00"

    def test_after_a_report_there_is_time_to_drive_out_and_then_the_ordinary_tariff(self):
        reported = Cover(at(14), at(14, minute=45), None)
        assert self.fee(at(14), at(14, minute=45), reported) == "0.00"
        assert self.fee(at(14), at(16, minute=45), reported) == "10.00"

    @given(
        entered=st.integers(0, 600),
        stayed=st.integers(0, 900),
        more=st.integers(0, 300),
        first=st.integers(0, 12),
        hours=st.integers(1, 8),
    )
    def test_the_steps_sum_to_the_fee_and_staying_on_is_never_cheaper(self, entered, stayed, more, first, hours):
        start = at(6) + timedelta(minutes=entered)
        cover = Cover(at(6 + first), at(6 + first) + timedelta(hours=hours), Money(800), late_minutes=5)
        ends = [start + timedelta(minutes=stayed), start + timedelta(minutes=stayed + more)]
        fees = [parking_fee(self.hourly, start, end, covers=(cover,), zone=ZONE) for end in ends]
        assert fees[0].due <= fees[1].due
        for each in fees:
            assert Money.total(step.amount for step in each.steps) == each.due


def test_a_bookings_hours_are_instants_wherever_they_are_written():
    assert started_hours(Period(datetime(2026, 3, 2, 6, tzinfo=UTC), at(16))) == 2
