"""The roll: who has a vote and whether it was cast; what an owner may vote for; paper ballots between two readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from linli.estate.assembly import rules
from linli.estate.assembly.models import Choice, Meeting, Paper, Proxy, Voter
from linli.ground.files import queries as files
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import FileId, HomeId, MeetingId, MotionId, PartyId, VoterId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Role, Scope

MOST = 20_000
MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class RollRow:
    """A head of the roll as the desk sees it: its doors, its area, its members, and that it voted, never what."""

    voter: VoterId
    doors: tuple[str, ...]
    members: tuple[str, ...]
    area_dm2: int
    voted_at: datetime | None
    way: str
    has_proxy: bool


@dataclass(frozen=True, slots=True)
class MyVote:
    """A head that the asker may vote for, as a member of it or by proxy; `picked` is what an open vote says now."""

    voter: VoterId
    doors: tuple[str, ...]
    area_dm2: int
    voted_at: datetime | None
    way: str
    is_mine: bool
    holder: str
    picked: dict[MotionId, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A paper ballot that waits for its second reading; what the first one read is not told."""

    voter: VoterId
    doors: tuple[str, ...]
    entered_at: datetime
    is_mine: bool
    scan: str


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A proxy by letter: of which homes, who gave it to whom, the words that open the letter, and whether the desk has
    looked at it."""

    proxy: UUID
    doors: tuple[str, ...]
    giver: str
    holder: str
    letter: str
    given_at: datetime
    checked_at: datetime | None
    has_voted: bool


@query
def roll(
    scope: Scope,
    *,
    meeting: MeetingId,
    has_voted: bool | None = None,
    home: HomeId | None = None,
    after: VoterId | None = None,
    limit: int = 100,
) -> tuple[RollRow, ...]:
    """This will list the roll of a meeting for its desk."""
    if scope.role is not Role.PROPERTY or not Meeting.objects.within(scope).filter(pk=meeting).exists():
        raise NotFound("meeting")
    rows = Voter.objects.within(scope).filter(meeting=meeting).order_by("id")
    if has_voted is not None:
        rows = rows.filter(voted_at__isnull=not has_voted)
    if home is not None:
        rows = rows.filter(homes__contains=[home])
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return _rows(scope, rows[: min(limit, MOST)])


@query
def roll_row(scope: Scope, *, voter: VoterId) -> tuple[MeetingId, RollRow]:
    """This will show one head of a roll to the desk, and of which meeting it is."""
    rows = list(Voter.objects.within(scope).filter(pk=voter)[:1]) if scope.role is Role.PROPERTY else []
    if not rows:
        raise NotFound("voter")
    return MeetingId(rows[0].meeting_id), _rows(scope, rows)[0]


@query
def my_votes(scope: Scope, *, meeting: MeetingId) -> tuple[MyVote, ...]:
    """This will list the heads of a meeting that the asker may vote for."""
    if scope.person is None:
        return ()
    mine = Q(members__contains=[scope.person]) | Q(holder=scope.person)
    rows = list(Voter.objects.within(scope).filter(mine, meeting=meeting).order_by("id"))
    if not rows:
        return ()
    doors = _doors(rows)
    picked: dict[Any, dict[MotionId, tuple[int, ...]]] = {row.pk: {} for row in rows}
    for voter, motion, options in (
        Choice.objects.within(scope).filter(voter__in=rows).values_list("voter", "motion", "options")
    ):
        picked[voter][MotionId(motion)] = tuple(options)
    holders = [PartyId(row.holder) for row in rows if row.holder and row.holder != scope.person]
    names = people.masked_names(SYSTEM, parties=holders) if holders else {}
    return tuple(
        MyVote(
            VoterId(row.pk),
            doors[row.pk],
            row.area_dm2,
            row.voted_at,
            row.way,
            scope.person in row.members,
            names.get(PartyId(row.holder), "") if row.holder and row.holder != scope.person else "",
            picked[row.pk],
        )
        for row in rows
    )


@query
def papers_waiting(scope: Scope, *, meeting: MeetingId, at: datetime) -> tuple[PaperCard, ...]:
    """This will list the paper ballots of a meeting that one person has read."""
    rows = list(
        Paper.objects.within(scope)
        .filter(voter__meeting=meeting, state=rules.PaperState.WAITING.value)
        .select_related("voter")
        .order_by("id")[:500]
    )
    doors = _doors([row.voter for row in rows]) if rows else {}
    scans = [FileId(row.scan) for row in rows if row.scan]
    links = files.links(SYSTEM, files=scans, at=at) if scans else {}
    return tuple(
        PaperCard(
            VoterId(row.voter_id),
            doors[row.voter_id],
            row.entered_at,
            row.entered_by == scope.person,
            links[FileId(row.scan)] if row.scan else "",
        )
        for row in rows
    )


@query
def proxy_letters(scope: Scope, *, meeting: MeetingId, at: datetime) -> tuple[LetterCard, ...]:
    """This will list the proxies by letter of a meeting for its desk, those to look at first."""
    if scope.role is not Role.PROPERTY:
        raise NotFound("meeting")
    found = Proxy.objects.within(scope).filter(voter__meeting=meeting, letter__isnull=False, revoked_at__isnull=True)
    rows = list(found.select_related("voter").order_by(F("checked_at").asc(nulls_first=True), "id")[:MOST_LETTERS])
    if not rows:
        return ()
    doors, letters = _doors([row.voter for row in rows]), [FileId(row.letter) for row in rows if row.letter]
    links = files.links(SYSTEM, files=files.described(SYSTEM, files=letters), at=at)
    names = people.masked_names(SYSTEM, parties={PartyId(who) for row in rows for who in (row.giver, row.holder)})
    return tuple(
        LetterCard(
            row.pk,
            doors[row.voter_id],
            names.get(PartyId(row.giver), ""),
            names.get(PartyId(row.holder), ""),
            links.get(FileId(row.letter), "") if row.letter else "",
            row.given_at,
            row.checked_at,
            row.voter.way == rules.Way.PROXY,
        )
        for row in rows
    )


def _rows(scope: Scope, found: QuerySet[Voter] | list[Voter]) -> tuple[RollRow, ...]:
    rows = list(found)
    doors = _doors(rows)
    members = {PartyId(each) for row in rows for each in row.members}
    names = people.masked_names(scope, parties=members) if members else {}
    return tuple(
        RollRow(
            VoterId(row.pk),
            doors[row.pk],
            tuple(names.get(PartyId(each), "") for each in row.members),
            row.area_dm2,
            row.voted_at,
            row.way,
            row.holder is not None,
        )
        for row in rows
    )


def _doors(rows: Iterable[Voter]) -> dict[Any, tuple[str, ...]]:
    found = list(rows)
    cards = places.homes({HomeId(home) for row in found for home in row.homes})
    return {row.pk: tuple(sorted(cards[HomeId(h)].door for h in row.homes if h in cards)) for row in found}
