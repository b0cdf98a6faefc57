"""How much is under way, for whoever thinks of closing the counter."""

from __future__ import annotations

from collections.abc import Collection

from linli.estate.metering import rules
from linli.estate.metering.models import Reading
from linli.kernel.ids import CommunityId
from linli.spine.action import query
from linli.spine.scope import Scope


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the readings that wait for somebody."""
    waiting = rules.ReadingState.WAITING.value
    return Reading.objects.within(scope).filter(community__in=communities, state=waiting).count()
