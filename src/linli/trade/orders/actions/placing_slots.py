"""What a checkout holds of slots and kitchens, asked afresh when it is placed. Private to the actions."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.ground.places import queries as places
from linli.kernel.ids import CheckoutId
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.actions import CutOff, OutsideZones
from linli.trade.delivery.rules import Holding, holding
from linli.trade.orders import rules

FORGOTTEN = timedelta(days=1)
"""The checkout itself lets go of its places when it ends; the limit only catches what would be forgotten for ever."""


def held_slots(quote: rules.Quote, checkout: CheckoutId, *, until: datetime, at: datetime) -> Holding | None:
    """This will tell what a checkout holds of delivery; None, and nothing asked, where no couriers come into it."""
    pooling = [order for order in quote.orders if order.terms.pools]
    if not pooling:
        return None
    offered = delivery.offered(community=quote.community, shops=[order.terms.shop for order in pooling], at=at)
    brought = [order for order in pooling if order.fulfilment.way]
    if brought and offered.zone is None:
        raise OutsideZones(field=f"shops.{brought[0].terms.shop}.fulfilment")
    in_slot = [order for order in brought if order.slot]
    slot = None
    if in_slot:
        slot = next((each for each in offered.slots if each.slot == in_slot[0].slot), None)
        if slot is None:
            raise CutOff(field="window")
    return holding(
        holder=checkout,
        until=until + FORGOTTEN,
        slot=slot.reserved if slot else None,
        in_slot=[order.order for order in in_slot],
        prepared={order.order: (order.terms.shop, order.prepared) for order in pooling},
        kitchens={shop: kitchen.terms for shop, kitchen in offered.kitchens.items()},
        community=quote.community,
        building=places.building_of(quote.home) if slot else None,
        terms=offered.terms,
        at=at,
    )
