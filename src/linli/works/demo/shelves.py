"""The shelves of the town's shops: who stands behind which counter, and what is brought before the doors open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from linli.ground.places import queries as places
from linli.kernel.ids import ShopId, VariantId
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.orders.actions import Asked
from linli.trade.stock import actions as stock
from linli.trade.stock import queries as stocked
from linli.trade.stock.actions import Receipt
from linli.works.demo.town import Good, Town
from linli.works.demo.wishing import keeper

FEW, FEW_FRESH, FRESH = 12, 3, 8
"""Goods of which fewer are left are brought next morning; fresh ones a few at a time: what stays is thrown away."""
FRESH_DAYS = 10


class Shelves:
    """What stands on the shelves of a town that was settled, and is counted."""

    def __init__(self, town: Town) -> None:
        self._town = town

    @cached_property
    def keepers(self) -> dict[ShopId, Scope]:
        """Who keeps each shop, in the order of the plan."""
        at = datetime.now(ZoneInfo(self._town.timezone))
        found = [keeper(shop.owner.phone, at) for shop in self._town.shops]
        return {scope.shop: scope for scope in found if scope and scope.shop}

    @cached_property
    def goods(self) -> dict[ShopId, dict[VariantId, Good]]:
        """The goods of each shop of which stock is kept, found by their Chinese names."""
        community = places.communities(limit=1)[0].id
        found: dict[ShopId, dict[VariantId, Good]] = {}
        for shop, plan in zip(self.keepers, self._town.shops, strict=True):
            shelf = catalogue.shelf(community=community, shop=shop, limit=100)
            here = {listing.name["zh"]: listing.variants[0].variant for listing in shelf.listings}
            found[shop] = {here[good.name["zh"]]: good for good in plan.goods if good.stock and good.name["zh"] in here}
        return found

    def left(self, at: datetime) -> dict[VariantId, int]:
        """This will count what can be bought of all that is counted."""
        return dict(stocked.available(variants=[each for those in self.goods.values() for each in those], at=at))

    def bring(self, at: datetime, *, only: Collection[ShopId] | None = None, fresh_days: int = FRESH_DAYS) -> None:
        """This will bring whatever will be short by the evening; what keeps no longer than `fresh_days` by the few."""
        goods = {
            variant: good
            for shop, those in self.goods.items()
            if only is None or shop in only
            for variant, good in those.items()
        }
        left = stocked.available(variants=list(goods), at=at + timedelta(hours=18))
        receipts = []
        for variant, good in goods.items():
            is_fresh = good.days is not None and good.days <= fresh_days
            if left.get(variant, 0) < (FEW_FRESH if is_fresh else FEW):
                receipts.append(
                    Receipt(
                        variant=variant,
                        quantity=min(good.stock or 0, FRESH) if is_fresh else good.stock or 0,
                        cost=good.cost,
                        expires_at=at + timedelta(days=good.days) if good.days else None,
                    )
                )
        if receipts:
            stock.receive_batches(SYSTEM, receipts=receipts, at=at)


def enough(lines: Sequence[Asked], left: dict[VariantId, int]) -> tuple[Asked, ...]:
    """This will give those lines of which there is enough and take them off; what is not counted is always enough."""
    kept = []
    for line in lines:
        if left.get(line.variant, line.quantity) >= line.quantity:
            kept.append(line)
            if line.variant in left:
                left[line.variant] -= line.quantity
    return tuple(kept)
