"""Finding and booking a neighbour's parking space by the hour, paying for it, taking it back, finding it occupied."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.http import HttpResponse, HttpResponseRedirect

from linli.estate.parking import actions, queries
from linli.estate.parking.queries import FreeHours
from linli.estate.parking.rules import ParkingPolicy, SharedParkingPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.owner.payments import CHANNELS
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.files import queries as files
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import HomeId, SpaceBookingId, SpaceOfferId
from linli.kernel.refusals import Invalid, NotFound
from linli.money.payments import actions as payments

A_PAGE = 20
MOST_DAYS = 14
VISITOR = "visitor"
HOUR = timedelta(hours=1)


def terms_here(request: OwnerRequest, community: CommunityCard) -> SharedParkingPolicy:
    """This will give the terms on which spaces are shared; where they are not, the page is not there."""
    terms = policy(request.scope, SharedParkingPolicy, at=request.at, community=community.id)
    if not terms.is_shared:
        raise NotFound("space")
    return terms


@page("owner", "GET", "cars/shared/", name="shared-spaces")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list what is free on a day, the cheapest first, and what the resident booked."""
    community = insist_offered(request, ParkingPolicy)
    terms = terms_here(request, community)
    day, days = _day(request, terms)
    found = queries.free_hours(request.scope, community=community.id, day=day, at=request.at)
    hour, hours = _wish(request, terms)
    return request.render(
        "owner/shared-spaces.jinja",
        community=community,
        terms=terms,
        day=day,
        days=days,
        hour=hour,
        hours=hours,
        found=_fitting(found, day, hour, hours, terms.least_hours),
        any_free=bool(found),
        bookings=queries.my_space_bookings(request.scope, limit=A_PAGE),
    )


@page("owner", "GET", "cars/shared/<uuid:offer>/", name="shared-space")
def show(request: OwnerRequest, offer: SpaceOfferId) -> HttpResponse:
    """This will show the free hours of one offer on a day, and let them be booked."""
    community = insist_offered(request, ParkingPolicy)
    terms = terms_here(request, community)
    day, _days = _day(request, terms)
    pieces = queries.free_hours(request.scope, community=community.id, day=day, offer=offer, at=request.at)
    parking = queries.my_parking(request.scope, on=places.day_in(community.id, request.at))
    hour, hours = _wish(request, terms)
    return request.render(
        "owner/shared-space.jinja",
        community=community,
        terms=terms,
        offer=offer,
        day=day,
        pieces=pieces,
        starts=_starts(pieces, day, terms.least_hours),
        wished=_wall(day, hour) if hour is not None else None,
        hours=max(hours, terms.least_hours),
        most=min(terms.most_hours, max((each.hours for each in pieces), default=0)),
        cars=parking.cars,
        visitor=VISITOR,
        once=f"space-{ids.new()}",
    )


@page("owner", "POST", "cars/shared/<uuid:offer>/", name="shared-space")
def book(request: OwnerRequest, offer: SpaceOfferId) -> HttpResponse:
    """This will hold the hours, and go on to their payment."""
    community = insist_offered(request, ParkingPolicy)
    terms_here(request, community)
    form = request.form
    start_at = form.instant("start_at", voice.current().zone)
    car = form.text("car", most=20)
    is_visitor = car == VISITOR
    if is_visitor and not form.maybe_text("visitor_plate", most=20):
        raise Invalid("visitor_plate", _("Please fill in the visitor's plate."))
    plate = form.text("visitor_plate", most=20) if is_visitor else car
    booking = actions.book_space(
        request.scope,
        offer=offer,
        start_at=start_at,
        end_at=start_at + form.whole("hours", low=1, high=72) * HOUR,
        home=_home(request, community, plate, is_visitor=is_visitor),
        plate=plate,
        is_visitor=is_visitor,
        at=request.at,
    )
    return see_other("owner:space-payment", booking)


@page("owner", "GET", "cars/bookings/<uuid:booking>/", name="space-booking")
def show_booking(request: OwnerRequest, booking: SpaceBookingId) -> HttpResponse:
    """This will show a booking: where, when, for which car, and what can be done about it now."""
    community = insist_offered(request, ParkingPolicy)
    card, history = queries.space_booking(request.scope, booking=booking, at=request.at)
    return request.render(
        "owner/space-booking.jinja",
        community=community,
        card=card,
        history=history,
        now=request.at,
        photo=files.link(request.scope, file=card.photo, at=request.at) if card.photo else None,
    )


@page("owner", "POST", "cars/bookings/<uuid:booking>/return/", name="space-return", asks="owner:space-booking")
def take_back(request: OwnerRequest, booking: SpaceBookingId) -> HttpResponse:
    """This will take a booking back."""
    insist_offered(request, ParkingPolicy)
    actions.take_back_booking(request.scope, booking=booking, at=request.at)
    return see_other("owner:space-booking", booking, said=_("Taken back. What you paid goes back in full."))


