"""The property company's part of what its communities buy: amounts and shops, never persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import CommunityId, LineId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules

MOST_LINES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionLine:
    """One sold line of a community: what it cost, the commission on it, and the company's part, after refunds."""

    line: LineId
    number: str
    community: CommunityId
    shop_name: rules.Names
    completed_at: datetime
    net: Money
    refunded: Money
    commission: Money
    company: Money


@query
def commission_lines(
    scope: Scope, *, start: datetime, end: datetime, after: LineId | None = None, limit: int = 100
) -> tuple[CommissionLine, ...]:
    """This will list what a company earned with orders completed in [start, end), in the order of their lines."""
    if scope.company is None:
        raise NotFound("company")
    rows = sql.fetch(
        "SELECT line, number, community, shop_name, completed_at, net_minor, refunded_minor, merchant_minor,"
        " company_minor, platform_minor FROM orders_commissions(%s, %s::uuid[], %s, %s, %s, %s)",
        scope.company,
        list(scope.communities),
        start,
        end,
        after,
        min(limit, MOST_LINES),
    )
    found = []
    for line, number, community, shop_name, completed_at, net, refunded, merchant, company, platform in rows:
        sold = rules.SoldLine(
            line=line,
            quantity=1,
            net=Money(net),
            shares=rules.Shares(merchant=Money(merchant), company=Money(company), platform=Money(platform)),
            refunded=Money(refunded),
        )
        earned = rules.still_earned(sold)
        found.append(
            CommissionLine(
                line=line,
                number=number,
                community=community,
                shop_name=sql.from_json(shop_name),
                completed_at=completed_at,
                net=sold.net,
                refunded=sold.refunded,
                commission=earned.commission,
                company=earned.company,
            )
        )
    return tuple(found)
