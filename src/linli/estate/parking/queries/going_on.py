"""How much is under way, for whoever thinks of closing the counter."""

from __future__ import annotations

from collections.abc import Collection

from linli.estate.parking import rules
from linli.estate.parking.models import Session
from linli.kernel.ids import CommunityId
from linli.spine.action import query
from linli.spine.scope import Scope


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the cars that are inside."""
    inside = rules.SessionState.INSIDE.value
    return Session.objects.within(scope).filter(community__in=communities, state=inside).count()
