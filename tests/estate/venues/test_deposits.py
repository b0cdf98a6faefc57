"""Deposits of bookings: paid with them, gone back after them, deducted from with a reason; unpaid, the slot is free."""

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
from linli.estate.billing import actions as billing
from linli.estate.billing import queries as billed
from linli.estate.billing.models import Deposit
from linli.estate.billing.rules import Channel, DepositState
from linli.estate.venues import actions, queries, reactions, tasks
from linli.estate.venues.actions.booking import SlotTaken
from linli.estate.venues.actions.deposits import DepositDue, NotBegun
from linli.estate.venues.models import Booking
from linli.ground.places import queries as places
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.money.payments import actions as payments
from linli.money.payments.models import Refund
from linli.spine.scope import SYSTEM

HOUR = timedelta(hours=1)
DEPOSIT = Money(10_000)
AFTER = TOMORROW_AT_NINE + timedelta(days=4)


@pytest.fixture
def desk(db):
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home("1-1-101")


@pytest.fixture
def booking(desk, home):
    venue = a_venue(desk, deposit="100.00")
    return actions.book(home.scope, venue=venue, start_at=TOMORROW_AT_NINE, home=home.id, at=AT)


def row(booking):
    return rows_of(Booking).get(pk=booking)


def deposit(booking):
    return rows_of(Deposit).get(pk=row(booking).deposit)


def paid_on_the_phone(home, booking):
    collection = billing.begin_deposit(home.scope, deposit=row(booking).deposit, at=AT)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=DEPOSIT, line=str(collection), at=AT
    )
    billing.record_deposit(SYSTEM, deposit=row(booking).deposit, collection=collection, at=AT)
    actions.note_deposit(SYSTEM, booking=booking, at=AT)


def paid_in_cash(desk, booking):
    billing.take_deposit(desk.scope, deposit=row(booking).deposit, channel=Channel.CASH, at=AT)
    actions.note_deposit(SYSTEM, booking=booking, at=AT)


def test_a_booking_asks_for_its_deposit_and_has_no_code_before_it_is_paid(desk, home, booking):
    card, _history = queries.booking_page(home.scope, booking=booking)
    assert (card.deposit, card.pay_by, card.code) == (DEPOSIT, AT + timedelta(minutes=30), "")
    with pytest.raises(DepositDue):
        actions.check_in(desk.scope, booking=booking, at=TOMORROW_AT_NINE)
    assert row(booking).state == "booked"
    paid_on_the_phone(home, booking)
    card, _history = queries.booking_page(home.scope, booking=booking)
    assert (card.pay_by, len(card.code), card.goes_back_at) == (None, 6, TOMORROW_AT_NINE + HOUR + timedelta(days=2))
    actions.check_in(desk.scope, booking=booking, at=TOMORROW_AT_NINE)
    assert row(booking).state == "checked_in"


def test_what_nobody_pays_in_time_lapses_and_another_may_book_the_slot(desk, home, booking):
    tasks.lapse_bookings(at=AT + timedelta(minutes=29))
    assert row(booking).state == "booked"
    other = desk.a_home("1-1-102")
    again = partial(actions.book, other.scope, venue=row(booking).venue_id, start_at=TOMORROW_AT_NINE, home=other.id)
    with pytest.raises(SlotTaken):
        again(at=AT + timedelta(minutes=29))
    tasks.lapse_bookings(at=AT + timedelta(minutes=30))
    assert (row(booking).state, deposit(booking).state) == ("lapsed", DepositState.LAPSED)
    assert billed.owed(home.scope, at=AT).amount == Money.zero
    again(at=AT + timedelta(minutes=31))


def test_money_that_comes_for_a_lapsed_booking_goes_back_by_itself(home, booking):
    collection = billing.begin_deposit(home.scope, deposit=row(booking).deposit, at=AT)
    tasks.lapse_bookings(at=AT + timedelta(minutes=30))
    late = AT + timedelta(minutes=31)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=DEPOSIT, line=str(collection), at=AT
    )
    billing.record_deposit(SYSTEM, deposit=row(booking).deposit, collection=collection, at=late)
    actions.note_deposit(SYSTEM, booking=booking, at=late)
    assert (row(booking).state, deposit(booking).state) == ("lapsed", DepositState.LAPSED)
    assert [Money(each.amount_minor) for each in rows_of(Refund)] == [DEPOSIT]


def test_it_goes_back_the_way_it_came_some_days_after_and_once(home, booking):
    paid_on_the_phone(home, booking)
    tasks.give_deposits_back(at=TOMORROW_AT_NINE + timedelta(days=2))
    assert deposit(booking).state == DepositState.HELD
    assert tasks.give_deposits_back(at=AFTER) == 1
    assert tasks.give_deposits_back(at=AFTER) == 0
    assert (deposit(booking).state, deposit(booking).returned_minor) == (DepositState.SETTLED, 10_000)
    assert [Money(each.amount_minor) for each in rows_of(Refund)] == [DEPOSIT]


