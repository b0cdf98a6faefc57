"""What the answers about visitors look like, and how rows become them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from linli.estate.visits import models, rules
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import ArrivalId, CommunityId, HomeId, PartyId, VisitPassId
from linli.spine import moves
from linli.spine.action import query
from linli.spine.base import ScopedModel
from linli.spine.scope import SYSTEM, Scope

R = TypeVar("R", bound=ScopedModel)
MOST_OF_SHEET = 20_000


@dataclass(frozen=True, slots=True)
class PassCard:
    """A pass as its inviter sees it."""

    visit_pass: VisitPassId
    community: CommunityId
    home: HomeId
    door: str
    kind: rules.PassKind
    guest_name: str
    guest_phone: str
    plate: str
    code: str
    window: rules.Window
    entries: int | None
    entered: int
    state: rules.PassState
    why_not: rules.WhyNot | None
    link: str


@dataclass(frozen=True, slots=True)
class PassingLine:
    """One line of the log."""

    passing: UUID
    at: datetime
    way: rules.Way
    why: str
    gate: str
    door: str
    kind: str
    guard: str
    community: CommunityId


@dataclass(frozen=True, slots=True)
class PassPage:
    card: PassCard
    passings: tuple[PassingLine, ...]
    moves: tuple[moves.Moved, ...]


@dataclass(frozen=True, slots=True)
class SharedPass:
    """A pass as its guest sees it: where and when, and nothing of the home or who lives there."""

    community: CommunityId
    code: str
    window: rules.Window
    entries: int | None
    entered: int
    why_not: rules.WhyNot | None


@dataclass(frozen=True, slots=True)
class GatePass:
    """A pass as a guard sees it: the door, the car, whether it is good; not who the guest is."""

    visit_pass: VisitPassId
    community: CommunityId
    door: str
    kind: rules.PassKind
    plate: str
    window: rules.Window
    entries: int | None
    entered: int
    inside: int
    why_not: rules.WhyNot | None


@dataclass(frozen=True, slots=True)
class ArrivalCard:
    """Somebody at the gate without a pass."""

    arrival: ArrivalId
    community: CommunityId
    door: str
    gate: str
    purpose: rules.Purpose
    guest_name: str
    plate: str
    state: rules.ArrivalState
    registered_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class GateBoard:
    """What a guard has in front of them: who waits, who passed lately, and how many are inside."""

    arrivals: tuple[ArrivalCard, ...]
    lately: tuple[PassingLine, ...]
    inside: int


@dataclass(frozen=True, slots=True)
class DeskPass:
    """A pass in the desk's list: without its code, and without who the guest is."""

    visit_pass: VisitPassId
    community: CommunityId
    door: str
    kind: rules.PassKind
    window: rules.Window
    entries: int | None
    entered: int
    state: rules.PassState
    invited_at: datetime


@dataclass(frozen=True, slots=True)
class DeskPassPage:
    """A pass as the desk sees it: names in part, who checked it, and every step of its life."""

    card: GatePass
    state: rules.PassState
    guest: str
    inviter: str
    invited_at: datetime
    passings: tuple[PassingLine, ...]
    moves: tuple[moves.Moved, ...]
    names: Mapping[PartyId, str]


def newest(rows: QuerySet[R], after: UUID | None, limit: int) -> list[R]:
    """This will give the newest rows, or those after a former page's last one."""
    rows = rows.filter(id__lt=after) if after else rows
    return list(rows.order_by("-id")[: min(limit, MOST_OF_SHEET)])


def why_not_now(row: models.Pass, at: datetime) -> rules.WhyNot | None:
    """This will tell why a pass lets nobody in at an instant, or None."""
    zone = places.market_of(CommunityId(row.community)).timezone
    return rules.why_not(row.window, rules.PassState(row.state), row.entries, row.entered, at, zone)


def doors_of(homes: Iterable[UUID | None]) -> dict[UUID, str]:
    """This will name the doors of homes, in one statement."""
    asked = {HomeId(home) for home in homes if home is not None}
    return {id_: card.door for id_, card in places.homes(asked).items()} if asked else {}


def pass_cards(rows: Sequence[models.Pass], at: datetime) -> tuple[PassCard, ...]:
    """This will make cards of passes for their inviter."""
    doors, secret = doors_of(row.home for row in rows), settings.SECRET_KEY.encode()
    return tuple(
        PassCard(
            VisitPassId(row.id),
            CommunityId(row.community),
            HomeId(row.home),
            doors[row.home],
            rules.PassKind(row.kind),
            row.guest_name,
            row.guest_phone,
            row.plate,
            row.code,
            row.window,
            row.entries,
            row.entered,
            rules.PassState(row.state),
            why_not_now(row, at),
            rules.link_word(VisitPassId(row.id), secret),
        )
        for row in rows
    )


def arrival_cards(rows: Iterable[models.Arrival], at: datetime) -> tuple[ArrivalCard, ...]:
    """This will make cards of arrivals."""
    found = list(rows)
    doors = doors_of(row.home for row in found)
    return tuple(
        ArrivalCard(
            ArrivalId(row.id),
            CommunityId(row.community),
            doors[row.home],
            row.gate,
            rules.Purpose(row.purpose),
            row.guest_name,
            row.plate,
            _state_now(row, at),
            row.registered_at,
            row.due_at,
        )
        for row in found
    )


def _state_now(row: models.Arrival, at: datetime) -> rules.ArrivalState:
    """What nobody answered in time is over, whether or not the clock has come by."""
    state = rules.ArrivalState(row.state)
    waits = rules.ARRIVAL_LIFE.allows(state, rules.ArrivalVerb.LAPSE)
    return rules.ArrivalState.LAPSED if waits and at >= row.due_at else state


def passing_lines(rows: Sequence[models.Passing], named_by: Scope | None = None) -> tuple[PassingLine, ...]:
    """This will make lines of the log; guards are named where it is for the desk."""
    doors = doors_of(row.home for row in rows)
    guards = {PartyId(row.guard) for row in rows if row.guard} if named_by else set()
    names = people.names(SYSTEM, parties=guards) if guards else {}
    known = [row.visit_pass_id for row in rows if row.visit_pass_id]
    kinds = _kinds(SYSTEM, passes=known) if known else {}
    return tuple(
        PassingLine(
            row.id,
            row.passed_at,
            rules.Way(row.way),
            row.why,
            row.gate,
            doors.get(row.home, "") if row.home else "",
            kinds[row.visit_pass_id] if row.visit_pass_id else "arrival" if row.arrival_id else "",
            names.get(PartyId(row.guard), "") if row.guard else "",
            CommunityId(row.community),
        )
        for row in rows
    )


@query
def _kinds(scope: Scope, *, passes: Sequence[UUID]) -> dict[UUID, str]:
    return dict(models.Pass.objects.within(scope).filter(id__in=passes).values_list("id", "kind"))
