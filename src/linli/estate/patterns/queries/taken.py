"""What a community took over from others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.estate.patterns.models import Batch
from linli.estate.patterns.rules import BatchState
from linli.kernel.ids import CommunityId, PartyId, PatternId
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class BatchCard:
    """What was taken over at one time."""

    id: PatternId
    source: CommunityId
    start_on: date
    did: dict[str, int]
    state: BatchState
    taken_by: PartyId | None
    taken_at: datetime
    undone_at: datetime | None


@query
def batches(
    scope: Scope, *, community: CommunityId, after: PatternId | None = None, limit: int = 20
) -> tuple[BatchCard, ...]:
    """This will list what a community took over from others, the latest first."""
    rows = Batch.objects.within(scope).filter(community=community)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return tuple(
        BatchCard(
            PatternId(row.pk),
            CommunityId(row.source),
            row.start_on,
            row.did,
            BatchState(row.state),
            PartyId(row.taken_by) if row.taken_by else None,
            row.taken_at,
            row.undone_at,
        )
        for row in rows.order_by("-id")[: min(limit, MOST)]
    )
