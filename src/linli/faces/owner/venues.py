"""Booking a venue: what there is, which slots are free, the resident's own bookings with their codes."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from linli.estate.billing import actions as billing
from linli.estate.venues import actions, queries
from linli.estate.venues.rules import BookingState, VenuePolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.ground.policies.queries import policy
from linli.kernel.ids import BookingId, HomeId, VenueId
from linli.kernel.refusals import NotFound

A_PAGE = 20


def waiting(request: OwnerRequest) -> str:
    """This will say how many bookings the resident has before them, for the page of counters."""
    n = queries.bookings_ahead(request.scope, at=request.at)
    return ngettext("{n} booking", "{n} bookings", n) if n else ""


@page("owner", "GET", "venues/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list the venues, and the resident's bookings."""
    community = insist_offered(request, VenuePolicy)
    return request.render(
        "owner/venues.jinja",
        community=community,
        venues=queries.venues(request.scope, community=community.id),
        bookings=queries.bookings(request.scope, limit=A_PAGE),
    )


@page("owner", "GET", "venues/<uuid:venue>/", name="venue")
def show(request: OwnerRequest, venue: VenueId) -> HttpResponse:
    """This will show the slots of a day, and let one be booked."""
    community = insist_offered(request, VenuePolicy)
    held = policy(request.scope, VenuePolicy, at=request.at, community=community.id)
    today = request.at.astimezone(voice.current().zone).date()
    days = [today + timedelta(days=n) for n in range(min(held.ahead_days, 30) + 1)]
    asked = request.query.maybe_day("day") or request.form.maybe_day("day")
    day = asked if asked in days else today
    lives = people.residents_homes(request.scope, person=request.person, at=request.at)
    return request.render(
        "owner/venue.jinja",
        community=community,
        venue=queries.venue_card(request.scope, venue=venue),
        slots=queries.venue_days(request.scope, venue=venue, first_on=day, at=request.at)[day],
        day=day,
        days=days,
        homes=[(each.home.id, each.home.door) for each in lives if each.home.community == community.id],
        cancel_hours=held.cancel_hours,
    )


@page("owner", "POST", "venues/<uuid:venue>/", name="venue")
def book(request: OwnerRequest, venue: VenueId) -> HttpResponse:
    """This will book a slot."""
    insist_offered(request, VenuePolicy)
    form = request.form
    booking = actions.book(
        request.scope,
        venue=venue,
        start_at=form.instant("start_at", voice.current().zone),
        home=HomeId(form.id("home")),
        persons=form.whole("persons", low=1, high=1000, default=1),
        at=request.at,
    )
    return see_other("owner:booking", booking, said=_("Booked."))


@page("owner", "POST", "venues/bookings/<uuid:booking>/deposit/", asks="owner:booking", name="booking-deposit")
def pay_deposit(request: OwnerRequest, booking: BookingId) -> HttpResponse:
    """This will begin to pay the deposit on the phone."""
    insist_offered(request, VenuePolicy)
    card, _history = queries.booking_page(request.scope, booking=booking)
    if card.deposit_id is None:
        raise NotFound("deposit")
    collection = billing.begin_deposit(request.scope, deposit=card.deposit_id, at=request.at)
    return see_other("owner:bill-payment", collection)


@page("owner", "GET", "venues/bookings/<uuid:booking>/", name="booking")
def show_booking(request: OwnerRequest, booking: BookingId) -> HttpResponse:
    """This will show a booking with its code."""
    community = insist_offered(request, VenuePolicy)
    held = policy(request.scope, VenuePolicy, at=request.at, community=community.id)
    card, history = queries.booking_page(request.scope, booking=booking)
    is_open = card.state is BookingState.BOOKED
    return request.render(
        "owner/booking.jinja",
        community=community,
        card=card,
        history=history,
        is_open=is_open and request.at < card.end_at,
        may_cancel=is_open and request.at <= card.start_at - timedelta(hours=held.cancel_hours),
        is_ahead=request.at < card.start_at,
        cancel_until=card.start_at - timedelta(hours=held.cancel_hours),
    )


@page(
    "owner", "POST", "venues/bookings/<uuid:booking>/cancellation/", asks="owner:booking", name="booking-cancellation"
)
def cancel(request: OwnerRequest, booking: BookingId) -> HttpResponse:
    """This will cancel a booking in time."""
    insist_offered(request, VenuePolicy)
    actions.cancel_booking(request.scope, booking=booking, at=request.at)
    return see_other("owner:venues", said=_("Cancelled. Nothing is owed for it."))
