"""Finding an order by the number that stands on its slip: by its shop, and by the platform."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import OrderId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules
from linli.trade.orders.queries.board import MOST_CARDS

LATEST = 2000
"""The end of a number is looked for among so many of the latest orders: a slip in somebody's hand is not years old."""
_WHOLE = re.compile(r"[A-Z]{2,3}-\d{6}-\d{4,}")
"""A whole number is looked for among all of them, by its index."""
_REACHED = "CASE WHEN %s THEN %s::uuid IS NULL OR city = %s::uuid ELSE shop = %s END"
_AMONG_LATEST = f"""
    SELECT id, number, state, placed_at FROM (
        SELECT id, number, state, placed_at FROM orders_order WHERE {_REACHED}
        ORDER BY id DESC LIMIT {LATEST}) AS latest
    WHERE right(number, length(%s)) = %s ORDER BY id DESC LIMIT %s
"""
_AMONG_ALL = f"""
    SELECT id, number, state, placed_at FROM orders_order WHERE {_REACHED} AND number = %s ORDER BY id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class NumberedOrder:
    """An order as its number finds it."""

    order: OrderId
    number: str
    state: rules.OrderState
    placed_at: datetime


@query
def orders_numbered(scope: Scope, *, number: str, limit: int = 10) -> tuple[NumberedOrder, ...]:
    """This will find the latest orders of the asker's shop, or of the platform's cities, whose number ends so."""
    number = number.upper()
    if not number or not (scope.is_inside or scope.shop):
        return ()
    reach, most = (scope.is_inside, scope.city, scope.city, scope.shop), min(limit, MOST_CARDS)
    if _WHOLE.fullmatch(number):
        rows = sql.fetch(_AMONG_ALL, *reach, number, most)
    else:
        rows = sql.fetch(_AMONG_LATEST, *reach, number, number, most)
    return tuple(
        NumberedOrder(OrderId(id_), written, rules.OrderState(state), placed_at)
        for id_, written, state, placed_at in rows
    )
