"""The batches of a company's communities, and the empty sheet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from linli.estate.intake.models import Batch
from linli.estate.intake.rules import COLUMNS, BatchState
from linli.kernel.ids import CommunityId, IntakeId, PartyId
from linli.spine.action import open_query, query
from linli.spine.scope import Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A sheet that was taken over, and what it did."""

    id: IntakeId
    community: CommunityId
    file_name: str
    rows: int
    did: dict[str, int]
    state: BatchState
    taken_by: PartyId | None
    taken_at: datetime
    undone_at: datetime | None


@query
def batches(
    scope: Scope, *, community: CommunityId, after: IntakeId | None = None, limit: int = 20
) -> tuple[BatchCard, ...]:
    """This will list the sheets that were taken over in a community, the latest first."""
    rows = Batch.objects.within(scope).filter(community=community)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return tuple(
        BatchCard(
            IntakeId(row.pk),
            CommunityId(row.community),
            row.file_name,
            row.rows,
            row.did,
            BatchState(row.state),
            PartyId(row.taken_by) if row.taken_by else None,
            row.taken_at,
            row.undone_at,
        )
        for row in rows.order_by("-id")[: min(limit, MOST)]
    )


@open_query
def template(*, in_chinese: bool) -> bytes:
    """This will give the empty sheet: its heading, in the words of one language or the other, as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([column.also[0] if in_chinese else column.name for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")
