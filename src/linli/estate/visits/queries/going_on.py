"""How much is under way, for whoever thinks of closing the counter."""

from __future__ import annotations

from collections.abc import Collection

from linli.estate.visits import rules
from linli.estate.visits.models import Pass
from linli.kernel.ids import CommunityId
from linli.spine.action import query
from linli.spine.scope import Scope


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the passes that are good now or later."""
    return Pass.objects.within(scope).filter(community__in=communities, state=rules.PassState.OPEN.value).count()
