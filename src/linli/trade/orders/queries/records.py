"""Everything that is held about a buyer's orders, for the buyer to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from linli.kernel.ids import HomeId, OrderId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules

MOST_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class LineRecord:
    title: rules.Names
    options: tuple[rules.Choice, ...]
    quantity: int
    net: Money
    refunded: Money


@dataclass(frozen=True, slots=True)
class RefundRecord:
    amount: Money
    state: str
    reason: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order with all its lines and refunds."""

    order: OrderId
    number: str
    shop_name: rules.Names
    home: HomeId
    state: rules.OrderState
    fulfilment: rules.Fulfilment
    goods: Money
    delivery_fee: Money
    placed_at: datetime
    completed_at: datetime | None
    lines: tuple[LineRecord, ...]
    refunds: tuple[RefundRecord, ...]


_RECORD = """
    SELECT jsonb_build_object('order', o.id, 'number', o.number, 'shop_name', o.shop_name, 'home', o.home,
        'state', o.state, 'fulfilment', o.fulfilment, 'goods', jsonb_build_object('minor', o.goods_minor),
        'delivery_fee', jsonb_build_object('minor', o.delivery_fee_minor), 'placed_at', o.placed_at,
        'completed_at', o.completed_at, 'lines', (SELECT jsonb_agg(jsonb_build_object('title', l.title,
            'options', l.options, 'quantity', l.quantity, 'net', jsonb_build_object('minor', l.net_minor),
            'refunded', jsonb_build_object('minor', l.refunded_minor)) ORDER BY l.nth)
            FROM orders_line AS l WHERE l.order_id = o.id),
        'refunds', (SELECT coalesce(jsonb_agg(jsonb_build_object('amount', jsonb_build_object('minor', r.amount_minor),
            'state', r.state, 'reason', r.reason, 'asked_at', r.asked_at) ORDER BY r.id), '[]')
            FROM orders_refund AS r WHERE r.order_id = o.id))::text
    FROM orders_order AS o WHERE o.buyer = %s ORDER BY o.id DESC LIMIT %s
"""
_record = msgspec.json.Decoder(OrderRecord)


@query
def my_order_records(scope: Scope) -> tuple[OrderRecord, ...]:
    """This will give all of a person's own orders with their lines and refunds, the latest first."""
    return tuple(_record.decode(row[0]) for row in sql.fetch(_RECORD, scope.person, MOST_RECORDS))
