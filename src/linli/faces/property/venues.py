"""Venues at the desk: what can be booked, the week of each with who booked, and checking in by code on the phone."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from linli.estate.venues import actions, queries
from linli.estate.venues.actions import VenueDraft
from linli.estate.venues.rules import DAY_MINUTES, BookingState, Hours
from linli.faces.property.attachments import beside
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.property.histories import movers
from linli.faces.shell import voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, pgettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import BookingId, CommunityId, VenueId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.KEEP_VENUES


@page("property", "GET", "venues/", needs=NEEDS)
def venues(request: PropertyRequest) -> HttpResponse:
    """This will list the venues and the bookings, and ask for a code."""
    cards = own_communities(request)
    community, state = chosen_community(request, cards), _state(request)
    after = request.query.maybe_id("after")
    found = queries.bookings(
        request.scope,
        community=community.id if community else None,
        state=state,
        words=_words(request),
        after=BookingId(after) if after else None,
        limit=A_PAGE + 1,
    )
    return request.render(
        "property/venues.jinja",
        venues=queries.venues(request.scope, community=community.id if community else None),
        bookings=found[:A_PAGE],
        more=found[A_PAGE - 1].booking if len(found) > A_PAGE else None,
        communities={card.id: card for card in cards},
        community=community,
        state=state,
        states=tuple(BookingState),
    )


@page("property", "GET", "venues/file/", name="bookings-file", needs=NEEDS)
def bookings_file(request: PropertyRequest) -> HttpResponse:
    """This will give the bookings as a sheet."""
    cards = {card.id: card for card in own_communities(request)}
    community = chosen_community(request, tuple(cards.values()))
    found = queries.bookings(
        request.scope,
        community=community.id if community else None,
        state=_state(request),
        words=_words(request),
        limit=most_rows(),
    )
    columns = [_("Number"), _("Community"), _("Venue"), _("Door"), _("Persons"), _("From"), _("To"), _("Price")]
    rows = (
        (
            *(b.label, in_language(cards[b.community].name), in_language(b.name), b.door, b.persons),
            *(b.start_at, b.end_at, b.price, b.state),
        )
        for b in found
    )
    return sheet(request.query, "bookings", [*columns, _("State")], rows)


@page("property", "GET", "venues/of-communities/file/", name="venues-file", needs=NEEDS)
def venues_file(request: PropertyRequest) -> HttpResponse:
    """This will give what can be booked as a sheet."""
    cards = own_communities(request)
    named = {card.id: in_language(card.name) for card in cards}
    community = chosen_community(request, cards)
    days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    columns = [
        _("Venue"),
        _("Community"),
        _("Days of the week"),
        pgettext("venue", "Opens"),
        pgettext("venue", "Closes"),
        _("Minutes of a slot"),
    ]
    columns += [_("Persons"), _("Price"), _("Deposit"), _("Rules")]
    rows = (
        (
            *(in_language(one.name), named[one.community], " ".join(days[day] for day in sorted(one.hours.weekdays))),
            *(one.opens, one.closes, one.hours.slot_min, one.capacity, one.price, one.deposit, one.text),
        )
        for one in queries.venues(request.scope, community=community.id if community else None, limit=most_rows())
    )
    return sheet(request.query, "venues", columns, rows)


@page("property", "POST", "venues/code/", name="booking-code", asks="property:venues", needs=NEEDS)
def find(request: PropertyRequest) -> HttpResponse:
    """This will check in by a code."""
    own_communities(request)
    found = queries.booking_by_code(request.scope, code=request.form.text("code", most=12))
    if found is None:
        raise Invalid("code", "No open booking has this code.")
    actions.check_in(request.scope, booking=found, at=request.at)
    return see_other("property:booking", found, said=_("Checked in."))


@page("property", "GET", "venues/new/", name="new-venue", needs=NEEDS)
def new(request: PropertyRequest) -> HttpResponse:
    """This will ask what can be booked, and when."""
    return request.render("property/venue-new.jinja", communities=own_communities(request), venue=None)


@page("property", "POST", "venues/new/", name="new-venue", needs=NEEDS)
def create(request: PropertyRequest) -> HttpResponse:
    """This will add a venue."""
    community = CommunityId(request.form.id("community"))
    venue = actions.keep_venue(request.scope, community=community, draft=_draft(request.form), at=request.at)
    return see_other("property:venue", venue)


@page("property", "GET", "venues/<uuid:venue>/", name="venue", needs=NEEDS)
def show(request: PropertyRequest, venue: VenueId) -> HttpResponse:
    """This will show a week of a venue."""
    own_communities(request)
    asked = request.query.maybe_day("day") or request.at.astimezone(voice.current().zone).date()
    monday = asked - timedelta(days=asked.weekday())
    return request.render(
        "property/venue.jinja",
        venue=queries.venue_card(request.scope, venue=venue),
        week=queries.venue_days(request.scope, venue=venue, first_on=monday, days=7, at=request.at),
        before=(monday - timedelta(days=7)).isoformat(),
        after=(monday + timedelta(days=7)).isoformat(),
    )


@page("property", "POST", "venues/<uuid:venue>/", name="venue", needs=NEEDS)
def change(request: PropertyRequest, venue: VenueId) -> HttpResponse:
    """This will change a venue."""
    card = queries.venue_card(request.scope, venue=venue)
    draft = _draft(request.form)
    actions.keep_venue(request.scope, community=card.community, draft=draft, venue=venue, at=request.at)
    return see_other("property:venue", venue, said=_("Kept. Bookings that stand are as they were."))


@page("property", "POST", "venues/<uuid:venue>/closures/", asks="property:venue", name="closures", needs=NEEDS)
def close(request: PropertyRequest, venue: VenueId) -> HttpResponse:
    """This will keep a venue closed for a time."""
    own_communities(request)
    form, zone = request.form, voice.current().zone
    actions.block(
        request.scope,
        venue=venue,
        start_at=form.instant("start_at", zone),
        end_at=form.instant("end_at", zone),
        why=form.text("why"),
        at=request.at,
    )
    return see_other("property:venue", venue, said=_("Closed for that time."))


@page("property", "POST", "venues/<uuid:venue>/retirement/", asks="property:venue", name="retirement", needs=NEEDS)
def retire(request: PropertyRequest, venue: VenueId) -> HttpResponse:
    """This will take a venue out of booking."""
    actions.retire_venue(request.scope, venue=venue, at=request.at)
    return see_other("property:venues", said=_("It can be booked no more. Bookings that stand are kept."))


@page("property", "GET", "venues/bookings/<uuid:booking>/", name="booking", needs=NEEDS)
def show_booking(request: PropertyRequest, booking: BookingId) -> HttpResponse:
    """This will show a booking."""
    own_communities(request)
    card, history = queries.booking_page(request.scope, booking=booking)
    is_open = card.state is BookingState.BOOKED
    attached = beside(request, card)
    names = movers(request, history, *(one.person for one in attached))
    return request.render(
        "property/booking.jinja",
        card=card,
        history=history,
        is_open=is_open,
        has_begun=card.start_at <= request.at,
        names=names,
        attached=attached,
    )


@page("property", "POST", "venues/bookings/<uuid:booking>/", name="booking", needs=NEEDS)
def check_in(request: PropertyRequest, booking: BookingId) -> HttpResponse:
    """This will check a booking in."""
    actions.check_in(request.scope, booking=booking, at=request.at)
    return see_other("property:booking", booking, said=_("Checked in."))


@page(
    "property",
    "POST",
    "venues/bookings/<uuid:booking>/calling-off/",
    asks="property:booking",
    name="booking-calling-off",
    needs=NEEDS,
)
def call_off(request: PropertyRequest, booking: BookingId) -> HttpResponse:
    """This will call a booking off."""
    actions.call_off_booking(request.scope, booking=booking, why=request.form.text("why"), at=request.at)
    return see_other("property:booking", booking, said=_("Called off. Nothing is owed for it."))


@page(
    "property",
    "POST",
    "venues/bookings/<uuid:booking>/deposit/",
    asks="property:booking",
    name="booking-deposit",
    needs=NEEDS,
)
def keep_deposit(request: PropertyRequest, booking: BookingId) -> HttpResponse:
    """This will keep a deposit from going back by itself."""
    actions.keep_deposit(request.scope, booking=booking, why=request.form.text("keep_why", most=200), at=request.at)
    return see_other(
        "property:booking", booking, said=_("It does not go back by itself. Deduct from it, or return it.")
    )


def _draft(form: Fields) -> VenueDraft:
    weekdays = frozenset(int(day) for day in form.many("weekdays") if day in "0123456" and len(day) == 1)
    hours = Hours(weekdays, _minutes(form, "opens"), _minutes(form, "closes"), form.whole("slot_min", high=DAY_MINUTES))
    return VenueDraft(
        name={language: form.maybe_text(f"name_{language}", most=60) or "" for language in ("zh", "en")},
        text={language: form.maybe_text(f"text_{language}", most=2000) or "" for language in ("zh", "en")},
        capacity=form.whole("capacity", low=1, high=1000),
        hours=hours,
        price=form.maybe_money("price") or Money.zero,
        deposit=form.maybe_money("deposit") or Money.zero,
    )


def _minutes(form: Fields, name: str) -> int:
    hours, _colon, minutes = form.text(name, most=5).partition(":")
    if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        raise Invalid(name, "Please write a time such as 09:00.")
    if int(hours) > 24 or int(minutes) > 59 or len(hours) > 2:
        raise Invalid(name, "Please write a time such as 09:00.")
    return int(hours) * 60 + int(minutes)


def _state(request: PropertyRequest) -> BookingState | None:
    asked = request.query.raw("state")
    return next((state for state in BookingState if state.value == asked), None)


def _words(request: PropertyRequest) -> str:
    return request.query.maybe_text("words", most=40) or ""
