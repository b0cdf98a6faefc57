"""Ballots. Those of one meeting go one after the other behind its lock, so two devices never count twice.

A secret ballot leaves two things: the mark that the voter has voted, and larger sums. No row, audit entry, fact or
stored response says what was picked; therefore it cannot be changed, and a repeated key is refused (the fingerprint of
a request would tell the few things that it may have said).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from linli.estate.assembly import rules
from linli.estate.assembly.actions.preparing import held_meeting, voting
from linli.estate.assembly.models import Cast, Choice, Meeting, Motion, Proxy, Voter
from linli.kernel import ids
from linli.kernel.ids import MeetingId, MotionId, PartyId, VoterId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


class VotingClosed(Refusal):
    """Votes are taken from the opening to the closing, and not a moment later."""

    says = _("The vote is closed. Votes are counted up to the closing and not after it.")


class NotOpenYet(Refusal):
    """It has not begun."""

    says = _("The vote has not begun yet.")


class VotedAlready(Refusal):
    """One vote for each head."""

    says = _("A vote was cast for this home already, and it cannot be changed.")


class OwnerVoted(Refusal):
    """An owner's own vote stands above the one of a proxy."""

    says = _("The owner has voted in person. That vote stands.")


class LetterUnread(Refusal):
    """A proxy by letter votes when the desk has looked at the letter."""

    says = _("The property company has not looked at the letter of this proxy yet. Please try again later.")


@action(needs=May.VOTE, private=("answers",), shown_once=True)
def cast_ballot(scope: Scope, *, voter: VoterId, answers: dict[MotionId, tuple[int, ...]], at: datetime) -> None:
    """This will vote for a head of which the asker is a member, or whose proxy they hold."""
    mine = Voter.objects.within(scope).filter(Q(members__contains=[scope.person]) | Q(holder=scope.person))
    row = mine.filter(pk=voter).first() if scope.person else None
    if row is None:
        raise NotFound("vote")
    way = rules.Way.PHONE if scope.person in row.members else rules.Way.PROXY
    _count(
        SYSTEM,
        meeting=MeetingId(row.meeting_id),
        voter=voter,
        answers=answers,
        way=way,
        person=scope.person,
        second=None,
        at=at,
    )


@action(needs=May.RUN_CLOCKS, private=("answers",), shown_once=True)
def _count(
    scope: Scope,
    *,
    meeting: MeetingId,
    voter: VoterId,
    answers: dict[MotionId, tuple[int, ...]],
    way: rules.Way,
    person: PartyId | None,
    second: PartyId | None,
    at: datetime,
) -> None:
    row = held_meeting(scope, meeting)
    insist_open(row, at)
    head = Voter.objects.within(scope).select_for_update().get(pk=voter)
    _insist_may_vote(row, head, way)
    if way is rules.Way.PROXY:
        _insist_on_proxy(head, person)
    ballot = rules.checked(motions_of(scope, meeting), answers)
    if row.is_secret:
        _add_to_sums(ballot, head.area_dm2)
    else:
        _keep_choices(head, ballot)
    if head.voted_at is None:
        Meeting.objects.within(scope).filter(pk=meeting).update(
            voted_heads=F("voted_heads") + 1, voted_area_dm2=F("voted_area_dm2") + head.area_dm2
        )
    Voter.objects.within(scope).filter(pk=voter).update(voted_at=at, way=way.value)
    Cast.objects.create(
        id=ids.new(), community=row.community, voter=head, way=way.value, person=person, second=second, cast_at=at
    )


count_ballot = _count
"""For the paper ballots of this module."""


def _insist_on_proxy(head: Voter, person: PartyId | None) -> None:
    """This will refuse, behind the lock, a proxy that was taken back a moment ago, or whose letter nobody looked at."""
    if head.holder != person:
        raise NotFound("vote")
    unread = Proxy.objects.inside().filter(
        voter=head, revoked_at__isnull=True, letter__isnull=False, checked_at__isnull=True
    )
    if unread.exists():
        raise LetterUnread


def insist_open(row: Meeting, at: datetime) -> None:
    """This will refuse what comes too early or too late, by the meeting's own times; the clock may be late itself."""
    if not voting(row) or at >= row.closes_at:
        raise VotingClosed
    if at < row.opens_at:
        raise NotOpenYet


def motions_of(scope: Scope, meeting: MeetingId) -> list[rules.MotionTerms]:
    """This will give the motions of a meeting as the counting sees them."""
    rows = Motion.objects.within(scope).filter(meeting=meeting).order_by("position")
    return [rules.MotionTerms(MotionId(m.pk), rules.Matter(m.matter), len(m.options), m.most) for m in rows]


def _insist_may_vote(row: Meeting, head: Voter, way: rules.Way) -> None:
    if head.voted_at is None:
        return
    if not rules.terms_of(row.terms).ballots_change or way is rules.Way.PAPER:
        raise VotedAlready
    if way is rules.Way.PROXY and head.way != rules.Way.PROXY:
        raise OwnerVoted


def _keep_choices(head: Voter, ballot: dict[MotionId, tuple[int, ...]]) -> None:
    Choice.objects.bulk_create(
        [
            Choice(id=ids.new(), community=head.community, motion_id=motion, voter=head, options=list(picked))
            for motion, picked in ballot.items()
        ],
        update_conflicts=True,
        unique_fields=["voter", "motion"],
        update_fields=["options"],
    )


def _add_to_sums(ballot: dict[MotionId, tuple[int, ...]], area_dm2: int) -> None:
    picked = [(motion, option) for motion, options in ballot.items() for option in options]
    sql.run(
        "UPDATE assembly_tally t SET heads = t.heads + 1, area_dm2 = t.area_dm2 + %s"
        " FROM unnest(%s::uuid[], %s::int[]) AS p(motion, option) WHERE t.motion_id = p.motion AND t.option = p.option",
        area_dm2,
        [motion for motion, _option in picked],
        [option for _motion, option in picked],
    )
