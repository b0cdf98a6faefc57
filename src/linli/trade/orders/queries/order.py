"""One order as its page shows it, and the list of a buyer's orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from linli.kernel.ids import (
    CheckoutId,
    CommunityId,
    HomeId,
    LineId,
    OrderId,
    PartyId,
    RefundId,
    ShopId,
    SlotId,
    VariantId,
)
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import rules
from linli.trade.orders.queries.owed import TO_PAY

MOST_LISTED = 100
MOST_NUMBERS = 500
_NAMED = 3


BY_ITSELF = {
    "buyer": _("The buyer said that it is there"),
    "code": _("Handed over against the buyer's code"),
    "courier": _("Handed over by the courier"),
    "locker": _("Taken out of the locker"),
    "not_served": _("The order was not served"),
    "overdue": _("Not done in time"),
    "refunded_otherwise": _("The money had been given back already"),
    "time": _("The time for it was over"),
    "unanswered": _("Nobody answered in time"),
    "unpaid": _("Not paid in time"),
}
"""What the house itself writes down as the reason of a step, and how people read it; others write sentences."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A step that was taken: by whom (never a name), when, and why where somebody said so."""

    verb: str
    state: str
    role: str
    why: str
    at: datetime
    refund: RefundId | None

    @property
    def reason(self) -> str:
        """Why, as people read it: what the house wrote down is a text to be translated."""
        return BY_ITSELF.get(self.why, self.why)


@dataclass(frozen=True, slots=True)
class OrderPageLine:
    """A thing that was bought, with how its price came about."""

    line: LineId
    variant: VariantId
    title: rules.Names
    label: rules.Names
    options: tuple[rules.Choice, ...]
    quantity: int
    stages: tuple[rules.Stage, ...]
    net: Money
    refunded_quantity: int
    refunded: Money


@dataclass(frozen=True, slots=True)
class OrderRefund:
    refund: RefundId
    state: rules.RefundState
    amount: Money
    reason: str
    asked_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order for its buyer, its shop or the platform. `code` is the buyer's alone, while the goods wait for it."""

    id: OrderId
    number: str
    checkout_id: CheckoutId
    community: CommunityId
    shop: ShopId
    shop_name: rules.Names
    buyer: PartyId
    home: HomeId
    fulfilment: rules.Fulfilment
    slot: SlotId | None
    drop_off: DropOff | None
    spot: str | None
    payment: rules.Payment
    paid_at: datetime | None
    to_pay: Money
    state: rules.OrderState
    goods: Money
    delivery_fee: Money
    refunded_fee: Money
    window_start: datetime | None
    window_end: datetime | None
    promised_at: datetime | None
    due_at: datetime | None
    placed_at: datetime
    completed_at: datetime | None
    lines: tuple[OrderPageLine, ...]
    moments: tuple[Moment, ...]
    refunds: tuple[OrderRefund, ...]
    code: str | None

    @property
    def total(self) -> Money:
        return self.goods + self.delivery_fee

    @property
    def refunded(self) -> Money:
        return Money.total(line.refunded for line in self.lines) + self.refunded_fee

    def is_by_hand(self, refund: OrderRefund) -> bool:
        """This will tell whether a refund waits for the shop to give it back in cash, as the order was paid."""
        in_cash = self.payment is rules.Payment.CASH and self.paid_at is not None
        return in_cash and refund.state is rules.RefundState.GRANTED

    def answers(self, refund: OrderRefund) -> tuple[Moment, ...]:
        """This will pick what others than the buyer said to a request; who grants it may only repeat its reason."""
        return tuple(
            each
            for each in self.moments
            if each.refund == refund.refund and each.role != Role.RESIDENT and each.why not in ("", refund.reason)
        )

    @property
    def waits_for(self) -> rules.WaitsFor:
        return rules.waits_for(self.state, self.fulfilment, to_pay=bool(self.to_pay))

    def reached_at(self, state: rules.OrderState) -> datetime | None:
        """This will tell when the order came into a state, for the line of promised and real times."""
        return next((m.at for m in self.moments if m.refund is None and m.state == state), None)

    def allows(self, verb: rules.OrderVerb) -> bool:
        """This will tell whether a verb is open in this state, so that a page shows only buttons that work."""
        return rules.ORDER_LIFE.allows(self.state, verb)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order is, and how its goods come."""

    shop: ShopId
    state: rules.OrderState
    fulfilment: rules.Fulfilment


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order in a list."""

    order: OrderId
    number: str
    shop: ShopId
    shop_name: rules.Names
    state: rules.OrderState
    fulfilment: rules.Fulfilment
    total: Money
    placed_at: datetime
    promised_at: datetime | None
    pieces: int
    titles: tuple[rules.Names, ...]


