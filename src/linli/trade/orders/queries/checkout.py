"""A checkout: what it will cost while it is locked, and what is to be paid once it is placed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from linli.kernel.ids import CheckoutId, CollectionId, CommunityId, HomeId, OrderId, ShopId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import decoding, sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules


@dataclass(frozen=True, slots=True)
class QuotePage:
    """Prices as locked: shown like this, they are placed like this until `kept_until`."""

    checkout: CheckoutId
    quote: rules.Quote
    total: Money
    kept_until: datetime


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    order: OrderId
    number: str
    shop: ShopId
    shop_name: rules.Names
    state: rules.OrderState
    payment: rules.Payment
    total: Money


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """What is paid once, and for which orders. `collection` and the orders are there once it is placed.

    Where its orders are paid in cash each has a collection of its own, and the checkout has none.
    """

    checkout: CheckoutId
    community: CommunityId
    home: HomeId
    state: rules.CheckoutState
    total: Money
    collection: CollectionId | None
    due_at: datetime | None
    placed_at: datetime | None
    orders: tuple[CheckoutOrder, ...]


@query
def quote(scope: Scope, *, checkout: CheckoutId, at: datetime) -> QuotePage:
    """This will show the locked prices of a checkout step by step; an expired lock shows nothing any more."""
    row = sql.fetch_one(
        "SELECT quote::text, due_at FROM orders_checkout"
        " WHERE id = %s AND buyer = %s AND state = 'locked' AND due_at > %s",
        checkout,
        scope.person,
        at,
    )
    if row is None:
        raise NotFound("checkout")
    kept = decoding.decode(row[0], rules.Quote)
    return QuotePage(checkout=checkout, quote=kept, total=kept.total, kept_until=row[1])


_orders = msgspec.json.Decoder(tuple[CheckoutOrder, ...])


@query
def checkout_page(scope: Scope, *, checkout: CheckoutId) -> CheckoutPage:
    """This will show how a checkout stands, to its buyer."""
    row = sql.fetch_one(
        "SELECT community, home, state, total_minor, collection, due_at, placed_at,"
        " (SELECT coalesce(jsonb_agg(jsonb_build_object('order', o.id, 'number', o.number, 'shop', o.shop,"
        " 'shop_name', o.shop_name, 'state', o.state, 'payment', o.payment, 'total', jsonb_build_object("
        "'minor', o.goods_minor + o.delivery_fee_minor)) ORDER BY o.id), '[]')::text"
        " FROM orders_order AS o WHERE o.checkout_id = c.id)"
        " FROM orders_checkout AS c WHERE id = %s AND (buyer = %s OR %s)",
        checkout,
        scope.person,
        scope.is_everywhere,
    )
    if row is None:
        raise NotFound("checkout")
    community, home, state, total, collection, due_at, placed_at, orders = row
    return CheckoutPage(
        checkout=checkout,
        community=community,
        home=home,
        state=rules.CheckoutState(state),
        total=Money(total),
        collection=collection,
        due_at=due_at,
        placed_at=placed_at,
        orders=_orders.decode(orders),
    )
