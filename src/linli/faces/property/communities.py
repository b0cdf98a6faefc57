"""The desk's first page: what waits, how the month goes, the communities; and which community an address chooses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.faces.property.waiting import tiles
from linli.faces.shell import voice
from linli.faces.shell.months import chosen_month
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.payouts import queries as payouts
from linli.spine.may import May


@dataclass(frozen=True)
class Care:
    """A community in the company's care: how many homes and people, and what it earned the company this month."""

    card: CommunityCard
    homes: int
    lived_in: int
    residents: int
    earned: Money


@dataclass(frozen=True)
class Fees:
    """What went out in a month, and what came in within it."""

    charged: Money
    received: Money


@page("property", "GET", "", name="home")
def overview(request: PropertyRequest) -> HttpResponse:
    """This will show what waits for the asker, and as far as their duty goes, how the month goes in each community."""
    cards = own_communities(request)
    month = chosen_month(request.query, at=request.at)
    ids = [card.id for card in cards]
    homes = places.homes_counted(ids) if ids else {}
    lived = people.residents_counted(request.scope, communities=ids, at=request.at)
    earns = request.scope.may(May.READ_OWN_STATEMENTS)
    sums = payouts.earned_by_community(request.scope, payee=request.company, period=month.period) if earns else {}
    cares = []
    for card in cards:
        residents, doors = lived.get(card.id, (0, 0))
        earned, back = sums.get(card.id, (Money.zero, Money.zero))
        cares.append(Care(card, homes.get(card.id, 0), doors, residents, earned - back))
    return request.render(
        "property/overview.jinja",
        tiles=tiles(request),
        fees=_fees(request, ids, month.first) if request.scope.may(May.CHASE_ARREARS) else None,
        cares=cares,
        earns=earns,
        earned=Money.total(earned - back for earned, back in sums.values()),
        month=month,
    )


def _fees(request: PropertyRequest, ids: list[CommunityId], month: date) -> Fees:
    charged = billing.charged_sums(request.scope, communities=ids, since=month, until=month)
    received = billing.received_sums(request.scope, communities=ids, since=month, until=month)
    return Fees(Money.total(one.charged - one.credited for one in charged), Money.total(one.amount for one in received))


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
