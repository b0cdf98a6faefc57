"""What the clock does to a meeting: it opens, reminds, counts and closes it; and what is forgotten with a person."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.assembly import events, rules
from linli.estate.assembly.actions.preparing import held_meeting, titles
from linli.estate.assembly.actions.voting import motions_of
from linli.estate.assembly.models import Choice, Meeting, Move, Tally, Voter
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, MeetingId, MotionId, PartyId
from linli.reach.notify import actions as notify
from linli.spine import moves, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope


@action(needs=May.RUN_CLOCKS)
def keep_time(scope: Scope, *, meeting: MeetingId, at: datetime) -> None:
    """This will open, remind of, or count and close a meeting, whatever is due; late or twice it does no harm."""
    row = held_meeting(scope, meeting)
    if row.state == rules.MeetingState.ANNOUNCED and at >= row.opens_at:
        _move(row, rules.MeetingVerb.OPEN, scope, row.opens_at, due_at=_remind_at(row))
        _tell(scope, row, "vote_open", everybody=True, at=at)
    if row.state == rules.MeetingState.OPEN and at >= row.closes_at:
        _count(scope, row)
        _move(row, rules.MeetingVerb.CLOSE, scope, row.closes_at, due_at=None)
        _tell(scope, row, "vote_closed", everybody=True, at=at)
        tell(events.MeetingClosed(meeting=meeting, community=CommunityId(row.community), at=at))
    elif row.state == rules.MeetingState.OPEN and row.reminded_at is None and at >= _remind_at(row):
        Meeting.objects.within(scope).filter(pk=meeting).update(reminded_at=at, due_at=row.closes_at)
        _tell(scope, row, "vote_closing", everybody=False, at=at)


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what an erased person wrote; that they voted stays, under an id without a name."""
    sql.run("SELECT assembly_forget(%s)", person)


def _remind_at(row: Meeting) -> datetime:
    ahead = row.closes_at - timedelta(hours=rules.terms_of(row.terms).remind_hours)
    return max(row.opens_at, ahead)


def _move(row: Meeting, verb: rules.MeetingVerb, scope: Scope, at: datetime, *, due_at: datetime | None) -> None:
    life, states = rules.MEETING_LIFE, rules.MeetingState
    moves.take(Move, row, verb, life=life, states=states, scope=scope, at=at, due_at=due_at)


def _count(scope: Scope, row: Meeting) -> None:
    """The sums of an open vote, by the same rule as on paper; a secret one has them already."""
    if row.is_secret:
        return
    ballots: dict[UUID, list[tuple[int, list[int]]]] = defaultdict(list)
    picked = Choice.objects.within(scope).filter(motion__meeting=row)
    for motion, options, area in picked.values_list("motion", "options", "voter__area_dm2"):
        ballots[motion].append((area, options))
    sides = {
        each.motion: rules.tally(ballots[each.motion], each.options) for each in motions_of(scope, MeetingId(row.pk))
    }
    sums = list(Tally.objects.within(scope).filter(meeting=row))
    for each in sums:
        side = sides[MotionId(each.motion_id)][each.option]
        each.heads, each.area_dm2 = side.heads, side.area_dm2
    Tally.objects.within(scope).bulk_update(sums, ["heads", "area_dm2"], batch_size=500)


def _tell(scope: Scope, row: Meeting, template: str, *, everybody: bool, at: datetime) -> None:
    voters = Voter.objects.within(scope).filter(meeting=row)
    left = voters if everybody else voters.filter(voted_at__isnull=True)
    told = sorted({PartyId(each) for members in left.values_list("members", flat=True) for each in members})
    day = places.day_in(CommunityId(row.community), row.closes_at)
    values = titles(row) | {"day": day.isoformat()}
    notify.queue_messages(SYSTEM, to=told, template=template, values=values, at=at)
