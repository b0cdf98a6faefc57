"""Booking a slot, cancelling in time, checking in; of two who book the last slot at once, one gets it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from linli.estate.billing import actions as billing
from linli.estate.venues import rules
from linli.estate.venues.actions.deposits import DepositDue, ask_for_deposit
from linli.estate.venues.actions.held import give_up, held, move, said
from linli.estate.venues.models import Booking, Move, Venue
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import BookingId, CommunityId, HomeId, PartyId, VenueId
from linli.kernel.money import Money
from linli.kernel.names import called
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves, sql
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

FEE = "venue_fee"
EARLY = timedelta(minutes=30)
TRIES = 20


class SlotTaken(Refusal):
    """Somebody was quicker."""

    says = _("This slot is taken. Please choose another one.")


class TooLateToCancel(Refusal):
    """A slot that nobody else can use any more is paid for."""

    says = _("Bookings are cancelled until {hours} hours before they begin.")


class MissedTooOften(Refusal):
    """Slots that stay empty are taken from the neighbours."""

    says = _("{n} bookings were missed lately. You can book again in some days.")


class NotNow(Refusal):
    """A code opens the venue around its slot."""

    says = _("This booking is for {day}. It is checked in from half an hour before until its end.")


@action(needs=May.BOOK_VENUE, shown_once=True)
def book(
    scope: Scope, *, venue: VenueId, start_at: datetime, home: HomeId, persons: int = 1, at: datetime
) -> BookingId:
    """This will book a slot for a home of the asker's, and charge what it costs as a line of the home's bill."""
    row = _venue(scope, venue)
    community = CommunityId(row.community)
    terms = policy(scope, rules.VenuePolicy, at=at, community=community)
    if home not in scope.homes or places.home(home).community != community or not terms.is_offered:
        raise NotFound("home", field="home")
    slot = _slot(row, start_at)
    if not 1 <= persons <= row.capacity:
        raise Invalid("persons", _("Between 1 and {most}."), most=row.capacity)
    if slot.start <= at or slot.start > at + timedelta(days=terms.ahead_days):
        raise Invalid("start_at", _("Slots are booked up to {days} days ahead."), days=terms.ahead_days)
    mine = Booking.objects.within(scope).filter(booker=scope.person)
    if mine.filter(state=rules.BookingState.BOOKED.value, end_at__gt=at).count() >= terms.open_most:
        raise Invalid(
            "start_at", _("You have {most} bookings before you, which is as many as one may."), most=terms.open_most
        )
    since = at - timedelta(days=terms.missed_days)
    missed = mine.filter(state=rules.BookingState.MISSED.value, end_at__gt=since).count()
    if missed >= terms.missed_most:
        raise MissedTooOften(n=missed)
    booking = _hold(scope, row, slot.start, slot.end, at, home=home, booker=scope.person, persons=persons)
    if row.price_minor:
        _charge(row, booking, home, at)
    if row.deposit_minor and scope.person is not None:
        ask_for_deposit(row, booking, home, scope.person, terms.deposit_minutes, at)
    return BookingId(booking.pk)


@action(needs=May.KEEP_VENUES, private=("why",))
def block(scope: Scope, *, venue: VenueId, start_at: datetime, end_at: datetime, why: str, at: datetime) -> BookingId:
    """This will keep a venue closed for a time; what is booked already is called off first, by hand."""
    row = _venue(scope, venue)
    if not at < end_at or not timedelta() < end_at - start_at <= timedelta(days=60):
        raise Invalid("end_at", _("It is closed for at most 60 days, and ends after it begins."))
    booking = _hold(scope, row, start_at, end_at, at, why=said(why), price_minor=0)
    return BookingId(booking.pk)


@action(needs=May.BOOK_VENUE)
def cancel_booking(scope: Scope, *, booking: BookingId, at: datetime) -> None:
    """This will cancel in time; what was charged is given up."""
    row = held(scope, booking)
    terms = policy(scope, rules.VenuePolicy, at=at, community=CommunityId(row.community))
    rules.BOOKING_LIFE.after(rules.BookingState(row.state), rules.BookingVerb.CANCEL)
    if at > row.start_at - timedelta(hours=terms.cancel_hours):
        raise TooLateToCancel(hours=terms.cancel_hours)
    move(row, rules.BookingVerb.CANCEL, scope, at)
    give_up(row, "cancelled", at)


@action(needs=May.KEEP_VENUES, private=("why",))
def call_off_booking(scope: Scope, *, booking: BookingId, why: str, at: datetime) -> None:
    """This will call a booking off, with the reason; nothing is owed for it."""
    row = held(scope, booking)
    move(row, rules.BookingVerb.CALL_OFF, scope, at, why=said(why))
    give_up(row, "called off", at)


@action(needs=May.KEEP_VENUES)
def check_in(scope: Scope, *, booking: BookingId, at: datetime) -> None:
    """This will check a booking in, once, from half an hour before its slot until its end."""
    row = held(scope, booking)
    rules.BOOKING_LIFE.after(rules.BookingState(row.state), rules.BookingVerb.CHECK_IN)
    if row.pay_by is not None:
        raise DepositDue
    if not row.start_at - EARLY <= at < row.end_at:
        raise NotNow(day=places.day_in(CommunityId(row.community), row.start_at).isoformat())
    move(row, rules.BookingVerb.CHECK_IN, scope, at)


@action(needs=May.RUN_CLOCKS)
def miss_booking(scope: Scope, *, booking: BookingId, at: datetime) -> None:
    """This will note that nobody came; a closed time that is over is simply over."""
    row = held(scope, booking)
    if row.state == rules.BookingState.BOOKED and row.end_at <= at:
        verb = rules.BookingVerb.MISS if row.home else rules.BookingVerb.CALL_OFF
        if row.pay_by is not None:
            move(row, rules.BookingVerb.LAPSE, scope, at)
            give_up(row, "lapsed", at)
            return
        move(row, verb, scope, at)


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what was written about an erased person's bookings."""
    sql.run("SELECT venues_forget(%s)", person)


