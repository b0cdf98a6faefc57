"""Stock-takings: how far they are, and where the register and the eye disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.estate.assets import rules
from linli.estate.assets.models import Count, TakingMove
from linli.ground.files import queries as files
from linli.kernel.ids import AssetId, CommunityId, FileId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.moves import Moved, history
from linli.spine.scope import Scope

MOST = 20_000
_TAKINGS = """
    SELECT t.id, t.label, t.community, t.name, t.kind, t.state, t.began_at, t.due_at, t.ended_at, c.every::int,
        c.unseen::int, c.different::int
    FROM assets_taking t CROSS JOIN LATERAL (
        SELECT count(*) AS every, count(*) FILTER (WHERE k.seen = 'unseen') AS unseen,
            count(*) FILTER (WHERE k.seen IN ('elsewhere', 'damaged', 'missing')) AS different
        FROM assets_count k WHERE k.taking_id = t.id) c
    WHERE t.community = ANY(%s::uuid[]) AND (%s::uuid IS NULL OR t.id = %s) AND (NOT %s OR t.state = 'open')
    ORDER BY t.id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class TakingRow:
    """A stock-taking: how many it counts, how many are unseen yet, how many are not as the register says."""

    taking: UUID
    label: str
    community: CommunityId
    name: str
    kind: rules.AssetKind | None
    state: rules.TakingState
    began_at: datetime
    due_at: datetime
    ended_at: datetime | None
    every: int
    unseen: int
    different: int

    @property
    def counted(self) -> int:
        return self.every - self.unseen


@dataclass(frozen=True, slots=True)
class CountRow:
    """An asset of a stock-taking; `photos` are words that open them."""

    asset: AssetId
    label: str
    name: str
    expected: str
    seen: rules.Seen
    place: str
    words: str
    photos: tuple[str, ...]
    person: PartyId | None
    seen_at: datetime | None


@query
def takings(
    scope: Scope, *, community: CommunityId | None = None, only_open: bool = False, limit: int = 100
) -> tuple[TakingRow, ...]:
    """This will list stock-takings with their progress, the latest first."""
    reach = [one for one in scope.communities if community is None or one == community]
    rows = sql.fetch(_TAKINGS, reach, None, None, only_open, min(limit, 500))
    return tuple(_taking(row) for row in rows)


@query
def taking_page(scope: Scope, *, taking: UUID) -> tuple[TakingRow, tuple[Moved, ...]]:
    """This will show one stock-taking and what happened to it."""
    rows = sql.fetch(_TAKINGS, list(scope.communities), taking, taking, False, 1)
    if not rows:
        raise NotFound("stock-taking")
    return _taking(rows[0]), history(TakingMove, taking, scope=scope)


@query
def counts(
    scope: Scope, *, taking: UUID, seen: rules.Seen | None = None, at: datetime, limit: int = 200, offset: int = 0
) -> tuple[CountRow, ...]:
    """This will list what a stock-taking counts: what is not as the register says first."""
    rows = Count.objects.within(scope).filter(taking=taking)
    if seen is not None:
        rows = rows.filter(seen=seen.value)
    found = list(rows.select_related("asset").order_by("seen", "expected", "id")[offset : offset + min(limit, MOST)])
    kept = {FileId(photo) for row in found for photo in row.photos}
    links = files.links(scope, files=files.described(scope, files=kept), at=at) if kept else {}
    return tuple(
        CountRow(
            AssetId(row.asset_id),
            row.asset.label,
            row.asset.name,
            row.expected,
            rules.Seen(row.seen),
            row.place,
            row.words,
            tuple(links[FileId(photo)] for photo in row.photos if FileId(photo) in links),
            PartyId(row.person) if row.person else None,
            row.seen_at,
        )
        for row in found
    )


@query
def open_counts_of(scope: Scope, *, asset: AssetId) -> tuple[tuple[UUID, str, rules.Seen], ...]:
    """This will list the open stock-takings that count an asset: id, name, and what was seen of it so far."""
    rows = Count.objects.within(scope).filter(asset=asset, taking__state="open").order_by("-taking")
    found = rows.values_list("taking", "taking__name", "seen")[:10]
    return tuple((taking, name, rules.Seen(seen)) for taking, name, seen in found)


def _taking(row: tuple[Any, ...]) -> TakingRow:
    taking, label, community, name, kind, state, *rest = row
    of_kind = rules.AssetKind(kind) if kind else None
    return TakingRow(taking, label, community, name, of_kind, rules.TakingState(state), *rest)