@page("owner", "POST", "cars/bookings/<uuid:booking>/report/", name="space-report", asks="owner:space-booking")
def report(request: OwnerRequest, booking: SpaceBookingId) -> HttpResponse:
    """This will report the space as occupied."""
    insist_offered(request, ParkingPolicy)
    photo = request.form.maybe_file("photo")
    actions.report_occupied(
        request.scope, booking=booking, photo=(photo.name, photo.content) if photo else None, at=request.at
    )
    return see_other("owner:space-booking", booking, said=_("Reported. What you paid goes back in full."))


@page("owner", "GET", "cars/bookings/<uuid:booking>/payment/", name="space-payment")
def show_payment(request: OwnerRequest, booking: SpaceBookingId) -> HttpResponse:
    """This will show what is to be paid and how it can be; once it is paid, it says so by itself."""
    return _standing(request, insist_offered(request, ParkingPolicy), booking, is_back=False)


@page("owner", "GET", "cars/bookings/<uuid:booking>/payment/back/", name="space-payment-back")
def show_back(request: OwnerRequest, booking: SpaceBookingId) -> HttpResponse:
    """This will wait for the provider's word: only what the provider tells us itself counts as paid."""
    return _standing(request, insist_offered(request, ParkingPolicy), booking, is_back=True)


@page("owner", "POST", "cars/bookings/<uuid:booking>/payment/", name="space-payment")
def pay(request: OwnerRequest, booking: SpaceBookingId) -> HttpResponse:
    """This will prepare the payment and send the booker to the provider's page."""
    insist_offered(request, ParkingPolicy)
    card, _history = queries.space_booking(request.scope, booking=booking, at=request.at)
    pay_page = payments.begin_payment(
        request.scope,
        collection=card.collection,
        channel=request.form.text("channel", most=20),
        return_url=request.http.build_absolute_uri(url("owner:space-payment-back", booking)),
        at=request.at,
    )
    return HttpResponseRedirect(pay_page.url, status=303)


def _standing(
    request: OwnerRequest, community: CommunityCard, booking: SpaceBookingId, *, is_back: bool
) -> HttpResponse:
    card, _history = queries.space_booking(request.scope, booking=booking, at=request.at)
    return request.render(
        "owner/space-payment.jinja",
        community=community,
        card=card,
        is_open=card.may_pay(request.at),
        is_back=is_back,
        channels=CHANNELS,
    )


def _day(request: OwnerRequest, terms: SharedParkingPolicy) -> tuple[date, list[date]]:
    """The day that is asked for, of those for which a space can be booked."""
    today = request.at.astimezone(voice.current().zone).date()
    days = [today + timedelta(days=n) for n in range(min(terms.ahead_days, MOST_DAYS) + 1)]
    asked = request.query.maybe_day("day") or request.form.maybe_day("day")
    return (asked if asked in days else today), days


def _wish(request: OwnerRequest, terms: SharedParkingPolicy) -> tuple[int | None, int]:
    """From which hour, and for how many; without an hour everything that is free is shown."""
    hour, hours = request.query.raw("hour"), request.query.raw("hours")
    wanted = int(hours) if hours.isdecimal() and len(hours) < 3 else terms.least_hours
    at = int(hour) if hour.isdecimal() and len(hour) < 3 and int(hour) < 24 else None
    return at, min(max(wanted, terms.least_hours), terms.most_hours)


def _wall(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=voice.current().zone)


def _fitting(found: tuple[FreeHours, ...], day: date, hour: int | None, hours: int, least: int) -> list[FreeHours]:
    if hour is None:
        return [each for each in found if each.hours >= least]
    start = _wall(day, hour)
    return [each for each in found if each.start_at <= start and start + hours * HOUR <= each.end_at]


def _starts(pieces: tuple[FreeHours, ...], day: date, least: int) -> list[datetime]:
    """The hours of the day at which a booking can begin."""
    midnight = _wall(day, 0) + timedelta(days=1)
    return [
        (each.start_at + n * HOUR).astimezone(midnight.tzinfo)
        for each in sorted(pieces, key=lambda one: one.start_at)
        for n in range(each.hours - least + 1)
        if each.start_at + n * HOUR < midnight
    ]


def _home(request: OwnerRequest, community: CommunityCard, plate: str, *, is_visitor: bool) -> HomeId:
    """The home whose car it is; a visitor comes to the first one of the resident's here."""
    today = places.day_in(community.id, request.at)
    if not is_visitor:
        for car in queries.my_parking(request.scope, on=today).cars:
            if car.plate == plate:
                return car.home
    for home, card in places.homes(request.homes).items():
        if card.community == community.id:
            return home
    raise NotFound("home")
