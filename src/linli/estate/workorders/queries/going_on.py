"""How much is under way, and how much of it is late, community by community."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count

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


@query
def late_in(scope: Scope, *, communities: Collection[CommunityId], at: datetime) -> dict[CommunityId, int]:
    """This will count for each community the open work orders whose clock has run out; without one it is left out."""
    hurried = [state.value for state in rules.HURRIED]
    rows = Order.objects.within(scope).filter(community__in=communities, state__in=hurried, due_at__lt=at)
    found = rows.values("community").annotate(late=Count("pk")).values_list("community", "late").order_by("community")
    return {CommunityId(community): late for community, late in found}
