"""What left the shops day by day, of each good and community: for those who foretell what will be wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linli.kernel.ids import CommunityId, ShopId, VariantId
from linli.kernel.refusals import Denied
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_SOLD = 20_000


@dataclass(frozen=True, slots=True)
class SoldGoods:
    """So many of a variant, on a day of the community's zone, less what was given back since."""

    shop: ShopId
    variant: VariantId
    kind: str
    day: date
    quantity: int


_SOLD = """
    SELECT o.shop, l.variant, l.kind, (o.completed_at AT TIME ZONE %s)::date AS day,
           sum(l.quantity - l.refunded_quantity)::int AS quantity
    FROM orders_order AS o JOIN orders_line AS l ON l.order_id = o.id
    WHERE o.community = %s AND o.completed_at >= %s AND o.completed_at < %s AND l.kind = ANY(%s)
      AND (%s::date IS NULL OR ((o.completed_at AT TIME ZONE %s)::date, o.shop, l.variant) > (%s, %s, %s))
    GROUP BY 1, 2, 3, 4 HAVING sum(l.quantity - l.refunded_quantity) > 0 ORDER BY 4, 1, 2 LIMIT %s
"""


@query
def sold_goods(
    scope: Scope,
    *,
    community: CommunityId,
    kinds: Sequence[str],
    timezone: str,
    start: datetime,
    end: datetime,
    after: SoldGoods | None = None,
    limit: int = MOST_SOLD,
) -> tuple[SoldGoods, ...]:
    """This will add up the goods of some kinds in orders completed in [start, end), by day, shop and variant.

    A page of them; `after` is the last of the page before.
    """
    if not scope.is_inside:
        raise Denied
    last = (after.day, timezone, after.day, after.shop, after.variant) if after else (None, timezone, None, None, None)
    limit = max(1, min(limit, MOST_SOLD))
    rows = sql.fetch(_SOLD, timezone, community, start, end, list(kinds), *last, limit)
    return tuple(SoldGoods(*row) for row in rows)
