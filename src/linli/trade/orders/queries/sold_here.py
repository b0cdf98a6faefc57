"""What of a shop's goods each community bought in a time, what is left of the price, and how many homes came again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from linli.kernel.ids import CommunityId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_SOLD_HERE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldHere:
    """A good in a community, without what went back. `net` is what buyers paid for it, `merchant` the shop's part.

    `trips` are the parts of the ways on which the shop itself brought it (an order is one way, shared by the value of
    its goods), and `fees` what buyers paid the shop for these parts. `again`: homes that bought it on several orders.
    """

    variant: VariantId
    community: CommunityId
    units: int
    homes: int
    again: int
    net: Money
    merchant: Money
    trips: Decimal
    fees: Money
    first_at: datetime
    last_at: datetime


_SOLD = """
    WITH kept AS (
        SELECT l.variant, o.community, o.home, o.id, o.completed_at, l.quantity - l.refunded_quantity AS units,
               l.net_minor - l.refunded_minor AS net,
               l.merchant_minor * (1 - l.refunded_minor::numeric / nullif(l.net_minor, 0)) AS merchant,
               CASE WHEN o.fulfilment = 'shop_delivery' AND o.carrier = o.merchant
                    THEN l.net_minor::numeric / nullif(o.goods_minor, 0) END AS trip,
               o.delivery_fee_minor - o.refunded_fee_minor AS fee
        FROM orders_order AS o JOIN orders_line AS l ON l.order_id = o.id
        WHERE o.shop = %s AND o.community = ANY(%s::uuid[]) AND o.completed_at >= %s AND o.completed_at < %s
    ), by_home AS (
        SELECT variant, community, home, sum(units) AS units, count(DISTINCT id) FILTER (WHERE units > 0) AS orders,
               sum(net) AS net, sum(merchant) AS merchant, sum(trip) AS trips, sum(trip * fee) AS fees,
               min(completed_at) AS first_at, max(completed_at) AS last_at
        FROM kept GROUP BY 1, 2, 3
    )
    SELECT variant, community, sum(units)::int, count(*) FILTER (WHERE orders > 0)::int,
           count(*) FILTER (WHERE orders > 1)::int, sum(net)::bigint, round(coalesce(sum(merchant), 0))::bigint,
           coalesce(sum(trips), 0)::numeric(12, 4), round(coalesce(sum(fees), 0))::bigint, min(first_at), max(last_at)
    FROM by_home GROUP BY 1, 2 ORDER BY 6 DESC, 1, 2 LIMIT %s
"""


@query
def sold_here(
    scope: Scope,
    *,
    shop: ShopId,
    communities: Sequence[CommunityId],
    start: datetime,
    end: datetime,
    limit: int = MOST_SOLD_HERE,
) -> tuple[SoldHere, ...]:
    """This will add up what some communities bought of a shop's goods in orders completed in [start, end).

    To the shop and the house, what brought most first; one statement for all goods and communities.
    """
    if not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")
    rows = sql.fetch(_SOLD, shop, sql.as_ids(communities), start, end, max(1, min(limit, MOST_SOLD_HERE)))
    return tuple(
        SoldHere(
            variant=variant,
            community=community,
            units=units,
            homes=homes,
            again=again,
            net=Money(net),
            merchant=Money(merchant),
            trips=trips,
            fees=Money(fees),
            first_at=first_at,
            last_at=last_at,
        )
        for variant, community, units, homes, again, net, merchant, trips, fees, first_at, last_at in rows
    )
