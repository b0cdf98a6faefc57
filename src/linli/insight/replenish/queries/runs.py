"""With which shared run of its building a proposal could come: the slot of its day, the same for all of a building."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from linli.ground.places import queries as places
from linli.ground.places.rules import business_day
from linli.insight.replenish import models, rules
from linli.kernel.ids import CommunityId, ProposalId, ShopId, VariantId
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.delivery import queries as delivery
from linli.trade.shops import queries as shops
from linli.trade.shops.rules import Carrier

MOST = 60
MOST_COMMUNITIES = 8


@dataclass(frozen=True, slots=True)
class Run:
    """A slot's shared run, ordered until `cut_off_at`; `shop` is whose goods it brings."""

    shop: ShopId
    start_at: datetime
    end_at: datetime
    cut_off_at: datetime


@query
def shared_runs(scope: Scope, *, at: datetime) -> dict[ProposalId, Run]:
    """This will tell with which run each of a person's open proposals could come; three statements a community.

    A proposal whose goods no courier brings, or whose day has no open slot with a place left yet, is absent.
    """
    rows = list(
        models.Proposal.objects.within(scope)
        .filter(state=rules.ProposalState.OPEN, variant__isnull=False)
        .order_by("deliver_on", "id")[:MOST]
    )
    found: dict[ProposalId, Run] = {}
    for community in sorted({row.community for row in rows})[:MOST_COMMUNITIES]:  # a person lives in one or two
        those = [row for row in rows if row.community == community]
        runs = runs_of(
            CommunityId(community), {(VariantId(row.variant), row.deliver_on) for row in those if row.variant}, at
        )
        found |= {
            ProposalId(row.id): run
            for row in those
            if row.variant and (run := runs.get((VariantId(row.variant), row.deliver_on)))
        }
    return found


def runs_of(
    community: CommunityId, wanted: Collection[tuple[VariantId, date]], at: datetime
) -> dict[tuple[VariantId, date], Run]:
    """This will find the run of each thing's day: the first slot of it that has a place, whoever of a building asks."""
    offered = delivery.offered(community=community, at=at)
    if offered.zone is None:
        return {}
    timezone = places.market_of(community).timezone
    slot_of: dict[date, delivery.OfferedSlot] = {}
    for each_slot in offered.slots:
        if each_slot.left:
            slot_of.setdefault(business_day(each_slot.start_at, timezone), each_slot)
    priced = catalogue.prices(community=community, variants=list({variant for variant, _day in wanted}))
    terms = shops.sale_terms(community=community, shops=list({each.shop for each in priced.values()}), at=at)
    brought = {shop for shop, term in terms.items() if term.carrier is Carrier.POOL}
    return {
        (variant, day): Run(each.shop, slot.start_at, slot.end_at, slot.cut_off_at)
        for variant, day in wanted
        if (each := priced.get(variant)) and each.shop in brought and (slot := slot_of.get(day))
    }