def test_both_desks_say_the_same_day_of_going_back_and_nothing_once_it_went(desk, home, booking):
    paid_on_the_phone(home, booking)

    def at_the_till():
        (found,) = billed.deposits(desk.scope, community=desk.community.id)
        return found.goes_back_on

    (card, _history) = queries.booking_page(desk.scope, booking=booking)
    assert at_the_till() == places.day_in(desk.community.id, card.goes_back_at)
    tasks.give_deposits_back(at=AFTER)
    assert at_the_till() is None


def test_nothing_is_kept_before_the_booking_begins(desk, home, booking):
    paid_on_the_phone(home, booking)
    with pytest.raises(NotBegun):
        actions.keep_deposit(desk.scope, booking=booking, why="Early", at=TOMORROW_AT_NINE - timedelta(minutes=1))
    assert row(booking).back_at is not None
    actions.keep_deposit(desk.scope, booking=booking, why="A chair", at=TOMORROW_AT_NINE)
    assert row(booking).back_at is None


def test_the_desk_keeps_it_with_a_reason_and_deducts_and_the_rest_goes_back(desk, home, booking):
    paid_on_the_phone(home, booking)
    with pytest.raises(Invalid):
        actions.keep_deposit(desk.scope, booking=booking, why=" ", at=AFTER)
    with pytest.raises(Denied):
        actions.keep_deposit(home.scope, booking=booking, why="mine", at=AFTER)
    with pytest.raises(NotFound):
        actions.keep_deposit(a_desk().scope, booking=booking, why="Broken", at=AFTER)
    assert row(booking).back_at is not None
    actions.keep_deposit(desk.scope, booking=booking, why="A window is broken", at=AFTER)
    _card, history = queries.booking_page(desk.scope, booking=booking)
    assert [(move.verb, move.why) for move in history][-1] == ("keep_deposit", "A window is broken")
    assert tasks.give_deposits_back(at=AFTER) == 0
    item = desk.an_item("damage")
    which = row(booking).deposit
    billing.deduct_deposit(desk.scope, deposit=which, item=item, amount=Money(3_000), why="A window", at=AFTER)
    back = billing.return_deposit(desk.scope, deposit=which, channel=Channel.ONLINE, at=AFTER)
    assert (back, deposit(booking).state) == (Money(7_000), DepositState.SETTLED)


def test_a_booking_called_off_gives_back_what_was_paid_and_cash_waits_for_the_desk(desk, home, booking):
    paid_on_the_phone(home, booking)
    actions.call_off_booking(desk.scope, booking=booking, why="The roof leaks", at=AT)
    assert (row(booking).back_at, deposit(booking).state) == (None, DepositState.SETTLED)
    second = actions.book(
        home.scope, venue=row(booking).venue_id, start_at=TOMORROW_AT_NINE + HOUR, home=home.id, at=AT
    )
    paid_in_cash(desk, second)
    actions.cancel_booking(home.scope, booking=second, at=AT)
    assert (row(second).state, deposit(second).state) == ("cancelled", DepositState.HELD)
    assert [each.deposit for each in billed.deposits(desk.scope, community=desk.community.id)].count(
        row(second).deposit
    ) == 1


def test_an_unpaid_booking_that_is_cancelled_leaves_no_deposit_open(home, booking):
    actions.cancel_booking(home.scope, booking=booking, at=AT)
    assert (row(booking).state, deposit(booking).state) == ("cancelled", DepositState.LAPSED)


def test_facts_about_other_deposits_are_not_ours():
    from linli.estate.billing.events import DepositSettled

    other = DepositSettled(
        deposit=an_id(),
        source="permit:1",
        community=an_id(),
        subject=an_id(),
        deducted=Money.zero,
        returned=Money.zero,
        at=AT,
    )
    assert reactions.note_settled(other) is None


def an_id():
    from linli.kernel import ids

    return ids.new()


def test_of_the_clock_and_the_payer_at_once_one_is_first_and_no_money_is_kept_without_a_slot(own_database):
    desk = a_desk()
    home = desk.a_home("1-1-101")
    booking = actions.book(
        home.scope, venue=a_venue(desk, deposit="100.00"), start_at=TOMORROW_AT_NINE, home=home.id, at=AT
    )
    ((which,),) = as_the_house("SELECT deposit FROM venues_booking")

    def pays():
        billing.take_deposit(desk.scope, deposit=which, channel=Channel.CASH, at=AT)
        actions.note_deposit(SYSTEM, booking=booking, at=AT)

    late = AT + timedelta(minutes=31)
    ends_at_once(pays, partial(actions.lapse_booking, SYSTEM, booking=booking, at=late))
    ended = as_the_house("SELECT b.state, d.state FROM venues_booking b JOIN billing_deposit d ON d.id = b.deposit")
    assert ended in ([("booked", "held")], [("lapsed", "lapsed")])