def _venue(scope: Scope, venue: VenueId) -> Venue:
    row = Venue.objects.within(scope).filter(pk=venue, retired_at__isnull=True).first()
    if row is None:
        raise NotFound("venue")
    return row


def _slot(row: Venue, start_at: datetime) -> Any:
    zone = places.market_of(CommunityId(row.community)).timezone
    hours = rules.Hours(frozenset(row.weekdays), row.opens_min, row.closes_min, row.slot_min)
    day = places.day_in(CommunityId(row.community), start_at)
    for slot in rules.slots(hours, day, zone):
        if slot.start == start_at:
            return slot
    raise Invalid("start_at", _("There is no such slot."))


def _hold(scope: Scope, row: Venue, start_at: datetime, end_at: datetime, at: datetime, **more: Any) -> Booking:
    why, day = more.pop("why", ""), places.day_in(CommunityId(row.community), at)
    values: Any = {
        "id": ids.new(),
        "label": next_label("VB", place=row.community, day=day),
        "venue": row,
        "community": row.community,
        "start_at": start_at,
        "end_at": end_at,
        "state": rules.BOOKING_LIFE.birth.value,
        "code": _free_code(SYSTEM, community=CommunityId(row.community), at=at),
        "price_minor": row.price_minor,
        "booked_at": at,
    }
    try:
        with transaction.atomic():
            booking = Booking.objects.create(**(values | more))
    except IntegrityError as error:
        if "venues_booking_apart" in str(error):
            raise SlotTaken(field="start_at") from error
        raise
    moves.born(Move, booking, "book", scope=scope, at=at, why=why)
    return booking


@action(needs=May.RUN_CLOCKS, shown_once=True)
def _free_code(scope: Scope, *, community: CommunityId, at: datetime) -> str:
    """This will draw six digits that no open booking of the community has."""
    booked = Booking.objects.within(scope).filter(community=community, state=rules.BookingState.BOOKED.value)
    taken = set(booked.values_list("code", flat=True))
    for _nth in range(TRIES):
        code = f"{secrets.randbelow(1_000_000):06d}"
        if code not in taken:
            return code
    raise Invalid("start_at", _("Too many bookings are open here. Please try again later."))


def _charge(row: Venue, booking: Booking, home: HomeId, at: datetime) -> None:
    community = CommunityId(row.community)
    item = billing.ensure_item(SYSTEM, community=community, word=FEE, name={"zh": "场地费", "en": "Venue fee"}, at=at)
    day = places.day_in(community, booking.start_at)
    billing.charge_once(
        SYSTEM,
        community=community,
        subject=home,
        obligor=PartyId(booking.booker) if booking.booker else None,
        item=item,
        amount=Money(row.price_minor),
        title={
            "zh": f"{called(row.name, 'zh')} {day.year}年{day.month}月{day.day}日",
            "en": f"{called(row.name, 'en')} {day.day} {day:%B %Y}",
        },
        source=f"booking:{booking.pk}",
        at=at,
    )
