"""What came back to a shop and waits to be counted in, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from linli.kernel.ids import OrderId, VariantId
from linli.kernel.refusals import Denied
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules
from linli.trade.stock import queries as stock

MOST = 100
_BACK = """
    SELECT o.id, o.number, o.state, m.moved_at, (SELECT json_agg(json_build_object('variant', l.variant,
        'title', l.title, 'label', l.label) ORDER BY l.nth)::text FROM orders_line AS l WHERE l.order_id = o.id)
    FROM orders_move AS m JOIN orders_order AS o ON o.id = m.order_id
    WHERE m.verb = 'come_back' AND o.shop = %s AND NOT EXISTS (
        SELECT FROM orders_move AS c WHERE c.order_id = o.id AND c.verb = 'count_in')
    ORDER BY m.moved_at, o.id LIMIT %s
"""
_UNCOUNTED = """
    SELECT m.order_id, m.moved_at <= %s FROM orders_move AS m
    WHERE m.verb = 'come_back' AND m.moved_at <= %s AND NOT EXISTS (
        SELECT FROM orders_move AS c WHERE c.order_id = m.order_id
            AND (c.verb = 'count_in' OR (c.verb = 'chase' AND m.moved_at > %s)))
    ORDER BY m.moved_at LIMIT %s
"""


class _Line(msgspec.Struct):
    variant: VariantId
    title: rules.Names
    label: rules.Names


_lines = msgspec.json.Decoder(list[_Line]).decode


@dataclass(frozen=True, slots=True)
class BackLine:
    """So many units of a thing that left with the order and lie at the shop again."""

    variant: VariantId
    title: rules.Names
    label: rules.Names
    quantity: int


@dataclass(frozen=True, slots=True)
class CameBack:
    """An order that ended, with what of it is back, and by when its shop counts it in."""

    order: OrderId
    number: str
    state: rules.OrderState
    back_at: datetime
    lines: tuple[BackLine, ...]

    @property
    def due_at(self) -> datetime:
        """Until then nobody is told again."""
        return self.back_at + rules.COUNT_IN_WITHIN

    @property
    def lost_at(self) -> datetime:
        """From then on it is written off."""
        return self.back_at + rules.WRITTEN_OFF_AFTER


@query
def came_back(scope: Scope, *, limit: int = MOST) -> tuple[CameBack, ...]:
    """This will list what waits to be counted in at the asker's shop, the longest first; two statements."""
    if scope.shop is None:
        raise Denied
    rows = sql.fetch(_BACK, scope.shop, min(limit, MOST))
    out = stock.out_with(scope, orders=[OrderId(row[0]) for row in rows]) if rows else {}
    return tuple(
        CameBack(order, number, rules.OrderState(state), back_at, _of(order, lines, out))
        for order, number, state, back_at, lines in rows
    )


@dataclass(frozen=True, slots=True)
class Uncounted:
    """What came back and waits too long: whose shops are told again, and what is written off."""

    chased: tuple[OrderId, ...]
    lost: tuple[OrderId, ...]


@query
def uncounted(_scope: Scope, *, at: datetime, limit: int) -> Uncounted:
    """This will list what shops did not count in within a day and were not told again of, and what is a week old."""
    lost_before = at - rules.WRITTEN_OFF_AFTER
    rows = sql.fetch(_UNCOUNTED, lost_before, at - rules.COUNT_IN_WITHIN, lost_before, limit)
    return Uncounted(
        chased=tuple(OrderId(order) for order, is_lost in rows if not is_lost),
        lost=tuple(OrderId(order) for order, is_lost in rows if is_lost),
    )


def _of(order: OrderId, lines: str, out: Mapping[tuple[OrderId, VariantId], int]) -> tuple[BackLine, ...]:
    known = {line.variant: line for line in _lines(lines)}
    return tuple(
        BackLine(each, line.title, line.label, out[order, each]) for each, line in known.items() if (order, each) in out
    )
