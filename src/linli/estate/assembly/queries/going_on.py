"""How much is under way, for whoever thinks of closing the counter."""

from __future__ import annotations

from collections.abc import Collection

from linli.estate.assembly import rules
from linli.estate.assembly.models import Meeting
from linli.kernel.ids import CommunityId
from linli.spine.action import query
from linli.spine.scope import Scope


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the meetings that are not over."""
    rows = Meeting.objects.within(scope).filter(community__in=communities)
    return rows.exclude(state__in=[state.value for state in rules.MEETING_LIFE.ends]).count()
