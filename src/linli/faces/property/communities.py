"""The company's communities, chosen by the address, and what they earned this month."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from linli.faces.shell import voice
from linli.faces.shell.months import chosen_month
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.payouts import queries as payouts


@dataclass(frozen=True)
class Care:
    """A community in the company's care: how many homes and people, and what it earned the company this month."""

    card: CommunityCard
    homes: int
    lived_in: int
    residents: int
    earned: Money


@page("property", "GET", "", name="home")
def overview(request: PropertyRequest) -> HttpResponse:
    """This will show the communities and how the month goes."""
    cards = own_communities(request)
    month = chosen_month(request.query, at=request.at)
    ids = [card.id for card in cards]
    homes = places.homes_counted(ids) if ids else {}
    lived = people.residents_counted(request.scope, communities=ids, at=request.at)
    sums = payouts.earned_by_community(request.scope, payee=request.company, period=month.period)
    cares = []
    for card in cards:
        residents, doors = lived.get(card.id, (0, 0))
        earned, back = sums.get(card.id, (Money.zero, Money.zero))
        cares.append(Care(card, homes.get(card.id, 0), doors, residents, earned - back))
    earned = Money.total(earned for earned, _back in sums.values())
    taken_back = Money.total(back for _earned, back in sums.values())
    return request.render("property/overview.jinja", cares=cares, earned=earned, taken_back=taken_back, month=month)


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
