"""What guards and the desk ask about visitors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.expressions import Combinable

from linli.estate.visits import models, rules
from linli.estate.visits.queries.cards import (
    MOST_OF_SHEET,
    DeskPass,
    DeskPassPage,
    GateBoard,
    GatePass,
    PassingLine,
    arrival_cards,
    doors_of,
    newest,
    passing_lines,
    why_not_now,
)
from linli.ground.people import queries as people
from linli.ground.people.rules import masked_name
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, PartyId, VisitPassId
from linli.kernel.refusals import NotFound
from linli.spine import moves
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.spine.sorting import in_order

MOST = 200
LATELY = 12


class PassSort(StrEnum):
    """By what a list of passes is sorted."""

    NEWEST = "invited"
    BEGIN = "begin"
    ENTRIES = "entries"


_SORTED_BY: dict[PassSort, Combinable] = {PassSort.BEGIN: F("starts_at"), PassSort.ENTRIES: F("entered")}


@query
def scanned(scope: Scope, *, word: str) -> VisitPassId:
    """This will tell which pass of the guard's communities a scanned link stands for."""
    visit_pass = rules.read_link(word, settings.SECRET_KEY.encode())
    if visit_pass is None or not models.Pass.objects.within(scope).filter(id=visit_pass).exists():
        raise NotFound("pass")
    return visit_pass


@query
def gate_pass(scope: Scope, *, visit_pass: VisitPassId, at: datetime) -> GatePass:
    """This will show a pass at the gate."""
    row = models.Pass.objects.within(scope).filter(id=visit_pass).first()
    if row is None:
        raise NotFound("pass")
    return _gate_pass(row, at)


def _gate_pass(row: models.Pass, at: datetime) -> GatePass:
    return GatePass(
        VisitPassId(row.id),
        CommunityId(row.community),
        places.home(HomeId(row.home)).door,
        rules.PassKind(row.kind),
        row.plate,
        row.window,
        row.entries,
        row.entered,
        row.inside,
        why_not_now(row, at),
    )


@query
def desk_pass(scope: Scope, *, visit_pass: VisitPassId, at: datetime) -> DeskPassPage:
    """This will show a pass to the desk of its community: its life, and who checked it when and where."""
    row = models.Pass.objects.within(scope).filter(id=visit_pass).first()
    if row is None:
        raise NotFound("pass")
    steps = moves.history(models.PassMove, visit_pass, scope=scope)
    parties = {PartyId(row.inviter), *(step.person for step in steps if step.person)}
    names = people.masked_names(SYSTEM, parties=parties)
    checks = models.Passing.objects.within(scope).filter(visit_pass=visit_pass)
    return DeskPassPage(
        card=_gate_pass(row, at),
        state=rules.PassState(row.state),
        guest=masked_name(row.guest_name),
        inviter=names.get(PartyId(row.inviter), ""),
        invited_at=row.invited_at,
        passings=passing_lines(newest(checks, None, MOST), named_by=scope),
        moves=steps,
        names=names,
    )


@query
def gate_board(scope: Scope, *, community: CommunityId, at: datetime) -> GateBoard:
    """This will show what happens at the gates of a community."""
    waiting = models.Arrival.objects.within(scope).filter(
        community=community, state__in=["waiting", "allowed"], due_at__gt=at
    )
    lately = models.Passing.objects.within(scope).filter(community=community)
    inside = models.Pass.objects.within(scope).filter(community=community, inside__gt=0)
    return GateBoard(
        arrival_cards(waiting.order_by("id")[:MOST], at), passing_lines(newest(lately, None, LATELY)), inside.count()
    )


@query
def passes(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    state: rules.PassState | None = None,
    kind: rules.PassKind | None = None,
    homes: Iterable[HomeId] | None = None,
    order: PassSort = PassSort.NEWEST,
    is_rising: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[DeskPass, ...]:
    """This will list the passes of communities for their desk, the newest first or as `order` says."""
    rows = models.Pass.objects.within(scope).filter(community__in=communities)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(home__in=list(homes)) if homes is not None else rows
    every = models.Pass.objects.within(scope)
    rows = in_order(rows, every, _SORTED_BY.get(order), is_rising=is_rising, after=after)
    found = list(rows[: min(limit, MOST_OF_SHEET)])
    doors = doors_of(row.home for row in found)
    return tuple(
        DeskPass(
            VisitPassId(row.id),
            CommunityId(row.community),
            doors[row.home],
            rules.PassKind(row.kind),
            row.window,
            row.entries,
            row.entered,
            rules.PassState(row.state),
            row.invited_at,
        )
        for row in found
    )


@query
def passings(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    way: rules.Way | None = None,
    gate: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    homes: Iterable[HomeId] | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[PassingLine, ...]:
    """This will list what happened at the gates of communities, the latest first."""
    rows = models.Passing.objects.within(scope).filter(community__in=communities)
    rows = rows.filter(way=way) if way else rows
    rows = rows.filter(gate=gate) if gate else rows
    rows = rows.filter(passed_at__gte=since) if since else rows
    rows = rows.filter(passed_at__lt=until) if until else rows
    rows = rows.filter(home__in=list(homes)) if homes is not None else rows
    return passing_lines(newest(rows, after, limit), named_by=scope)
