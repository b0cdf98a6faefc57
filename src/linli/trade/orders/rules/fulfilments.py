"""How the goods of an order come to their buyer."""

from __future__ import annotations

from enum import StrEnum

from linli.trade.delivery.rules import Way


class Fulfilment(StrEnum):
    """The buyer fetches them, the shop brings them, or couriers of the platform do, in one of three ways."""

    PICK_UP = "pick_up"
    SHOP_DELIVERY = "shop_delivery"
    POOLED = "pooled"
    ALONE = "alone"
    NOW = "now"

    @property
    def way(self) -> Way | None:
        """How the platform's couriers bring it; None where they do not."""
        return _WAYS.get(self)

    @property
    def in_slot(self) -> bool:
        """Whether it is brought in one of the community's slots."""
        return self in (Fulfilment.POOLED, Fulfilment.ALONE)


_WAYS = {Fulfilment.POOLED: Way.POOLED, Fulfilment.ALONE: Way.ALONE, Fulfilment.NOW: Way.NOW}
