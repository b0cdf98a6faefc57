"""Booking hours of a shared space: held once, paid at once, taken back in time, reported when it was occupied."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from linli.estate.parking import rules
from linli.estate.parking.actions import space_money
from linli.estate.parking.actions.paying import OnItsWay
from linli.estate.parking.actions.stays import reason_given
from linli.estate.parking.models import Holding, Listed, SpaceBooking, SpaceBookingMove, SpaceOffer, Vehicle
from linli.estate.parking.queries import barrier
from linli.estate.parking.queries.sharing import report_until, reports_of, times_of
from linli.ground.files import actions as files
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PartyId, SpaceBookingId, SpaceId, SpaceOfferId
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import locks, moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PHOTO = "shared_space_photo"
_V = rules.SpaceBookingVerb


class HoursTaken(Refusal):
    """Somebody was quicker, or the holder withdrew the hours."""

    says = _("These hours cannot be had any more. Please choose others.")


class PlateBooked(Refusal):
    """One car stands in one space at a time."""

    says = _("A space is booked for this plate at some of these hours already.")


class PlateKeptOut(Refusal):
    """Nobody pays for a space that the barrier would not let them reach."""

    says = _("This plate is not let in here. Please speak to the property desk.")


class TooLateToTakeBack(Refusal):
    """Hours that nobody else can use any more are paid for."""

    says = _("This booking could be taken back until {until}.")


class TooLateToReport(Refusal):
    """Whoever finds a space taken finds it at once; hours that were used are paid for."""

    says = _("A space is reported as occupied soon after driving in. This was possible until {until}.")


class ReportedOften(Refusal):
    """Each report takes a neighbour's earnings away: a home that makes many is heard by the desk instead."""

    says = _(
        "Your home reported occupied spaces {most} times within {days} days, which is as often as one may."
        " Please speak to the property desk: it can look, and give the money back."
    )


class NotRunning(Refusal):
    """A space is found occupied while it is booked."""

    says = _("A space is reported as occupied between the hours of its booking.")


@action(needs=May.BOOK_SHARED_SPACE, private=("plate",))
def book_space(
    scope: Scope,
    *,
    offer: SpaceOfferId,
    start_at: datetime,
    end_at: datetime,
    home: HomeId,
    plate: str,
    is_visitor: bool = False,
    at: datetime,
) -> SpaceBookingId:
    """This will hold hours of a space for a car of the home, or for a visitor's, until they are paid for or the
    minutes for that are over."""
    if home not in scope.homes or scope.person is None:
        raise NotFound("home")
    hours = Period(start_at, end_at) if start_at < end_at else None
    if hours is None:
        raise Invalid("end_at", _("The end has to be after the start."))
    read = rules.plate(plate)
    return _book(
        SYSTEM, offer=offer, hours=hours, home=home, booker=scope.person, plate=read.text, is_visitor=is_visitor, at=at
    )


@action(needs=May.RUN_CLOCKS, private=("plate",))
def _book(
    scope: Scope,
    *,
    offer: SpaceOfferId,
    hours: Period[datetime],
    home: HomeId,
    booker: PartyId,
    plate: str,
    is_visitor: bool,
    at: datetime,
) -> SpaceBookingId:
    """As the house: who books does not see whose the space is. Offer and right are locked against being ended, and
    the booker against having more than one may by booking twice at once."""
    locks.hold(f"space_booker:{booker}")
    offers = SpaceOffer.objects.within(scope).select_for_update(of=("self",), no_key=True)
    row = offers.select_related("space", "lot").filter(pk=offer).first()
    if row is None or row.community != places.home(home).community or row.home == home:
        raise NotFound("offer")
    community = CommunityId(row.community)
    terms = policy(scope, rules.SharedParkingPolicy, at=at, community=community)
    if not terms.is_shared:
        raise NotFound("offer")
    _insist_on_hours(row, hours, terms, at)
    _insist_on_plate(community, home, plate, is_visitor, terms, at)
    mine = SpaceBooking.objects.within(scope).filter(booker=booker, state__in=[_HELD, _BOOKED], end_at__gt=at)
    if mine.count() >= terms.open_most:
        raise Invalid(
            "start_at", _("You have {most} bookings before you, which is as many as one may."), most=terms.open_most
        )
    made = _held_row(scope, row, hours, terms, at, home=home, booker=booker, plate=plate, is_visitor=is_visitor)
    space_money.ask(scope, made, at)
    return SpaceBookingId(made.pk)


_HELD, _BOOKED = rules.SpaceBookingState.HELD.value, rules.SpaceBookingState.BOOKED.value


