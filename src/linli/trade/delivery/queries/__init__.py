"""Questions about delivery: zones and distances, what a community is offered, waves."""

from linli.trade.delivery.queries.offers import KitchenCard, Offered, OfferedSlot, offered
from linli.trade.delivery.queries.zones import Proposed, ZoneCard, ZonePart, distances, propose_zone, zone, zones

__all__ = [
    "KitchenCard",
    "Offered",
    "OfferedSlot",
    "Proposed",
    "ZoneCard",
    "ZonePart",
    "distances",
    "offered",
    "propose_zone",
    "zone",
    "zones",
]
