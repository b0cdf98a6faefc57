"""Zones and their slots for tests: `a_zone(community, drops=2)`, `a_zone(...).slot()`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from builders.clock import AT
from builders.places import Community, a_community
from linli.kernel import ids
from linli.kernel.ids import CheckoutId, OrderId, ShopId, ZoneId
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries, rules


@dataclass(frozen=True)
class Zone:
    id: ZoneId
    community: Community

    def slot(self, *, at: datetime = AT, nth: int = 0) -> queries.OfferedSlot:
        return queries.offered(community=self.community.id, at=at).slots[nth]

    def holding(
        self,
        orders: int = 1,
        *,
        nth: int = 0,
        value: dict[ShopId, Money] | None = None,
        now: bool = False,
        at: datetime = AT,
    ) -> rules.Holding:
        """What a checkout of so many orders takes in the nth slot, with what shops prepare for the first of them."""
        found = queries.offered(community=self.community.id, shops=list(value or {}), at=at)
        mine = [OrderId(ids.new()) for _ in range(orders)]
        return rules.holding(
            holder=CheckoutId(ids.new()),
            until=at + timedelta(minutes=15),
            slot=None if now else found.slots[nth].reserved,
            in_slot=() if now else mine,
            prepared=dict(zip(mine, (value or {}).items(), strict=False)),
            kitchens={shop: kitchen.terms for shop, kitchen in found.kitchens.items()},
            community=self.community.id,
            building=None,
            terms=found.terms,
            at=at,
        )


def a_zone(community: Community | None = None, *, also: Sequence[Community] = (), drops: int = 60) -> Zone:
    """This will open a zone of one community, around its middle, which `also` others share."""
    community = community or a_community()
    zone = actions.open_zone(
        SYSTEM,
        city=community.city,
        name={"zh": "一区", "en": "Zone one"},
        lat=community.lat,
        lon=community.lon,
        communities=[each.id for each in (community, *also)],
        drops=drops,
        at=AT,
    )
    return Zone(zone, community)
