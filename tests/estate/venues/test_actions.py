"""Booking slots against PostgreSQL; of two who book the last one at once, one gets it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from builders import AT
from builders.billing import a_desk
from builders.venues import TOMORROW_AT_NINE, a_venue
from harness.at_once import ends_at_once
from harness.looking import rows_of
from harness.payments_words import as_the_house
from linli.estate.billing import queries as billing
from linli.estate.venues import actions, queries, tasks
from linli.estate.venues.actions.booking import MissedTooOften, NotNow, SlotTaken, TooLateToCancel
from linli.estate.venues.models import Booking
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(db):
    return a_desk()


@pytest.fixture
def venue(desk):
    return a_venue(desk)


@pytest.fixture
def home(desk):
    return desk.a_home("1-1-101")


def book(home, venue, at_=TOMORROW_AT_NINE, at=AT, **given):
    return actions.book(home.scope, venue=venue, start_at=at_, home=home.id, at=at, **given)


def state(booking):
    return rows_of(Booking).get(pk=booking).state


def test_a_slot_is_booked_with_a_code_and_its_fee_is_a_line_of_the_bill(desk, home, venue):
    booking = book(home, venue, persons=4)
    card, history = queries.booking_page(home.scope, booking=booking)
    assert (card.label, card.state, card.door, len(card.code)) == ("VB-260302-0001", "booked", "1-1-101", 6)
    assert [move.verb for move in history] == ["book"]
    assert billing.owed(home.scope, at=AT).amount == Money.parse("20.00")
    day = queries.venue_days(home.scope, venue=venue, first_on=TOMORROW_AT_NINE.date(), at=AT)[TOMORROW_AT_NINE.date()]
    assert [(slot.is_free, slot.booking) for slot in day] == [(False, booking), (True, None), (True, None)]


def test_a_taken_slot_is_refused_and_seen_as_taken_by_neighbours_without_a_name(desk, home, venue):
    other = desk.a_home("1-1-102")
    book(home, venue)
    with pytest.raises(SlotTaken):
        book(other, venue)
    assert rows_of(Booking).count() == 1
    assert billing.owed(other.scope, at=AT).amount == Money.zero
    on = TOMORROW_AT_NINE.date()
    seen = queries.venue_days(other.scope, venue=venue, first_on=on, at=AT)[on][0]
    assert (seen.is_free, seen.booking, seen.door) == (False, None, "")
    assert queries.venue_days(desk.scope, venue=venue, first_on=on, at=AT)[on][0].door == "1-1-101"


@pytest.mark.parametrize(
    ("start", "persons", "field"),
    [
        (TOMORROW_AT_NINE + timedelta(minutes=30), 1, "start_at"),
        (TOMORROW_AT_NINE + 5 * HOUR, 1, "start_at"),
        (TOMORROW_AT_NINE - timedelta(days=1), 1, "start_at"),
        (TOMORROW_AT_NINE + timedelta(days=20), 1, "start_at"),
        (TOMORROW_AT_NINE, 5, "persons"),
    ],
)
def test_what_is_no_slot_or_too_many_is_refused_by_its_field(home, venue, start, persons, field):
    with pytest.raises(Invalid) as refused:
        book(home, venue, start, persons=persons)
    assert refused.value.field == field
    assert rows_of(Booking).count() == 0


def test_cancelled_in_time_nothing_is_owed_and_the_slot_is_free_again(home, venue):
    booking = book(home, venue)
    actions.cancel_booking(home.scope, booking=booking, at=TOMORROW_AT_NINE - 4 * HOUR)
    assert billing.owed(home.scope, at=AT).amount == Money.zero
    book(home, venue)


def test_too_late_a_cancellation_is_refused_and_the_fee_stays(home, venue):
    booking = book(home, venue)
    with pytest.raises(TooLateToCancel):
        actions.cancel_booking(home.scope, booking=booking, at=TOMORROW_AT_NINE - 4 * HOUR + timedelta(seconds=1))
    assert state(booking) == "booked"
    assert billing.owed(home.scope, at=AT).amount == Money.parse("20.00")


def test_a_code_checks_in_once_around_its_slot(desk, home, venue):
    booking = book(home, venue)
    code = queries.booking_page(home.scope, booking=booking)[0].code
    assert queries.booking_by_code(desk.scope, code=code) == booking
    assert queries.booking_by_code(a_desk().scope, code=code) is None
    for early_or_late in (TOMORROW_AT_NINE - timedelta(minutes=31), TOMORROW_AT_NINE + HOUR):
        with pytest.raises(NotNow):
            actions.check_in(desk.scope, booking=booking, at=early_or_late)
    actions.check_in(desk.scope, booking=booking, at=TOMORROW_AT_NINE - timedelta(minutes=30))
    with pytest.raises(WrongState):
        actions.check_in(desk.scope, booking=booking, at=TOMORROW_AT_NINE)
    with pytest.raises(Denied):
        actions.check_in(home.scope, booking=booking, at=TOMORROW_AT_NINE)


def test_whoever_misses_too_often_cannot_book_for_a_while(home, venue):
    for day in range(3):
        book(home, venue, TOMORROW_AT_NINE + timedelta(days=day))
    over = TOMORROW_AT_NINE + timedelta(days=2, hours=1)
    assert tasks.miss_bookings(at=over) == 3
    assert tasks.miss_bookings(at=over) == 0
    with pytest.raises(MissedTooOften):
        book(home, venue, TOMORROW_AT_NINE + timedelta(days=3), at=over)
    later = over + timedelta(days=30)
    book(home, venue, TOMORROW_AT_NINE + timedelta(days=34), at=later)


def test_the_desk_closes_a_venue_and_calls_a_booking_off_with_the_reason(desk, home, venue):
    booking = book(home, venue)
    with pytest.raises(SlotTaken):
        actions.block(
            desk.scope, venue=venue, start_at=TOMORROW_AT_NINE, end_at=TOMORROW_AT_NINE + 3 * HOUR, why="检修", at=AT
        )
    actions.call_off_booking(desk.scope, booking=booking, why="检修", at=AT)
    assert billing.owed(home.scope, at=AT).amount == Money.zero
    assert queries.booking_page(home.scope, booking=booking)[1][-1].why == "检修"
    actions.block(
        desk.scope, venue=venue, start_at=TOMORROW_AT_NINE, end_at=TOMORROW_AT_NINE + 3 * HOUR, why="检修", at=AT
    )
    with pytest.raises(SlotTaken):
        book(home, venue)


def test_a_retired_venue_and_another_communitys_are_not_there(desk, home, venue):
    stranger = a_desk().a_home()
    with pytest.raises(NotFound):
        book(stranger, venue)
    actions.retire_venue(desk.scope, venue=venue, at=AT)
    with pytest.raises(NotFound):
        book(home, venue)
    assert rows_of(Booking).count() == 0


def test_two_who_book_the_last_slot_at_once_get_it_once(own_database):
    desk = a_desk()
    venue, homes = a_venue(desk, price="0.00"), [desk.a_home("1-1-101"), desk.a_home("1-1-102")]
    assert ends_at_once(*(partial(book, home, venue) for home in homes)) == {"done": 1, "SlotTaken": 1}
    assert as_the_house("SELECT count(*) FROM venues_booking") == [(1,)]
