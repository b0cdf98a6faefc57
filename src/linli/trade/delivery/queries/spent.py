"""What bringing goods to some communities cost in a time: for those who weigh it against what was paid for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.delivery.rules import TaskState


@dataclass(frozen=True, slots=True)
class Spent:
    """Orders that couriers brought, the fees asked of their buyers, and what the couriers were paid for these."""

    brought: int
    fees: Money
    pay: Money


_SPENT = """
    SELECT t.community, count(*)::int, sum(t.fee_minor)::bigint, coalesce(sum(e.amount_minor), 0)::bigint
    FROM delivery_task_move AS m JOIN delivery_task AS t ON t.id = m.of_id
    LEFT JOIN delivery_earning AS e ON e.about = t.id
    WHERE m.community = ANY(%s::uuid[]) AND m.moved_at >= %s AND m.moved_at < %s AND m.after = %s AND NOT t.by_shop
        AND (%s::uuid IS NULL OR t.city = %s)
    GROUP BY 1 LIMIT %s
"""


@query
def spent(
    scope: Scope, *, communities: Sequence[CommunityId], start: datetime, end: datetime
) -> dict[CommunityId, Spent]:
    """This will add up what couriers brought to some communities in [start, end); those without are absent.

    What shops bring themselves is not among it, nor for an operator of one city what goes to another.
    """
    if not scope.is_inside:
        raise Denied
    done = TaskState.DONE.value
    rows = sql.fetch(
        _SPENT, sql.as_ids(communities), start, end, done, scope.city, scope.city, max(1, len(communities))
    )
    return {community: Spent(brought, Money(fees), Money(pay)) for community, brought, fees, pay in rows}
