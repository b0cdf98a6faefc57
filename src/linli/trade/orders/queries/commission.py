"""The property company's part of what its communities buy: amounts and shops, never persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linli.kernel.ids import CommunityId, LineId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules

MOST_LINES = 500


class CommissionSort(StrEnum):
    """By what a company's commission is sorted."""

    COMPLETED = "completed"
    SOLD = "sold"
    REFUNDED = "refunded"


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


_COLUMNS = (
    "line, number, community, shop_name, completed_at, net_minor, refunded_minor, merchant_minor, company_minor,"
    " platform_minor"
)
_BY_LINE = f"SELECT {_COLUMNS} FROM orders_commissions(%s, %s::uuid[], %s, %s, %s, %s)"
_KEYS = {
    CommissionSort.COMPLETED: "completed_at",
    CommissionSort.SOLD: "net_minor",
    CommissionSort.REFUNDED: "refunded_minor",
}
# A month is read whole and then sorted; the row after which a page begins may be anywhere in it.
_BY_KEY = """
    WITH c AS MATERIALIZED (SELECT * FROM orders_commissions(%s, %s::uuid[], %s, %s, NULL, NULL)),
        s AS (SELECT %s::uuid AS line)
    SELECT {columns} FROM c WHERE (SELECT line FROM s) IS NULL
        OR ({key}, line) {than} (SELECT {key}, line FROM c WHERE line = (SELECT line FROM s))
    ORDER BY {key} {way}, line {way} LIMIT %s
"""


@query
def commission_lines(
    scope: Scope,
    *,
    start: datetime,
    end: datetime,
    order: CommissionSort | None = None,
    is_rising: bool = False,
    after: LineId | None = None,
    limit: int = 100,
) -> tuple[CommissionLine, ...]:
    """This will list what a company earned with orders completed in [start, end), by age or as `order` says."""
    if scope.company is None:
        raise NotFound("company")
    statement = _BY_LINE
    if order is not None:
        than, way = (">", "ASC") if is_rising else ("<", "DESC")
        statement = _BY_KEY.format(columns=_COLUMNS, key=_KEYS[order], than=than, way=way)
    asked = (scope.company, list(scope.communities), start, end, after, min(limit, MOST_LINES))
    rows = sql.fetch(statement, *asked)
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
