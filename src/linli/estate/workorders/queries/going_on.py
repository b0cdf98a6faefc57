"""How much is under way, for whoever thinks of closing the counter."""

from __future__ import annotations

from collections.abc import Collection

from linli.estate.workorders import rules
from linli.estate.workorders.models import Order
from linli.kernel.ids import CommunityId
from linli.spine.action import query
from linli.spine.scope import Scope


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the work orders that are not done yet."""
    rows = Order.objects.within(scope).filter(community__in=communities, state__in=[s.value for s in rules.OPEN])
    return rows.count()
