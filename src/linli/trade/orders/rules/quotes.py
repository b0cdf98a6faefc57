"""A quote: what a checkout costs, whole, as shown to the buyer and kept while it is locked."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.ids import CityId, CommunityId, HomeId
from linli.kernel.money import Money
from linli.trade.orders.rules.deadlines import Patience, Window
from linli.trade.orders.rules.prices import PricedOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One order per shop, with everything that placing them needs to know of the community."""

    community: CommunityId
    city: CityId
    currency: str
    timezone: str
    home: HomeId
    window: Window | None
    patience: Patience
    orders: tuple[PricedOrder, ...]

    @property
    def total(self) -> Money:
        """What the buyer pays once for all of them."""
        return Money.total(order.total for order in self.orders)
