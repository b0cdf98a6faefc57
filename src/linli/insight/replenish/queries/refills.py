"""Whether somebody may be sent to fill the bin, at what price, and who comes for those who asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.workorders import queries as work
from linli.estate.workorders.rules import WorkOrderPolicy
from linli.ground.policies.queries import policy
from linli.insight.replenish import models, rules
from linli.kernel.ids import CommunityId, WorkOrderId
from linli.kernel.money import Money
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 60
MOST_COMMUNITIES = 8


@dataclass(frozen=True, slots=True)
class RefillOffer:
    """The service of a community's property company, and its fixed price."""

    type: UUID
    price: Money


@dataclass(frozen=True, slots=True)
class RefillCard:
    """A visit that somebody asked for: what it costs and, once it is sent, who comes between when and when."""

    state: rules.RefillState
    price: Money
    visit: WorkOrderId | None
    name: str
    wanted_at: datetime | None
    by: datetime | None


@query
def refill_offers(scope: Scope, *, communities: Iterable[CommunityId], at: datetime) -> dict[CommunityId, RefillOffer]:
    """This will tell in which communities somebody may be sent to fill the bin; the others are absent.

    Where the community or its company does not offer it, or at no fixed price, nobody is asked whether they want it.
    """
    found: dict[CommunityId, RefillOffer] = {}
    for community in sorted(set(communities))[:MOST_COMMUNITIES]:  # a person lives in one or two
        own = policy(scope, rules.ReplenishPolicy, at=at, community=community)
        theirs = policy(scope, WorkOrderPolicy, at=at, community=community)
        if not (own.is_open and own.fills_bins and theirs.is_offered):
            continue
        for card in work.types_here(scope, community=community, at=at):
            if card.word == rules.SERVICE and card.price is not None and card.at_home:
                found[community] = RefillOffer(card.type, card.price)
    return found


def my_refills(scope: Scope) -> tuple[dict[UUID, RefillCard], dict[UUID, RefillCard]]:
    """This will give a person's visits: by proposal, and the last one of each standing order that orders by itself."""
    rows = list(models.Refill.objects.within(scope).order_by("-id")[:MOST])
    coming = [WorkOrderId(row.visit) for row in rows if row.visit and row.state == rules.RefillState.COMING]
    told = work.comings(scope, orders=coming)
    cards = {row.id: _card(row, told) for row in rows}
    by_standing: dict[UUID, RefillCard] = {}
    for row in rows:
        if row.standing_id:
            by_standing.setdefault(row.standing_id, cards[row.id])
    return {row.proposal_id: cards[row.id] for row in rows if row.proposal_id}, by_standing


def _card(row: models.Refill, told: dict[WorkOrderId, work.Coming]) -> RefillCard:
    visit = WorkOrderId(row.visit) if row.visit else None
    who = told.get(visit) if visit else None
    return RefillCard(
        state=rules.RefillState(row.state),
        price=Money(row.agreed_minor),
        visit=visit,
        name=who.name if who else "",
        wanted_at=who.wanted_at if who else None,
        by=who.by if who else None,
    )
