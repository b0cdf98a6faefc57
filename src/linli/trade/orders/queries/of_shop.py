"""All orders of a shop: found by state, day and number, sorted, page by page, and as a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from linli.kernel.ids import CommunityId, OrderId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules

MOST_OF_SHEET = 20_000
_NAMED = 3


class OrderSort(StrEnum):
    """By what a shop's orders are sorted."""

    NEWEST = "placed"
    TOTAL = "total"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersWanted:
    """What a shop's orders are narrowed to; `number` is a part of it, days are the instants at which they begin."""

    state: rules.OrderState | None = None
    fulfilment: rules.Fulfilment | None = None
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopOrder:
    """An order in a shop's list. `titles` are its first goods of so many `kinds`; `refunded` is what went back."""

    order: OrderId
    number: str
    community: CommunityId
    state: rules.OrderState
    fulfilment: rules.Fulfilment
    payment: rules.Payment
    goods: Money
    fee: Money
    refunded: Money
    placed_at: datetime
    promised_at: datetime | None
    completed_at: datetime | None
    pieces: int
    kinds: int
    titles: tuple[rules.Names, ...]

    @property
    def total(self) -> Money:
        """What the buyer paid or owes: goods and delivery."""
        return self.goods + self.fee


_REFUNDED = (
    "o.refunded_fee_minor + coalesce((SELECT sum(l.refunded_minor) FROM orders_line AS l WHERE l.order_id = o.id), 0)"
)
_SORTED_BY = {
    OrderSort.NEWEST: "o.placed_at",
    OrderSort.TOTAL: "o.goods_minor + o.delivery_fee_minor",
    OrderSort.REFUNDED: _REFUNDED,
}
# Before it is paid or promised an order is none of the shop's business, nor is one that was called off before.
_ITS_BUSINESS = "o.state <> 'placed' AND (o.state <> 'cancelled' OR o.paid_at IS NOT NULL OR o.payment <> 'online')"
_OF_SHOP = """
    SELECT o.id, o.number, o.community, o.state, o.fulfilment, o.payment, o.goods_minor, o.delivery_fee_minor,
           o.refunded_fee_minor + l.refunded, o.placed_at, o.promised_at, o.completed_at, l.pieces, l.titles
    FROM (SELECT o.*, {by} AS sort_key FROM orders_order AS o
          WHERE o.shop = %s AND {business}
            AND (%s::text IS NULL OR o.state = %s) AND (%s::text IS NULL OR o.fulfilment = %s)
            AND strpos(o.number, upper(%s)) > 0
            AND (%s::timestamptz IS NULL OR o.placed_at >= %s) AND (%s::timestamptz IS NULL OR o.placed_at < %s)
            AND (%s::uuid IS NULL OR ({by}, o.id) {beyond} (SELECT {by}, o.id FROM orders_order AS o
                                                            WHERE o.id = %s AND o.shop = %s))
          ORDER BY {by} {way}, o.id {way} LIMIT %s) AS o
    CROSS JOIN LATERAL (
        SELECT sum(quantity)::int AS pieces, sum(refunded_minor)::bigint AS refunded,
               jsonb_agg(title ORDER BY nth) AS titles
        FROM orders_line WHERE order_id = o.id) AS l
    ORDER BY o.sort_key {way}, o.id {way}
"""


@query
def shop_orders(
    scope: Scope,
    *,
    wanted: OrdersWanted,
    order: OrderSort = OrderSort.NEWEST,
    is_rising: bool = False,
    after: OrderId | None = None,
    limit: int = 50,
) -> tuple[ShopOrder, ...]:
    """This will list the orders of the asker's shop, the latest first or as `order` says; the open and the ended."""
    if scope.shop is None:
        raise NotFound("shop")
    way, beyond = ("ASC", ">") if is_rising else ("DESC", "<")
    by = _SORTED_BY[order]
    state, fulfilment = (each.value if each else None for each in (wanted.state, wanted.fulfilment))
    rows = sql.fetch(
        _OF_SHOP.format(by=by, way=way, beyond=beyond, business=_ITS_BUSINESS),
        *(scope.shop, state, state, fulfilment, fulfilment, wanted.number),
        *(wanted.since, wanted.since, wanted.until, wanted.until),
        *(after, after, scope.shop, max(1, min(limit, MOST_OF_SHEET))),
    )
    return tuple(_order(row) for row in rows)


def _order(row: tuple[Any, ...]) -> ShopOrder:
    id_, number, community, state, fulfilment, payment, goods, fee, refunded, *rest = row
    placed_at, promised_at, completed_at, pieces, titles = rest
    every = sql.from_json(titles)
    return ShopOrder(
        order=OrderId(id_),
        number=number,
        community=CommunityId(community),
        state=rules.OrderState(state),
        fulfilment=rules.Fulfilment(fulfilment),
        payment=rules.Payment(payment),
        goods=Money(goods),
        fee=Money(fee),
        refunded=Money(refunded),
        placed_at=placed_at,
        promised_at=promised_at,
        completed_at=completed_at,
        pieces=pieces,
        kinds=len(every),
        titles=tuple(every[:_NAMED]),
    )
