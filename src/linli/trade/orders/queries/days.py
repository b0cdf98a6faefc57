"""What was sold day by day, and who got which part of it: for the charts of those who look after a city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class SoldDay:
    """One day of completed orders, refunds left out of the shares: delivery fees belong to whoever brought them."""

    day: date
    orders: int
    turnover: Money
    merchants: Money
    companies: Money
    platform: Money


_DAYS = """
    SELECT (o.completed_at AT TIME ZONE %s)::date AS day, count(*), sum(o.goods_minor + o.delivery_fee_minor)::bigint,
           sum(l.merchant)::bigint, sum(l.company)::bigint, sum(l.platform)::bigint
    FROM orders_order AS o JOIN LATERAL (
        SELECT sum(merchant_minor) AS merchant, sum(company_minor) AS company, sum(platform_minor) AS platform
        FROM orders_line WHERE order_id = o.id) AS l ON true
    WHERE o.community = ANY(%s::uuid[]) AND o.completed_at >= %s AND o.completed_at < %s
    GROUP BY 1 ORDER BY 1 LIMIT %s
"""


@query
def sold_days(
    scope: Scope, *, communities: tuple[CommunityId, ...], timezone: str, start: datetime, end: datetime
) -> tuple[SoldDay, ...]:
    """This will add up orders completed in [start, end) in some communities by day; days without any are absent."""
    if not scope.is_inside:
        raise Denied
    rows = sql.fetch(_DAYS, timezone, list(communities), start, end, MOST_DAYS)
    return tuple(SoldDay(day, orders, *(Money(minor) for minor in minors)) for day, orders, *minors in rows)
