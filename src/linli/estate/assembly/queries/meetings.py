"""Meetings as lists and pages show them: the turnout while votes come in, the results when they are counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from linli.estate.assembly import rules
from linli.estate.assembly.models import WAITING_STATES, Meeting, Motion, Move, Objection, Tally, Voter
from linli.ground.files import queries as files
from linli.kernel.ids import CommunityId, FileId, MeetingId, MotionId
from linli.kernel.names import Names
from linli.kernel.refusals import NotFound
from linli.spine import moves
from linli.spine.action import query
from linli.spine.moves import Moved
from linli.spine.scope import SYSTEM, Role, Scope

MOST = 20_000
MOST_OBJECTIONS = 500


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """A meeting in a list. `turnout` of `whole` have voted."""

    meeting: MeetingId
    community: CommunityId
    label: str
    title: Names
    state: rules.MeetingState
    is_secret: bool
    record_on: date
    opens_at: datetime
    closes_at: datetime
    whole: rules.Side
    turnout: rules.Side

    def takes_votes(self, at: datetime) -> bool:
        """This will tell whether a ballot would be taken now."""
        return self.state.value in WAITING_STATES and self.opens_at <= at < self.closes_at


@dataclass(frozen=True, slots=True)
class MotionCard:
    """What is put to the vote; `files` opens each of its papers."""

    motion: MotionId
    position: int
    matter: rules.Matter
    title: Names
    text: Names
    options: tuple[Names, ...]
    most: int
    files: tuple[tuple[str, str], ...]

    @property
    def is_decision(self) -> bool:
        return self.matter in (rules.Matter.ORDINARY, rules.Matter.RESERVED)


@dataclass(frozen=True, slots=True)
class MotionResult:
    """The sums of each option, and what follows from them."""

    sides: tuple[rules.Side, ...]
    outcome: rules.Outcome


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything a page shows of a meeting; results are there when it is closed, and not before."""

    card: MeetingCard
    text: Names
    terms: rules.Terms | None
    motions: tuple[MotionCard, ...]
    results: dict[MotionId, MotionResult]
    objections: tuple[tuple[str, datetime], ...]
    history: tuple[Moved, ...]

    @property
    def objections_until(self) -> datetime | None:
        """Until when owners may object; None before the closing."""
        if self.card.state is not rules.MeetingState.CLOSED or self.terms is None:
            return None
        return self.card.closes_at + timedelta(days=self.terms.objection_days)


@query
def meetings(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    state: rules.MeetingState | None = None,
    after: MeetingId | None = None,
    limit: int = 50,
) -> tuple[MeetingCard, ...]:
    """This will list the meetings that the asker may see, the latest first."""
    rows = Meeting.objects.within(scope).order_by("-id")
    if community is not None:
        rows = rows.filter(community=community)
    if state is not None:
        rows = rows.filter(state=state.value)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return tuple(_card(row) for row in rows[: min(limit, MOST)])


@query
def meeting_page(scope: Scope, *, meeting: MeetingId, at: datetime) -> MeetingPage:
    """This will show a meeting with its motions, its turnout, and, when it is closed, its results."""
    row = Meeting.objects.within(scope).filter(pk=meeting).first()
    if row is None:
        raise NotFound("meeting")
    card = _card(row)
    motions = _motions(scope, meeting, at)
    terms = rules.terms_of(row.terms) if row.terms else None
    objections = Objection.objects.within(scope).filter(meeting=row).order_by("id")
    return MeetingPage(
        card=card,
        text=row.text,
        terms=terms,
        motions=motions,
        results=_results(scope, card, motions, terms) if terms else {},
        objections=tuple(objections.values_list("text", "noted_at")[:MOST_OBJECTIONS]),
        history=moves.history(Move, meeting, scope=scope),
    )


@query
def meetings_due(scope: Scope, *, at: datetime, limit: int) -> tuple[MeetingId, ...]:
    """This will list the meetings that the clock has to take up."""
    rows = Meeting.objects.within(scope).filter(due_at__lte=at).order_by("due_at").values_list("id", flat=True)
    return tuple(MeetingId(row) for row in rows[:limit])


@query
def meetings_waiting(scope: Scope, *, at: datetime) -> int:
    """This will count the votes that an owner could cast now and has not, in one statement."""
    if scope.role is not Role.RESIDENT:
        return 0
    open_now = {"meeting__state__in": WAITING_STATES, "meeting__opens_at__lte": at, "meeting__closes_at__gt": at}
    mine = Voter.objects.within(scope).filter(members__contains=[scope.person], voted_at__isnull=True, **open_now)
    return mine.count()


def _card(row: Meeting) -> MeetingCard:
    return MeetingCard(
        MeetingId(row.pk),
        CommunityId(row.community),
        row.label,
        row.title,
        rules.MeetingState(row.state),
        row.is_secret,
        row.record_on,
        row.opens_at,
        row.closes_at,
        rules.Side(row.heads, row.area_dm2),
        rules.Side(row.voted_heads, row.voted_area_dm2),
    )


def _motions(scope: Scope, meeting: MeetingId, at: datetime) -> tuple[MotionCard, ...]:
    rows = list(Motion.objects.within(scope).filter(meeting=meeting).order_by("position"))
    papers = [FileId(file) for row in rows for file in row.files]
    names = files.described(SYSTEM, files=papers) if papers else {}
    links = files.links(SYSTEM, files=list(names), at=at) if names else {}
    return tuple(
        MotionCard(
            MotionId(row.pk),
            row.position,
            rules.Matter(row.matter),
            row.title,
            row.text,
            tuple(row.options),
            row.most,
            tuple((names[FileId(file)].name, links[FileId(file)]) for file in row.files if FileId(file) in names),
        )
        for row in rows
    )


def _results(
    scope: Scope, card: MeetingCard, motions: tuple[MotionCard, ...], terms: rules.Terms
) -> dict[MotionId, MotionResult]:
    if card.state is not rules.MeetingState.CLOSED:
        return {}
    sums: dict[UUID, dict[int, rules.Side]] = defaultdict(dict)
    for motion, option, heads, area in (
        Tally.objects.within(scope).filter(meeting=card.meeting).values_list("motion", "option", "heads", "area_dm2")
    ):
        sums[motion][option] = rules.Side(heads, area)
    found = {}
    for each in motions:
        sides = tuple(sums[each.motion].get(option, rules.Side()) for option in range(len(each.options)))
        as_counted = rules.MotionTerms(each.motion, each.matter, len(each.options), each.most)
        outcome = rules.decide(as_counted, whole=card.whole, turnout=card.turnout, sides=sides, terms=terms)
        found[each.motion] = MotionResult(sides, outcome)
    return found
