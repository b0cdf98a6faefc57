"""The numbers of a shop's days: how many orders at which hour, what they came to, how many were packed in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules

MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class ShopHour:
    """The orders that were placed in one hour of one day and paid or promised.

    `packed` of them were ready, `punctual` of these by the time that the buyer was promised.
    """

    day: date
    hour: int
    orders: int
    turnover: Money
    packed: int
    punctual: int
    lost: int
    """Refused or called off: they are counted here and nowhere else."""


_LOST = (rules.OrderState.REFUSED.value, rules.OrderState.CANCELLED.value)
_HOURS = """
    SELECT (o.placed_at AT TIME ZONE %s)::date AS day, extract(hour FROM o.placed_at AT TIME ZONE %s)::int AS hour,
        count(*) FILTER (WHERE NOT o.is_lost),
        coalesce(sum(o.goods_minor) FILTER (WHERE NOT o.is_lost), 0)::bigint,
        count(ready.at) FILTER (WHERE NOT o.is_lost),
        count(*) FILTER (WHERE NOT o.is_lost AND ready.at <= o.promised_at),
        count(*) FILTER (WHERE o.is_lost)
    FROM (
        SELECT id, placed_at, promised_at, goods_minor, state = ANY (%s) AS is_lost FROM orders_order
        WHERE shop = %s AND state <> 'placed' AND placed_at >= %s AND placed_at < %s
            AND (paid_at IS NOT NULL OR payment <> 'online')
    ) AS o
    LEFT JOIN LATERAL (
        SELECT min(moved_at) AS at FROM orders_move WHERE order_id = o.id AND refund_id IS NULL AND state = 'ready'
    ) AS ready ON true
    GROUP BY 1, 2 ORDER BY 1, 2 LIMIT %s
"""


@query
def shop_hours(scope: Scope, *, timezone: str, start: datetime, end: datetime) -> tuple[ShopHour, ...]:
    """This will add up the asker's shop by day and hour, over a month at most; hours without an order are absent."""
    if scope.shop is None:
        raise Denied
    rows = sql.fetch(_HOURS, timezone, timezone, list(_LOST), scope.shop, start, end, MOST_DAYS * 24)
    return tuple(
        ShopHour(day, hour, orders, Money(turnover), packed, punctual, lost)
        for day, hour, orders, turnover, packed, punctual, lost in rows
    )