def _insist_on_hours(row: SpaceOffer, hours: Period[datetime], terms: rules.SharedParkingPolicy, at: datetime) -> None:
    """Full hours, as many as one may, not over yet, and within a window of the offer and of the home's right."""
    zone, end = barrier.zone_of(CommunityId(row.community)), hours.end or hours.start
    if not terms.least_hours <= rules.started_hours(hours) <= terms.most_hours:
        raise Invalid("end_at", _("Between {low} and {high} hours."), low=terms.least_hours, high=terms.most_hours)
    if hours.start < rules.running_hour(at, zone) or hours.start > at + timedelta(days=terms.ahead_days):
        raise Invalid("start_at", _("From now on, and up to {days} days ahead."), days=terms.ahead_days)
    for field, instant in (("start_at", hours.start), ("end_at", end)):
        if not rules.is_full_hour(instant, zone):
            raise Invalid(field, _("Please choose a full hour."))
    rights = Holding.objects.inside().select_for_update().filter(space=row.space_id, home=row.home)
    held = [rules.held_days(each.start_on, each.end_on, zone) for each in rights]
    open_now = () if row.withdrawn_at else rules.windows(times_of(row), hours, zone)
    for window in open_now:
        for right in held:
            part = window.intersection(right)
            if part is not None and part.start <= hours.start and part.end is not None and end <= part.end:
                return
    raise HoursTaken(field="start_at")


def _insist_on_plate(
    community: CommunityId, home: HomeId, plate: str, is_visitor: bool, terms: rules.SharedParkingPolicy, at: datetime
) -> None:
    if is_visitor and not terms.takes_visitors:
        raise Invalid("plate", _("Spaces are booked for residents' cars only here."))
    if not is_visitor and not Vehicle.objects.inside().filter(home=home, plate=plate, removed_at=None).exists():
        raise Invalid("plate", _("This car is not registered for your home."))
    kept_out = Listed.objects.inside().filter(community=community, plate=plate, kind=rules.ListKind.BLOCKED.value)
    if kept_out.filter(Q(end_at__isnull=True) | Q(end_at__gt=at), start_at__lte=at).exists():
        raise PlateKeptOut(field="plate")


def _held_row(
    scope: Scope, row: SpaceOffer, hours: Period[datetime], terms: rules.SharedParkingPolicy, at: datetime, **who: Any
) -> SpaceBooking:
    community, end = CommunityId(row.community), hours.end or hours.start
    booking = SpaceBooking(
        id=ids.new(),
        label=next_label("SP", place=community, day=places.day_in(community, at)),
        offer=row,
        space=row.space,
        lot=row.lot,
        community=community,
        city=places.market_of(community).city,
        holder_home=row.home,
        holder=row.holder,
        start_at=hours.start,
        end_at=end,
        state=rules.SPACE_BOOKING_LIFE.birth.value,
        price_minor=row.price_minor,
        amount_minor=row.price_minor * rules.started_hours(hours),
        company_percent=terms.company_percent,
        overstay_minor=terms.overstay.minor,
        late_minutes=terms.late_minutes,
        cancel_until=hours.start - timedelta(minutes=terms.cancel_minutes),
        collection=ids.new(),
        pay_by=rules.pay_by(at, end, terms.pay_minutes),
        booked_at=at,
        remind_at=hours.start - rules.SOON if hours.start - rules.SOON > at else None,
        **who,
    )
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError as error:
        if "parking_space_booking_apart" in str(error):
            raise HoursTaken(field="start_at") from error
        if "parking_space_booking_plate" in str(error):
            raise PlateBooked(field="plate") from error
        raise
    moves.born(SpaceBookingMove, booking, "hold", scope=scope, at=at)
    return booking


@action(needs=May.BOOK_SHARED_SPACE)
def take_back_booking(scope: Scope, *, booking: SpaceBookingId, at: datetime) -> None:
    """This will take a booking of the asker's back in time: all that was paid goes back the way it came."""
    row = held(scope, booking)
    if row.state == _BOOKED and at > row.cancel_until:
        zone = barrier.zone_of(CommunityId(row.community))
        raise TooLateToTakeBack(field="booking", until=f"{row.cancel_until.astimezone(zone):%m-%d %H:%M}")
    end(scope, row, _V.CANCEL, at)


