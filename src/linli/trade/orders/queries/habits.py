"""Homes by how often they order, and what communities bought in a time: counts and sums, never a home or a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import CommunityId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_ORDERS = 3
"""More orders in a time than this are counted as so many."""
MOST_HABITS = 20_000
MOST_GOODS_SOLD = 20_000


@dataclass(frozen=True, slots=True)
class HomesAlike:
    """So many homes of a community that ordered alike (at one shop, or at any where it is None).

    `lately` and `before` are orders after and before the first instant asked about, at most three each; `earlier` says
    whether there was any before the second.
    """

    community: CommunityId
    shop: ShopId | None
    lately: int
    before: int
    earlier: bool
    homes: int


@dataclass(frozen=True, slots=True)
class CommunitySales:
    """What a community bought in a time. `checkouts` are its baskets: one may hold the orders of several shops."""

    community: CommunityId
    orders: int
    checkouts: int
    homes: int
    homes_again: int
    goods: Money
    refunded: Money
    fees: Money
    brought: int


@dataclass(frozen=True, slots=True)
class UnitsSold:
    """So many units of a good that a community bought and kept."""

    community: CommunityId
    variant: VariantId
    units: int


_ALIKE = """
    SELECT community, shop, lately, before, earlier, count(*)::int FROM (
        SELECT community, CASE WHEN %s THEN shop END AS shop,
               least(count(*) FILTER (WHERE completed_at >= %s), %s)::int AS lately,
               least(count(*) FILTER (WHERE completed_at < %s AND completed_at >= %s), %s)::int AS before,
               count(*) FILTER (WHERE completed_at < %s) > 0 AS earlier
        FROM orders_order
        WHERE community = ANY(%s::uuid[]) AND (%s::uuid IS NULL OR shop = %s::uuid) AND completed_at >= %s
          AND completed_at < %s
        GROUP BY community, 2, home) AS homes
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5 LIMIT %s
"""
_SALES = """
    SELECT community, sum(n)::int, sum(checkouts)::int, count(*)::int, count(*) FILTER (WHERE n > 1)::int,
           sum(goods)::bigint, sum(refunded)::bigint, sum(fees)::bigint, sum(brought)::int
    FROM (
        SELECT o.community, o.home, count(*) AS n, count(DISTINCT o.checkout_id) AS checkouts,
               sum(o.goods_minor) AS goods, sum(l.refunded) AS refunded,
               sum(o.delivery_fee_minor - o.refunded_fee_minor) AS fees,
               count(*) FILTER (WHERE o.fulfilment <> 'pick_up') AS brought
        FROM orders_order AS o
        CROSS JOIN LATERAL (SELECT sum(refunded_minor) AS refunded FROM orders_line WHERE order_id = o.id) AS l
        WHERE o.community = ANY(%s::uuid[]) AND o.completed_at >= %s AND o.completed_at < %s
        GROUP BY 1, 2) AS homes
    GROUP BY 1 ORDER BY 1 LIMIT %s
"""
_UNITS = """
    SELECT o.community, l.variant, sum(l.quantity - l.refunded_quantity)::int
    FROM orders_order AS o JOIN orders_line AS l ON l.order_id = o.id
    WHERE o.community = ANY(%s::uuid[]) AND o.completed_at >= %s AND o.completed_at < %s
    GROUP BY 1, 2 HAVING sum(l.quantity - l.refunded_quantity) > 0 ORDER BY 3 DESC, 1, 2 LIMIT %s
"""


@query
def homes_alike(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    shop: ShopId | None = None,
    by_shop: bool = False,
    since: datetime,
    lately: datetime,
    before: datetime,
    until: datetime,
) -> tuple[HomesAlike, ...]:
    """This will count homes by how often they ordered in [lately, until), [before, lately) and [since, before).

    To the house; of one shop's own orders also to the shop.
    """
    if not (scope.is_inside or (shop is not None and scope.shop == shop)):
        raise NotFound("shop")
    rows = sql.fetch(
        _ALIKE, by_shop or shop is not None, lately, MOST_ORDERS, lately, before, MOST_ORDERS, before,
        sql.as_ids(communities), shop, shop, since, until, MOST_HABITS,
    )  # fmt: skip
    return tuple(HomesAlike(*row) for row in rows)


@query
def community_sales(
    scope: Scope, *, communities: Sequence[CommunityId], start: datetime, end: datetime
) -> dict[CommunityId, CommunitySales]:
    """This will add up what some communities bought in orders completed in [start, end); those without are absent."""
    _insist_inside(scope)
    rows = sql.fetch(_SALES, sql.as_ids(communities), start, end, max(1, len(communities)))
    return {
        community: CommunitySales(
            community, orders, checkouts, homes, again, Money(goods), Money(refunded), Money(fees), brought
        )
        for community, orders, checkouts, homes, again, goods, refunded, fees, brought in rows
    }


@query
def units_sold(
    scope: Scope, *, communities: Sequence[CommunityId], start: datetime, end: datetime
) -> tuple[UnitsSold, ...]:
    """This will count the units of each good that some communities bought and kept, the most first."""
    _insist_inside(scope)
    rows = sql.fetch(_UNITS, sql.as_ids(communities), start, end, MOST_GOODS_SOLD)
    return tuple(UnitsSold(*row) for row in rows)


def _insist_inside(scope: Scope) -> None:
    if not scope.is_inside:
        raise Denied
