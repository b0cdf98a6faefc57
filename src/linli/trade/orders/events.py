"""What happened to orders. Ids and amounts only: who bought what stands behind the walls."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import CheckoutId, CityId, CommunityId, OrderId, PartyId, RefundId, ShopId, VariantId
from linli.kernel.money import Money


class CheckoutPlaced(Fact):
    """A basket became orders, one for each shop, that wait to be paid together."""

    checkout: CheckoutId
    orders: tuple[OrderId, ...]
    community: CommunityId
    buyer: PartyId
    total: Money


class OrderFact(Fact):
    """What every fact about one order carries."""

    order: OrderId
    shop: ShopId
    community: CommunityId
    buyer: PartyId


class OrderPaid(OrderFact):
    """The shop may begin: the money is in escrow."""

    checkout: CheckoutId
    total: Money


class OrderPromised(OrderFact):
    """The shop may begin: the buyer pays in cash when the goods are handed over."""

    checkout: CheckoutId
    total: Money


class OrderAccepted(OrderFact):
    """The shop has taken the order on."""


class OrderBegun(OrderFact):
    """The shop packs or cooks it."""


class OrderRefused(OrderFact):
    """The shop does not take the order on; all of it is refunded. Why stands in the order's moves."""


class OrderCancelled(OrderFact):
    """The order ends unserved; what was paid is refunded."""

    by: str


class OrderReady(OrderFact):
    """The goods wait for the buyer, or for the shop's own delivery."""


class OrderDispatched(OrderFact):
    """The shop's own delivery is on its way."""


class OrderCompleted(OrderFact):
    """The buyer has the goods; everybody's share was earned."""

    city: CityId
    goods: Money
    variants: tuple[VariantId, ...]


class OrderRefunded(OrderFact):
    """Money goes back to the buyer for part or all of the order."""

    refund: RefundId
    amount: Money


class RefundAsked(OrderFact):
    """The buyer wants money back; the shop has to answer."""

    refund: RefundId
    amount: Money


class OrderClosed(OrderFact):
    """The time for refunds is over; nothing moves any more."""
