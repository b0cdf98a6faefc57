"""Finding an order of a shop by the number that stands on its slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import OrderId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules
from linli.trade.orders.queries.board import MOST_CARDS

LATEST = 2000
"""Numbers are looked for among so many of a shop's latest orders: a slip in somebody's hand is not years old."""


@dataclass(frozen=True, slots=True)
class NumberedOrder:
    """An order as its number finds it."""

    order: OrderId
    number: str
    state: rules.OrderState
    placed_at: datetime


@query
def orders_numbered(scope: Scope, *, number: str, limit: int = 10) -> tuple[NumberedOrder, ...]:
    """This will find the latest orders of the asker's shop whose number ends so."""
    if scope.shop is None or not number:
        return ()
    rows = sql.fetch(
        "SELECT id, number, state, placed_at FROM (SELECT id, number, state, placed_at FROM orders_order"
        " WHERE shop = %s ORDER BY id DESC LIMIT %s) AS latest"
        " WHERE right(number, length(%s)) = upper(%s) ORDER BY id DESC LIMIT %s",
        *(scope.shop, LATEST, number, number, min(limit, MOST_CARDS)),
    )
    return tuple(
        NumberedOrder(OrderId(id_), written, rules.OrderState(state), placed_at)
        for id_, written, state, placed_at in rows
    )
