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
"""Numbers are looked for among so many of the latest orders: a slip in somebody's hand is not years old."""
LATEST_OF_WHOLE = 100_000
"""A whole number that is read out to the platform is looked for further back."""
_WHOLE = re.compile(r"[A-Za-z]{2,3}-\d{6}-\d{4,}")


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
    if not number or not (scope.is_inside or scope.shop):
        return ()
    latest = LATEST_OF_WHOLE if scope.is_inside and _WHOLE.fullmatch(number) else LATEST
    rows = sql.fetch(
        "SELECT id, number, state, placed_at FROM (SELECT id, number, state, placed_at FROM orders_order"
        " WHERE CASE WHEN %s THEN %s::uuid IS NULL OR city = %s::uuid ELSE shop = %s END"
        " ORDER BY id DESC LIMIT %s) AS latest"
        " WHERE right(number, length(%s)) = upper(%s) ORDER BY id DESC LIMIT %s",
        *(scope.is_inside, scope.city, scope.city, scope.shop, latest, number, number, min(limit, MOST_CARDS)),
    )
    return tuple(
        NumberedOrder(OrderId(id_), written, rules.OrderState(state), placed_at)
        for id_, written, state, placed_at in rows
    )
