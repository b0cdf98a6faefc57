"""How much is under way, for whoever thinks of closing the counter."""

from __future__ import annotations

from collections.abc import Collection

from linli.estate.notices import rules
from linli.estate.notices.models import Notice
from linli.kernel.ids import CommunityId
from linli.spine.action import query
from linli.spine.scope import Scope


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the notices that hang now."""
    published = rules.NoticeState.PUBLISHED.value
    return Notice.objects.within(scope).filter(community__in=communities, state=published).count()
