"""The company's communities, chosen by the address, and what they earned this month."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell import voice
from linli.faces.shell.months import chosen_month
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.refusals import NotFound
from linli.money.payouts import queries as payouts


@page("property", "GET", "", name="home")
def overview(request: PropertyRequest) -> HttpResponse:
    """This will show the communities and how the month goes."""
    cards = own_communities(request)
    month = chosen_month(request.query, at=request.at)
    found = payouts.statement(request.scope, payee=request.company, period=month.period, limit=1)
    return request.render("property/overview.jinja", communities=cards, statement=found, month=month)


def own_communities(request: PropertyRequest) -> tuple[CommunityCard, ...]:
    """This will give the communities that the sign-in reaches, and tell times in their zone."""
    cards = places.communities(ids=request.communities) if request.communities else ()
    if cards:
        voice.move_to(cards[0].timezone)
    return cards


def chosen_community(request: PropertyRequest, cards: tuple[CommunityCard, ...]) -> CommunityCard | None:
    """This will give the community of the address, or None for all; another company's does not exist."""
    asked = request.query.maybe_id("community")
    if asked is None:
        return None
    found = next((card for card in cards if card.id == asked), None)
    if found is None:
        raise NotFound("community")
    return found
