"""What waits for a buyer on their first page: to pay, to fetch, to look forward to; most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from linli.kernel.ids import CheckoutId, OrderId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules
from linli.trade.orders.queries.owed import TO_PAY

MOST_TO_DO = 20


@dataclass(frozen=True, slots=True)
class OrderToDo:
    """An order under way. `code` is there while the goods wait for it, `checkout` is what an unpaid one is paid by."""

    order: OrderId
    checkout: CheckoutId
    number: str
    shop_name: rules.Names
    state: rules.OrderState
    fulfilment: rules.Fulfilment
    total: Money
    to_pay: Money
    promised_at: datetime | None
    due_at: datetime | None
    code: str | None


_todo = msgspec.json.Decoder(OrderToDo)


@query
def orders_to_do(scope: Scope, *, limit: int = 6) -> tuple[OrderToDo, ...]:
    """This will list a person's orders under way: what is to be paid, what is ready, then the others by their time."""
    rows = sql.fetch(
        "SELECT jsonb_build_object('order', o.id, 'checkout', o.checkout_id, 'number', o.number,"
        " 'shop_name', o.shop_name, 'state', o.state, 'fulfilment', o.fulfilment,"
        " 'total', jsonb_build_object('minor', o.goods_minor + o.delivery_fee_minor),"
        f" 'to_pay', {TO_PAY},"
        " 'promised_at', o.promised_at, 'due_at', o.due_at,"
        " 'code', CASE WHEN o.state IN ('ready', 'in_delivery', 'at_pickup_point') THEN handover_code(o.id) END)::text"
        " FROM orders_order AS o WHERE o.buyer = %s"
        " AND o.state IN ('placed', 'promised', 'paid', 'accepted', 'preparing', 'ready', 'in_delivery',"
        " 'at_pickup_point')"
        " ORDER BY o.state <> 'placed', o.state NOT IN ('ready', 'in_delivery', 'at_pickup_point'),"
        " coalesce(o.promised_at, o.due_at), o.id LIMIT %s",
        scope.person,
        min(limit, MOST_TO_DO),
    )
    return tuple(_todo.decode(row[0]) for row in rows)
