"""A home's own parking space, offered to neighbours by the hour: when, for how much, and what it brought."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.estate.parking.rules import ParkingPolicy, Times, Weekly
from linli.faces.owner.counters import insist_offered
from linli.faces.owner.shared_spaces import terms_here
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.kernel.ids import SpaceId, SpaceOfferId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import NotFound

WEEKLY, ONCE = "weekly", "once"


@page("owner", "GET", "cars/spaces/<uuid:space>/", name="own-space")
def show(request: OwnerRequest, space: SpaceId) -> HttpResponse:
    """This will show what of a space is offered, what is booked, and let more be offered."""
    community = insist_offered(request, ParkingPolicy)
    terms = terms_here(request, community)
    today = places.day_in(community.id, request.at)
    mine = queries.my_parking(request.scope, on=today).spaces
    card = next((each for each in mine if each.space == space), None)
    if card is None:
        raise NotFound("space")
    kind = request.query.maybe_text("kind", most=10) or request.form.maybe_text("kind", most=10)
    offers = queries.my_space_offers(request.scope, at=request.at)
    return request.render(
        "owner/own-space.jinja",
        community=community,
        terms=terms,
        space=card,
        kind=ONCE if kind == ONCE else WEEKLY,
        offers=[each for each in offers if each.space_id == space],
        lets=[each for each in queries.my_lets(request.scope) if each.space == card.label],
        today=today,
        holder_percent=100 - terms.company_percent,
    )


@page("owner", "POST", "cars/spaces/<uuid:space>/", name="own-space")
def offer(request: OwnerRequest, space: SpaceId) -> HttpResponse:
    """This will offer the space."""
    terms_here(request, insist_offered(request, ParkingPolicy))
    price = request.form.money("price", low=Money(1))
    actions.offer_space(request.scope, space=space, times=_times(request), price=price, at=request.at)
    return see_other("owner:own-space", space, said=_("Your neighbours can book it now."))


@page("owner", "POST", "cars/offers/<uuid:offer>/withdrawal/", name="space-offer-withdrawal", asks="owner:cars")
def withdraw(request: OwnerRequest, offer: SpaceOfferId) -> HttpResponse:
    """This will withdraw an offer."""
    insist_offered(request, ParkingPolicy)
    mine = {each.offer: each for each in queries.my_space_offers(request.scope, at=request.at)}
    actions.withdraw_offer(request.scope, offer=offer, at=request.at)
    said = _("Withdrawn. What is booked already stands.")
    return see_other("owner:own-space", mine[offer].space_id, said=said) if offer in mine else see_other("owner:cars")


def _times(request: OwnerRequest) -> Times:
    form = request.form
    if form.maybe_text("kind", most=10) == ONCE:
        zone = voice.current().zone
        start, end = form.instant("start_at", zone), form.instant("end_at", zone)
        return Period(start, max(start, end))
    chosen = frozenset(int(each) for each in form.many("weekdays") if each in "0123456" and len(each) == 1)
    last = form.maybe_day("last_on")
    return Weekly(
        weekdays=chosen,
        from_hour=form.whole("from_hour", low=0, high=23),
        to_hour=form.whole("to_hour", low=0, high=24),
        start_on=form.day("start_on"),
        end_on=last + timedelta(days=1) if last else None,
    )
