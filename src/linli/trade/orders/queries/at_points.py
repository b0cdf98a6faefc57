"""What waits at the pick-up points of communities, for who hands it out there, and for the clock that reminds of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, OrderId
from linli.kernel.refusals import Denied
from linli.spine import sql
from linli.spine.action import query
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.rules import Care
from linli.trade.delivery.rules import DropOff

MOST = 20_000
MOST_AT_POINTS = 200
BEFORE = timedelta(hours=24)
"""So long before its time is up a buyer is reminded."""
_WAITING = """
    SELECT o.id, o.number, o.community, o.home, o.drop_off, o.due_at, coalesce(o.spot, ''),
        ARRAY(SELECT l.variant FROM orders_line AS l WHERE l.order_id = o.id) FROM orders_order AS o
    WHERE o.state = 'at_pickup_point' AND o.due_at IS NOT NULL AND o.community = ANY (%s::uuid[])
    ORDER BY o.due_at, o.id LIMIT %s
"""
_TO_REMIND = """
    SELECT o.id FROM orders_order AS o WHERE o.state = 'at_pickup_point' AND o.due_at <= %s AND o.due_at > %s
        AND NOT EXISTS (SELECT FROM orders_move AS m WHERE m.order_id = o.id AND m.verb = 'remind')
    ORDER BY o.due_at LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class AtPoint:
    """An order that waits at a point, by the number on its parcel and the door it is for; `spot` is where it lies.

    `adults_only`: whoever hands it out looks at the age of who fetches it.
    """

    order: OrderId
    number: str
    community: CommunityId
    door: str
    drop_off: DropOff
    due_at: datetime
    spot: str
    adults_only: bool = False


@query
def at_points(scope: Scope, *, limit: int = MOST_AT_POINTS) -> tuple[AtPoint, ...]:
    """This will list what couriers left at the points of the asker's communities, what goes back first on top."""
    if not scope.may(May.RUN_PARCELS):
        raise Denied
    rows = _rows(SYSTEM, communities=scope.communities, limit=min(limit, MOST)) if scope.communities else []
    homes = places.homes({HomeId(row[3]) for row in rows}) if rows else {}
    asks = catalogue.care_of(variants={variant for row in rows for variant in row[7]}) if rows else {}
    grown = {variant for variant, carrying in asks.items() if Care.ADULTS in carrying.care}
    return tuple(
        AtPoint(
            order=order,
            number=number,
            community=community,
            door=homes[home].door if home in homes else "",
            drop_off=DropOff(drop_off),
            due_at=due_at,
            spot=spot,
            adults_only=not grown.isdisjoint(variants),
        )
        for order, number, community, home, drop_off, due_at, spot, variants in rows
    )


@query
def _rows(_scope: Scope, *, communities: Collection[CommunityId], limit: int) -> list[tuple[Any, ...]]:
    return list(sql.fetch(_WAITING, sql.as_ids(communities), limit))


@query
def orders_to_remind_of(_scope: Scope, *, at: datetime, limit: int) -> tuple[OrderId, ...]:
    """This will list what waits at a point for not much longer, and nobody was reminded of."""
    return tuple(OrderId(order) for (order,) in sql.fetch(_TO_REMIND, at + BEFORE, at, limit))