# As json and not jsonb, which would be taken apart, sorted and put together again on its way out.
_PAGE = f"""
    SELECT row_to_json(p)::text FROM (SELECT o.*, {TO_PAY} AS to_pay,
        json_build_object('minor', o.goods_minor) AS goods,
        json_build_object('minor', o.delivery_fee_minor) AS delivery_fee,
        json_build_object('minor', o.refunded_fee_minor) AS refunded_fee,
        CASE WHEN o.buyer = %s AND o.state IN ('ready', 'in_delivery', 'at_pickup_point')
            THEN handover_code(o.id) END AS code,
        (SELECT json_agg(json_build_object(
            'line', l.id, 'variant', l.variant, 'title', l.title, 'label', l.label, 'options', l.options,
            'quantity', l.quantity, 'stages', l.stages, 'net', json_build_object('minor', l.net_minor),
            'refunded_quantity', l.refunded_quantity, 'refunded', json_build_object('minor', l.refunded_minor)
            ) ORDER BY l.nth) FROM orders_line AS l WHERE l.order_id = o.id) AS lines,
        (SELECT json_agg(json_build_object('verb', m.verb, 'state', m.state, 'role', m.role,
            'why', m.why, 'at', m.moved_at, 'refund', m.refund_id) ORDER BY m.id)
            FROM orders_move AS m WHERE m.order_id = o.id) AS moments,
        (SELECT coalesce(json_agg(json_build_object('refund', r.id, 'state', r.state,
            'amount', json_build_object('minor', r.amount_minor), 'reason', r.reason, 'asked_at', r.asked_at,
            'due_at', r.due_at) ORDER BY r.id), '[]') FROM orders_refund AS r WHERE r.order_id = o.id) AS refunds
        FROM orders_order AS o WHERE o.id = %s
            AND (o.buyer = %s OR o.shop = %s OR (%s AND (%s::uuid IS NULL OR o.city = %s::uuid)))) AS p
"""
_page = msgspec.json.Decoder(OrderPage)


@query
def order_page(scope: Scope, *, order: OrderId) -> OrderPage:
    """This will show an order whole, to its buyer, its shop and the platform; to others there is no such order.

    Whoever works for one city of the platform sees those of that city.
    """
    inside = (scope.is_inside, scope.city, scope.city)
    row = sql.fetch_one(_PAGE, scope.person, order, scope.person, scope.shop, *inside)
    if row is None:
        raise NotFound("order")
    return _page.decode(row[0])


@query
def on_its_way(scope: Scope, *, order: OrderPage, at: datetime) -> delivery.Underway | None:
    """This will tell its buyer where an order in a courier's hands is; None where no courier has it. Two statements."""
    if order.buyer != scope.person or not order.fulfilment.way:
        return None
    return delivery.underway(SYSTEM, order=order.id, at=at)


@query
def order_version(scope: Scope, *, order: OrderId) -> int:
    """This will give a number that grows with every step of an order, for a page that asks whether anything changed."""
    row = sql.fetch_one(
        "SELECT (SELECT max(m.id) FROM orders_move AS m WHERE m.order_id = o.id) FROM orders_order AS o"
        " WHERE o.id = %s AND (o.buyer = %s OR o.shop = %s OR %s)",
        order,
        scope.person,
        scope.shop,
        scope.is_everywhere,
    )
    if row is None:
        raise NotFound("order")
    return int(row[0])


@query
def my_codes(scope: Scope) -> dict[OrderId, str]:
    """This will give the codes with which a person fetches or takes in what waits for them now."""
    return dict(
        sql.fetch(
            "SELECT id, handover_code(id) FROM orders_order WHERE buyer = %s"
            " AND state IN ('ready', 'in_delivery', 'at_pickup_point') ORDER BY id DESC LIMIT %s",
            scope.person,
            MOST_LISTED,
        )
    )


@query
def standings(scope: Scope, *, orders: Iterable[OrderId]) -> dict[OrderId, Standing]:
    """This will tell how orders stand, those that the asker may see, for a program that goes on with many of them."""
    rows = sql.fetch(
        "SELECT id, shop, state, fulfilment FROM orders_order WHERE id = ANY(%s::uuid[])"
        " AND (buyer = %s OR shop = %s OR %s) LIMIT %s",
        list(orders),
        scope.person,
        scope.shop,
        scope.is_everywhere,
        MOST_NUMBERS,
    )
    return {
        order: Standing(shop, rules.OrderState(state), rules.Fulfilment(fulfilment))
        for order, shop, state, fulfilment in rows
    }


@query
def my_orders(scope: Scope, *, after: OrderId | None = None, limit: int = 20) -> tuple[OrderCard, ...]:
    """This will list a person's own orders, the latest first; `after` is the last one of the page before."""
    rows = sql.fetch(
        "SELECT o.id, o.number, o.shop, o.shop_name, o.state, o.fulfilment, o.goods_minor + o.delivery_fee_minor,"
        " o.placed_at, o.promised_at, l.pieces, l.titles FROM (SELECT * FROM orders_order WHERE buyer = %s"
        " AND (%s::uuid IS NULL OR id < %s) ORDER BY id DESC LIMIT %s) AS o CROSS JOIN LATERAL ("
        "SELECT sum(quantity)::int AS pieces, jsonb_agg(title ORDER BY nth) AS titles"
        " FROM orders_line WHERE order_id = o.id) AS l ORDER BY o.id DESC",
        scope.person,
        after,
        after,
        min(limit, MOST_LISTED),
    )
    return tuple(
        OrderCard(
            order=order,
            number=number,
            shop=shop,
            shop_name=sql.from_json(name),
            state=rules.OrderState(state),
            fulfilment=rules.Fulfilment(fulfilment),
            total=Money(total),
            placed_at=placed_at,
            promised_at=promised_at,
            pieces=pieces,
            titles=tuple(sql.from_json(titles)[:_NAMED]),
        )
        for order, number, shop, name, state, fulfilment, total, placed_at, promised_at, pieces, titles in rows
    )


@query
def order_numbers(scope: Scope, *, orders: Iterable[OrderId]) -> dict[OrderId, str]:
    """This will give the numbers of orders, of those that the asker may see, for a list that names them."""
    rows = sql.fetch(
        "SELECT id, number FROM orders_order WHERE id = ANY(%s::uuid[]) AND (buyer = %s OR shop = %s OR %s) LIMIT %s",
        list(orders),
        scope.person,
        scope.shop,
        scope.is_everywhere,
        MOST_NUMBERS,
    )
    return dict(rows)
