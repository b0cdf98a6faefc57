"""What came back to a shop and waits to be counted in, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, OrderId, VariantId
from linli.kernel.refusals import Denied
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import rules
from linli.trade.stock import queries as stock

MOST = 100
MOST_LOOKED_AT = 5_000
"""So many that wait are looked at, the longest first; whether one is late depends on where it was ordered."""
_BACK = """
    SELECT o.id, o.number, o.state, o.community, m.moved_at, (SELECT json_agg(json_build_object('variant', l.variant,
        'title', l.title, 'label', l.label) ORDER BY l.nth)::text FROM orders_line AS l WHERE l.order_id = o.id)
    FROM orders_move AS m JOIN orders_order AS o ON o.id = m.order_id
    WHERE m.verb = 'come_back' AND o.shop = %s AND NOT EXISTS (
        SELECT FROM orders_move AS c WHERE c.order_id = o.id AND c.verb = 'count_in')
    ORDER BY m.moved_at, o.id LIMIT %s
"""
_UNCOUNTED = """
    SELECT o.id, o.number, o.community, m.moved_at, EXISTS (
        SELECT FROM orders_move AS c WHERE c.order_id = o.id AND c.verb = 'chase')
    FROM orders_move AS m JOIN orders_order AS o ON o.id = m.order_id
    WHERE m.verb = 'come_back' AND m.moved_at <= %s AND NOT EXISTS (
        SELECT FROM orders_move AS c WHERE c.order_id = m.order_id AND c.verb = 'count_in')
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
    """An order that ended, with what of it is back. Its shop has until `due_at`; from `lost_at` on it is lost."""

    order: OrderId
    number: str
    state: rules.OrderState
    back_at: datetime
    due_at: datetime
    lost_at: datetime
    lines: tuple[BackLine, ...]


@query
def came_back(scope: Scope, *, limit: int = MOST) -> tuple[CameBack, ...]:
    """This will list what waits to be counted in at the asker's shop, the longest first; two statements."""
    if scope.shop is None:
        raise Denied
    rows = sql.fetch(_BACK, scope.shop, min(limit, MOST))
    out = stock.out_with(scope, orders=[OrderId(row[0]) for row in rows]) if rows else {}
    return tuple(
        CameBack(order, number, rules.OrderState(state), back_at, *_due(community, back_at), _of(order, lines, out))
        for order, number, state, community, back_at, lines in rows
    )


def _due(community: CommunityId, back_at: datetime) -> tuple[datetime, datetime]:
    """By when it is counted in, and from when on it is lost, by the terms of the day on which it came back."""
    terms = policy(SYSTEM, rules.OrderPolicy, at=back_at, community=community)
    return back_at + timedelta(hours=terms.count_in_hours), back_at + timedelta(days=terms.write_off_days)


@dataclass(frozen=True, slots=True)
class LateBack:
    """An order of which something came back and waits too long; `is_lost`: it is to be written off."""

    order: OrderId
    number: str
    back_at: datetime
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Uncounted:
    """What came back and waits too long: whose shops are told again, and what is written off."""

    chased: tuple[OrderId, ...]
    lost: tuple[OrderId, ...]


@query
def late_backs(_scope: Scope, *, at: datetime, limit: int) -> tuple[LateBack, ...]:
    """This will list what shops did not count in in time and were not told again of, and what is to be written off."""
    late = []
    for order, number, community, back_at, was_chased in sql.fetch(_UNCOUNTED, at, MOST_LOOKED_AT):
        due_at, lost_at = _due(CommunityId(community), back_at)
        if lost_at <= at or (due_at <= at and not was_chased):
            late.append(LateBack(OrderId(order), number, back_at, lost_at <= at))
    return tuple(late[:limit])


@query
def uncounted(_scope: Scope, *, at: datetime, limit: int) -> Uncounted:
    """This will sort what waits too long by what is to be done."""
    late = late_backs(SYSTEM, at=at, limit=limit)
    return Uncounted(
        chased=tuple(each.order for each in late if not each.is_lost),
        lost=tuple(each.order for each in late if each.is_lost),
    )


def _of(order: OrderId, lines: str, out: Mapping[tuple[OrderId, VariantId], int]) -> tuple[BackLine, ...]:
    known = {line.variant: line for line in _lines(lines)}
    return tuple(
        BackLine(each, line.title, line.label, out[order, each]) for each, line in known.items() if (order, each) in out
    )
