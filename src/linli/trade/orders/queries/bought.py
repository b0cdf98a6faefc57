"""What was bought and kept: lines of completed orders without what went back, for those who foretell the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.kernel.ids import CommunityId, HomeId, ListingId, OrderId, PartyId, VariantId
from linli.kernel.refusals import Denied
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules

MOST_BOUGHT = 50_000


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """So many of a thing that somebody received in a home; `kind` is the catalogue's."""

    order: OrderId
    buyer: PartyId
    home: HomeId
    community: CommunityId
    completed_at: datetime
    listing: ListingId
    variant: VariantId
    kind: str
    title: rules.Names
    label: rules.Names
    quantity: int


@dataclass(frozen=True, slots=True)
class Liked:
    """A thing that so many homes of a community have bought lately."""

    listing: ListingId
    variant: VariantId
    title: rules.Names
    homes: int


_LIKED = """
    SELECT listing, (array_agg(variant ORDER BY id DESC))[1], (array_agg(title::text ORDER BY id DESC))[1],
           count(DISTINCT home)::int AS homes
    FROM (
        SELECT l.id, l.listing, l.variant, l.title, o.home FROM orders_order AS o JOIN orders_line AS l
        ON l.order_id = o.id WHERE o.community = %s AND o.completed_at >= %s AND l.kind = ANY(%s)
        AND l.quantity > l.refunded_quantity ORDER BY o.completed_at DESC LIMIT %s
    ) AS lately
    GROUP BY listing HAVING count(DISTINCT home) >= %s ORDER BY homes DESC, listing LIMIT %s
"""
MOST_LOOKED_AT = 20_000
_BOUGHT = """
    SELECT o.id, o.buyer, o.home, o.community, o.completed_at, l.listing, l.variant, l.kind, l.title::text,
           l.label::text, l.quantity - l.refunded_quantity
    FROM orders_order AS o JOIN orders_line AS l ON l.order_id = o.id
"""


@query
def bought_lines(scope: Scope, *, orders: Sequence[OrderId]) -> tuple[BoughtLine, ...]:
    """This will give every line of completed orders, also those of which nothing was kept (their quantity is 0)."""
    _insist_inside(scope)
    rows = sql.fetch(
        _BOUGHT + "WHERE o.id = ANY(%s::uuid[]) AND o.completed_at IS NOT NULL ORDER BY o.id, l.nth LIMIT %s",
        list(orders),
        MOST_BOUGHT,
    )
    return tuple(_line(row) for row in rows)


@query
def bought_in_homes(
    scope: Scope, *, buyers: Sequence[PartyId], homes: Sequence[HomeId], since: datetime
) -> tuple[BoughtLine, ...]:
    """This will give what each buyer received and kept in the home of the same place in `homes`, the newest first."""
    _insist_inside(scope)
    rows = sql.fetch(
        _BOUGHT + "JOIN unnest(%s::uuid[], %s::uuid[]) AS w(buyer, home) ON w.buyer = o.buyer AND w.home = o.home"
        " WHERE o.completed_at >= %s AND l.quantity > l.refunded_quantity ORDER BY o.id DESC, l.nth LIMIT %s",
        list(buyers),
        list(homes),
        since,
        MOST_BOUGHT,
    )
    return tuple(_line(row) for row in rows)


@query
def liked_nearby(
    scope: Scope, *, community: CommunityId, kinds: Sequence[str], since: datetime, least_homes: int, limit: int = 50
) -> tuple[Liked, ...]:
    """This will list what most homes of a community bought since then, never what fewer than `least_homes` did."""
    _insist_inside(scope)
    rows = sql.fetch(_LIKED, community, since, list(kinds), MOST_LOOKED_AT, max(2, least_homes), min(limit, 200))
    return tuple(Liked(listing, variant, sql.from_json(title), homes) for listing, variant, title, homes in rows)


def _insist_inside(scope: Scope) -> None:
    if not scope.is_inside:
        raise Denied


def _line(row: tuple[Any, ...]) -> BoughtLine:
    order, buyer, home, community, completed_at, listing, variant, kind, title, label, quantity = row
    return BoughtLine(
        order, buyer, home, community, completed_at, listing, variant, kind,
        sql.from_json(title), sql.from_json(label), quantity,
    )  # fmt: skip
