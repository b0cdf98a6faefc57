"""Permits, relocations and releases as their pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.estate.permits import rules
from linli.estate.permits.models import (
    Inspection,
    OfHome,
    Permit,
    PermitMove,
    PermitPaper,
    Release,
    ReleaseMove,
    Relocation,
    RelocationCheck,
    RelocationMove,
)
from linli.ground.files import queries as files
from linli.ground.people import queries as people
from linli.ground.people.rules import masked_name
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, FileId, HomeId, PartyId, PermitId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import moves
from linli.spine.action import query
from linli.spine.moves import Moved
from linli.spine.scope import SYSTEM, Scope

MOST = 20_000
R = TypeVar("R", bound=OfHome)


@dataclass(frozen=True, slots=True)
class PermitCard:
    """Works in a list; `due_at` is when the state that they wait in is late."""

    permit: PermitId
    label: str
    community: CommunityId
    door: str
    asker: PartyId | None
    works: tuple[rules.Work, ...]
    contractor: str
    start_on: date
    end_on: date
    state: rules.PermitState
    asked_at: datetime
    due_at: datetime | None
    asks_for_more: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """An inspection; the photos are links."""

    look: rules.Look
    text: str
    photos: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PermitPage:
    """Everything of a permit."""

    card: PermitCard
    home: HomeId
    text: str
    contact: str
    extend_to: date | None
    extend_why: str
    deposit: UUID | None
    deposit_amount: Money
    deposit_held: bool
    fee: Money
    fee_paid: bool
    papers: tuple[tuple[rules.Paper, str], ...]
    inspections: tuple[Looked, ...]
    history: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class RelocationCard:
    """Somebody's moving; the name is shown in part, and gone when it is done."""

    relocation: PermitId
    label: str
    community: CommunityId
    home: HomeId
    door: str
    direction: rules.Direction
    residency: str
    name: str
    day: date
    state: rules.RelocationState
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class RelocationPage:
    """A move with its checklist: what is done has its note and its time."""

    card: RelocationCard
    checks: tuple[tuple[rules.Check, str, datetime | None], ...]
    history: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """A slip; the code is there for who asked for it."""

    release: PermitId
    label: str
    community: CommunityId
    door: str
    goods: str
    carrier: str
    code: str
    state: rules.ReleaseState
    asked_at: datetime
    due_at: datetime | None


@query
def permits(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    state: rules.PermitState | None = None,
    words: str = "",
    late_at: datetime | None = None,
    after: PermitId | None = None,
    limit: int = 50,
) -> tuple[PermitCard, ...]:
    """This will list the permits that the asker may see, the latest first.

    `words` are a door, or part of a number; with `late_at` only those whose deadline was before.
    """
    rows = _late(Permit.objects.within(scope), late_at)
    return _permit_cards(_listed(scope, rows, community, state, words, after, limit))


@query
def permit_page(scope: Scope, *, permit: PermitId, at: datetime) -> PermitPage:
    """This will show a permit with its papers, inspections and history."""
    row = _one(Permit.objects.within(scope), permit, "permit")
    papers = list(PermitPaper.objects.within(scope).filter(permit=row).order_by("id").values_list("kind", "file"))
    looks = list(Inspection.objects.within(scope).filter(permit=row).order_by("id"))
    shown = [FileId(file) for _kind, file in papers] + [FileId(file) for look in looks for file in look.photos]
    links = files.links(SYSTEM, files=shown, at=at) if shown else {}
    return PermitPage(
        card=_permit_cards([row])[0],
        home=HomeId(row.home),
        text=row.text,
        contact=row.contact,
        extend_to=row.extend_to,
        extend_why=row.extend_why,
        deposit=row.deposit,
        deposit_amount=Money(row.deposit_minor),
        deposit_held=row.deposit_held,
        fee=Money(row.fee_minor),
        fee_paid=row.fee_paid,
        papers=tuple((rules.Paper(kind), links[FileId(file)]) for kind, file in papers),
        inspections=tuple(
            Looked(rules.Look(e.look), e.text, tuple(links[FileId(f)] for f in e.photos), e.looked_at) for e in looks
        ),
        history=moves.history(PermitMove, permit, scope=scope),
    )


@query
def relocations(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    state: rules.RelocationState | None = None,
    words: str = "",
    late_at: datetime | None = None,
    after: PermitId | None = None,
    limit: int = 50,
) -> tuple[RelocationCard, ...]:
    """This will list who moves, the latest first; as with permits, `late_at` leaves those that are late."""
    rows = _late(Relocation.objects.within(scope), late_at)
    return _relocation_cards(_listed(scope, rows, community, state, words, after, limit))


