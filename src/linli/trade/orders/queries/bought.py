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


def _insist_inside(scope: Scope) -> None:
    if not scope.is_inside:
        raise Denied


def _line(row: tuple[Any, ...]) -> BoughtLine:
    order, buyer, home, community, completed_at, listing, variant, kind, title, label, quantity = row
    return BoughtLine(
        order, buyer, home, community, completed_at, listing, variant, kind,
        sql.from_json(title), sql.from_json(label), quantity,
    )  # fmt: skip