@action(needs=May.BOOK_SHARED_SPACE, private=("photo",))
def report_occupied(
    scope: Scope, *, booking: SpaceBookingId, photo: tuple[str, bytes] | None = None, at: datetime
) -> None:
    """This will take the booker's word, soon after driving in, that the space is occupied: all goes back, and the
    holder earns nothing."""
    row = held(scope, booking)
    rules.SPACE_BOOKING_LIFE.after(rules.SpaceBookingState(row.state), _V.REPORT)
    if not row.start_at <= at < row.end_at:
        raise NotRunning(field="booking")
    until = report_until(SYSTEM, row=row, at=at)
    if at >= until:
        zone = barrier.zone_of(CommunityId(row.community))
        raise TooLateToReport(field="booking", until=f"{until.astimezone(zone):%H:%M}")
    _insist_on_few_reports(row, at)
    if photo is not None:
        row.photo = files.keep_file(scope, name=photo[0], content=photo[1], purpose=PHOTO, at=at)
        row.save(update_fields=["photo"])
    end(scope, row, _V.REPORT, at)


def _insist_on_few_reports(row: SpaceBooking, at: datetime) -> None:
    """Locked by home: two of its people who report at once are counted one after the other."""
    terms = policy(SYSTEM, rules.SharedParkingPolicy, at=at, community=CommunityId(row.community))
    locks.hold(f"space_reports:{row.home}")
    since = at - timedelta(days=terms.report_days)
    if reports_of(SYSTEM, home=HomeId(row.home), since=since) >= terms.reports_most:
        raise ReportedOften(field="booking", most=terms.reports_most, days=terms.report_days)


@action(needs=May.KEEP_PARKING, private=("why",))
def call_off_space_booking(scope: Scope, *, booking: SpaceBookingId, why: str, at: datetime) -> None:
    """This will call a booking off at the desk, for a reason: all goes back, and its booker is told."""
    end(scope, held(scope, booking), _V.CALL_OFF, at, why=reason_given(why))


def call_off_ended_right(
    scope: Scope,
    *,
    space: SpaceId | None,
    home: HomeId | None,
    holder: PartyId | None,
    ends_at: datetime,
    at: datetime,
) -> int:
    """This will call off what has not begun and would last beyond a holder's right; what runs is honoured."""
    found = Q(state__in=[_HELD, _BOOKED], start_at__gt=at, end_at__gt=ends_at)
    for column, value in (("space", space), ("holder_home", home), ("holder", holder)):
        found &= Q(**{column: value}) if value is not None else Q()
    rows = list(SpaceBooking.objects.within(scope).select_for_update(of=("self",)).filter(found).order_by("id")[:500])
    for row in rows:
        end(scope, row, _V.CALL_OFF, at)
    return len(rows)


@action(needs=May.RUN_CLOCKS)
def lapse_booking(scope: Scope, *, booking: SpaceBookingId, at: datetime) -> None:
    """This will give hours free that nobody paid for in time; what was paid a moment ago stands."""
    row = held(scope, booking)
    if row.state == _HELD and row.pay_by <= at and space_money.stop_waiting(row, "expired", at):
        _take(scope, row, _V.LAPSE, at)


@action(needs=May.RUN_CLOCKS)
def leave_bookings(scope: Scope, *, booker: PartyId, at: datetime) -> None:
    """This will end what somebody booked who is erased: what has not begun is refunded, what is unpaid is given up."""
    mine = SpaceBooking.objects.within(scope).select_for_update().filter(booker=booker)
    for row in mine.filter(Q(state=_HELD) | Q(state=_BOOKED, start_at__gt=at)).order_by("id")[:500]:
        if row.state == _BOOKED or space_money.stop_waiting(row, "erased", at):
            _take(scope, row, _V.CANCEL, at)
            space_money.give_back(row, at)


# ---- what several of them do ----


def held(scope: Scope, booking: SpaceBookingId | UUID) -> SpaceBooking:
    """This will lock a booking that the scope may see."""
    rows = SpaceBooking.objects.within(scope).select_for_update(of=("self",)).select_related("space", "lot")
    row = rows.filter(pk=booking).first()
    if row is None:
        raise NotFound("booking")
    return row


def end(scope: Scope, row: SpaceBooking, verb: rules.SpaceBookingVerb, at: datetime, *, why: str = "") -> None:
    """This will end a booking before its hours were shared: unpaid it is given up, paid it is refunded in full."""
    if row.state == _HELD and not space_money.stop_waiting(row, verb.value, at):
        raise OnItsWay(field="booking")
    _take(scope, row, verb, at, why=why)
    space_money.give_back(row, at)
    space_money.tell_end(row, verb, at)


def _take(
    scope: Scope, row: SpaceBooking, verb: rules.SpaceBookingVerb, at: datetime, *, why: str = "", **changes: object
) -> None:
    moves.take(
        SpaceBookingMove,
        row,
        verb,
        life=rules.SPACE_BOOKING_LIFE,
        states=rules.SpaceBookingState,
        scope=scope,
        at=at,
        why=why,
        ended_at=at,
        remind_at=None,
        **changes,
    )