@query
def relocation_page(scope: Scope, *, relocation: PermitId) -> RelocationPage:
    """This will show a move with its checklist."""
    row = _one(Relocation.objects.within(scope), relocation, "relocation")
    done = {
        item: (note, done_at)
        for item, note, done_at in RelocationCheck.objects.within(scope)
        .filter(relocation=row)
        .values_list("item", "note", "done_at")
    }
    checks = rules.checks_of(rules.Direction(row.direction))
    return RelocationPage(
        _relocation_cards([row])[0],
        tuple((check, *done.get(check.value, ("", None))) for check in checks),
        moves.history(RelocationMove, relocation, scope=scope),
    )


@query
def releases(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    state: rules.ReleaseState | None = None,
    words: str = "",
    after: PermitId | None = None,
    limit: int = 50,
) -> tuple[ReleaseCard, ...]:
    """This will list the slips for goods, the latest first; `words` are a door, or part of a number."""
    return _release_cards(scope, _listed(scope, Release.objects.within(scope), community, state, words, after, limit))


@query
def release_page(scope: Scope, *, release: PermitId) -> tuple[ReleaseCard, tuple[Moved, ...]]:
    """This will show a slip and what became of it."""
    row = _one(Release.objects.within(scope), release, "release")
    return _release_cards(scope, [row])[0], moves.history(ReleaseMove, release, scope=scope)


@query
def release_by_code(scope: Scope, *, code: str, at: datetime) -> PermitId | None:
    """This will find the open slip of a code, for the guard at the gate."""
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    rows = Release.objects.within(scope).filter(
        community__in=scope.communities, code=code, state=rules.ReleaseState.ISSUED.value, due_at__gt=at
    )
    found = rows.values_list("id", flat=True).first()
    return None if found is None else PermitId(found)


def _late(rows: QuerySet[R], at: datetime | None) -> QuerySet[R]:
    return rows if at is None else rows.filter(due_at__lt=at)


def _listed(
    scope: Scope,
    rows: QuerySet[R],
    community: CommunityId | None,
    state: Any,
    words: str,
    after: PermitId | None,
    limit: int,
) -> Sequence[R]:
    found = rows.order_by("-id")
    if community is not None:
        found = found.filter(community=community)
    if words:
        here = scope.communities if community is None else (community,)
        homes = [home.id for home in places.find_homes(*here, words=words, limit=places.MOST_HOMES)]
        found = found.filter(Q(home__among=homes) | Q(label__icontains=words))
    if state is not None:
        found = found.filter(state=state.value)
    if after is not None:
        found = found.filter(pk__lt=after)
    return list(found[: min(limit, MOST)])


def _one(rows: QuerySet[R], of: PermitId, thing: str) -> R:
    row = rows.filter(pk=of).first()
    if row is None:
        raise NotFound(thing)
    return row


def _doors(rows: Sequence[OfHome]) -> dict[UUID, str]:
    cards = places.homes({HomeId(row.home) for row in rows}) if rows else {}
    return {home: card.door for home, card in cards.items()}


def _permit_cards(rows: Sequence[Permit]) -> tuple[PermitCard, ...]:
    doors = _doors(rows)
    return tuple(
        PermitCard(
            PermitId(r.pk),
            r.label,
            CommunityId(r.community),
            doors.get(r.home, ""),
            PartyId(r.asker) if r.asker else None,
            tuple(rules.Work(work) for work in r.works),
            r.contractor,
            r.start_on,
            r.end_on,
            rules.PermitState(r.state),
            r.asked_at,
            r.due_at,
            r.extend_to is not None,
        )
        for r in rows
    )


def _relocation_cards(rows: Sequence[Relocation]) -> tuple[RelocationCard, ...]:
    doors = _doors(rows)
    moved = {PartyId(r.person) for r in rows if r.person}
    names = people.masked_names(SYSTEM, parties=moved) if moved else {}
    return tuple(
        RelocationCard(
            PermitId(r.pk),
            r.label,
            CommunityId(r.community),
            HomeId(r.home),
            doors.get(r.home, ""),
            rules.Direction(r.direction),
            r.residency,
            masked_name(r.name) if r.name else names.get(PartyId(r.person), "") if r.person else "",
            r.day,
            rules.RelocationState(r.state),
            r.due_at,
        )
        for r in rows
    )


def _release_cards(scope: Scope, rows: Sequence[Release]) -> tuple[ReleaseCard, ...]:
    doors = _doors(rows)
    return tuple(
        ReleaseCard(
            PermitId(r.pk),
            r.label,
            CommunityId(r.community),
            doors.get(r.home, ""),
            r.goods,
            r.carrier,
            r.code if r.asker == scope.person else "",
            rules.ReleaseState(r.state),
            r.asked_at,
            r.due_at,
        )
        for r in rows
    )
