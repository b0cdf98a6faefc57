"""What is off now, and what will be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.workorders.models import Outage, OutageMove
from linli.estate.workorders.rules import OutageState, Supply
from linli.kernel.ids import CommunityId, HomeId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.moves import Moved, history
from linli.spine.scope import Scope

MOST = 100
MOST_OF_SHEET = 20_000


@dataclass(frozen=True, slots=True)
class OutageCard:
    """What is off, where, and from when to when; `homes` is how many it touches."""

    outage: UUID
    community: CommunityId
    supply: Supply
    is_planned: bool
    place: str
    words: str
    starts_at: datetime
    ends_at: datetime
    state: OutageState
    homes: int


@dataclass(frozen=True, slots=True)
class OutagePage:
    card: OutageCard
    moves: tuple[Moved, ...]


@query
def outages_here(
    scope: Scope, *, community: CommunityId, homes: Sequence[HomeId], at: datetime, limit: int = 5
) -> tuple[OutageCard, ...]:
    """This will list what is off, or will be, for one of these homes; the soonest first."""
    if community not in scope.communities:
        raise NotFound("community")
    rows = Outage.objects.within(scope).filter(
        community=community,
        state=OutageState.ANNOUNCED.value,
        ends_at__gt=at,
        homes__overlap=list(homes) or [community],
    )
    return tuple(_card(row) for row in rows.order_by("starts_at")[: min(limit, MOST)])


@query
def outages(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    state: OutageState | None = None,
    supply: Supply | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[OutageCard, ...]:
    """This will list outages for the desk, the latest announced first."""
    rows = Outage.objects.within(scope).order_by("-id")
    if community is not None:
        rows = rows.filter(community=community)
    if state is not None:
        rows = rows.filter(state=state.value)
    if supply is not None:
        rows = rows.filter(supply=supply.value)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return tuple(_card(row) for row in rows[: min(limit, MOST_OF_SHEET)])


@query
def outage_page(scope: Scope, *, outage: UUID) -> OutagePage:
    """This will show one outage with what became of it."""
    row = Outage.objects.within(scope).filter(pk=outage).first()
    if row is None:
        raise NotFound("outage")
    return OutagePage(_card(row), history(OutageMove, row.pk, scope=scope))


def _card(row: Outage) -> OutageCard:
    return OutageCard(
        outage=row.pk,
        community=CommunityId(row.community),
        supply=Supply(row.supply),
        is_planned=row.is_planned,
        place=row.place,
        words=row.words,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=OutageState(row.state),
        homes=len(row.homes),
    )
