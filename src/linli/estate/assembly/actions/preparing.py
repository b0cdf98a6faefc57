"""A meeting is drafted, gets its motions, and is announced: from then on neither it nor the roll changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec

from linli.estate.assembly import events, rules
from linli.estate.assembly.models import WAITING_STATES, Meeting, Motion, Move, Tally, Voter
from linli.ground.files import actions as files
from linli.ground.people import queries as people
from linli.ground.people.rules import ResidencyKind
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, MeetingId, MotionId, PartyId
from linli.kernel.names import Names, called, in_languages
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine import moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

MOST_MOTIONS = 30
MOST_OPTIONS = 20
MOST_FILES = 5
LONGEST_TEXT = 4000
LONGEST_OPTION = 200
AT_ONCE = 2000


class AreaUnknown(Refusal):
    """Votes are weighed by area: every home needs one."""

    says = _("The area of {n} homes is not known, of {door} for one. Votes are weighed by area: please enter it first.")


class NothingToVoteOn(Refusal):
    """A meeting needs a motion."""

    says = _("Please say first what is put to the vote.")


class NobodyVotes(Refusal):
    """There are no owners on the record day."""

    says = _("Nobody is known to own a home here on {day}.")


class TooSoon(Refusal):
    """Owners hear of a vote some days before it begins."""

    says = _("Owners hear of a vote {days} days before it begins. It can begin on {day} at the earliest.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionDraft:
    """What is put to the vote. `options` are named for a choice or a survey; decisions have their own."""

    matter: rules.Matter
    title: Names
    text: Names = field(default_factory=dict)
    options: tuple[Names, ...] = ()
    most: int = 1


@action(needs=May.HOLD_ASSEMBLY, private=("text",))
def draft_meeting(
    scope: Scope,
    *,
    community: CommunityId,
    title: Names,
    text: Names | None = None,
    record_on: date,
    opens_at: datetime,
    closes_at: datetime,
    is_secret: bool | None = None,
    at: datetime,
) -> MeetingId:
    """This will draft a meeting of a community's owners; without a word on secrecy, as its policy has it."""
    if community not in scope.communities or scope.company is None:
        raise NotFound("community")
    if closes_at <= opens_at:
        raise Invalid("closes_at", _("A vote ends after it begins."))
    held = policy(scope, rules.AssemblyPolicy, at=at, community=community)
    today = places.day_in(community, at)
    row = Meeting.objects.create(
        id=ids.new(),
        community=community,
        company=scope.company,
        label=next_label("OA", place=community, day=today),
        title=_named("title", title, 120),
        text=_said("text", text or {}),
        is_secret=held.is_secret if is_secret is None else is_secret,
        state=rules.MEETING_LIFE.birth.value,
        record_on=record_on,
        opens_at=opens_at,
        closes_at=closes_at,
        drafted_by=scope.person,
        drafted_at=at,
    )
    moves.born(Move, row, "draft", scope=scope, at=at)
    return MeetingId(row.pk)


@action(needs=May.HOLD_ASSEMBLY, private=("motion", "uploads"))
def add_motion(
    scope: Scope,
    *,
    meeting: MeetingId,
    motion: MotionDraft,
    uploads: Sequence[tuple[str, bytes]] = (),
    at: datetime,
) -> MotionId:
    """This will put one more motion to the vote of a drafted meeting."""
    row = _drafted(scope, meeting)
    before = list(Motion.objects.within(scope).filter(meeting=row).values_list("position", flat=True))
    if len(before) >= MOST_MOTIONS:
        raise Invalid("motion", _("At most {most} motions."), most=MOST_MOTIONS)
    options, most = _options(motion)
    added = Motion.objects.create(
        id=ids.new(),
        community=row.community,
        meeting=row,
        position=max(before, default=0) + 1,
        matter=motion.matter.value,
        title=_named("motion_title", motion.title, 200),
        text=_said("motion_text", motion.text),
        options=options,
        most=most,
        files=list(files.keep_files(scope, uploads=uploads, field="files", most=MOST_FILES, at=at)),
    )
    return MotionId(added.pk)


@action(needs=May.HOLD_ASSEMBLY)
def remove_motion(scope: Scope, *, meeting: MeetingId, motion: MotionId, at: datetime) -> None:
    """This will take a motion out of a drafted meeting."""
    if not Motion.objects.within(scope).filter(meeting=_drafted(scope, meeting), pk=motion).delete()[0]:
        raise NotFound("motion")


@action(needs=May.HOLD_ASSEMBLY)
def announce_meeting(scope: Scope, *, meeting: MeetingId, at: datetime) -> int:
    """This will fix the roll and the terms, tell the owners, and give the number of heads."""
    row = _drafted(scope, meeting)
    community = CommunityId(row.community)
    held = policy(scope, rules.AssemblyPolicy, at=at, community=community)
    motions = list(Motion.objects.within(scope).filter(meeting=row))
    if not motions:
        raise NothingToVoteOn
    earliest = at + timedelta(days=held.notice_days)
    if row.opens_at < earliest:
        raise TooSoon(field="opens_at", days=held.notice_days, day=places.day_in(community, earliest).isoformat())
    if row.record_on > places.day_in(community, at):
        raise Invalid("record_on", _("The record day cannot lie in the future: who owns a home then is not known yet."))
    heads = rules.heads(_owned(scope, community, row.record_on), unowned_count=held.unowned_count)
    if not any(head.members for head in heads):
        raise NobodyVotes(day=row.record_on.isoformat())
    _write_roll(scope, row, heads, motions)
    moves.take(
        Move,
        row,
        rules.MeetingVerb.ANNOUNCE,
        life=rules.MEETING_LIFE,
        states=rules.MeetingState,
        scope=scope,
        at=at,
        terms=msgspec.to_builtins(held) | {"is_secret": row.is_secret},
        heads=len(heads),
        area_dm2=sum(head.area_dm2 for head in heads),
        due_at=row.opens_at,
    )
    told = sorted({member for head in heads for member in head.members})
    values = titles(row) | {"day": places.day_in(community, row.opens_at).isoformat()}
    notify.queue_messages(SYSTEM, to=told, template="vote_announced", values=values, at=at)
    tell(events.MeetingAnnounced(meeting=meeting, community=community, at=at))
    return len(heads)


@action(needs=May.HOLD_ASSEMBLY, private=("why",))
def cancel_meeting(scope: Scope, *, meeting: MeetingId, why: str, at: datetime) -> None:
    """This will call a meeting off, with the reason that its owners read; what was voted counts for nothing."""
    row = held_meeting(scope, meeting)
    moves.take(
        Move,
        row,
        rules.MeetingVerb.CANCEL,
        life=rules.MEETING_LIFE,
        states=rules.MeetingState,
        scope=scope,
        at=at,
        why=_filled("why", why, 200),
        due_at=None,
    )


def held_meeting(scope: Scope, meeting: MeetingId) -> Meeting:
    """This will lock a meeting: ballots, the closing and changes of one meeting go one after the other."""
    row = Meeting.objects.within(scope).select_for_update().filter(pk=meeting).first()
    if row is None:
        raise NotFound("meeting")
    return row


def voting(row: Meeting) -> bool:
    """This will tell whether the meeting stands in a state in which votes may come, by its times."""
    return row.state in WAITING_STATES


def _drafted(scope: Scope, meeting: MeetingId) -> Meeting:
    row = held_meeting(scope, meeting)
    rules.MEETING_LIFE.after(rules.MeetingState(row.state), rules.MeetingVerb.ANNOUNCE)
    return row


def _owned(scope: Scope, community: CommunityId, on: date) -> list[rules.Owned]:
    cards = places.homes(places.doors(community).values())
    unknown = sorted(card.door for card in cards.values() if card.area_m2 is None)
    if unknown:
        raise AreaUnknown(n=len(unknown), door=unknown[0])
    lives = people.lived_in(scope, homes=list(cards), since=on, until=on + timedelta(days=1))
    return [
        rules.Owned(
            home,
            rules.in_dm2(card.area_m2),
            frozenset(PartyId(who) for who, kind, _days in lives.get(home, ()) if kind == ResidencyKind.OWNER),
        )
        for home, card in cards.items()
        if card.area_m2 is not None
    ]


def _write_roll(scope: Scope, row: Meeting, heads: Sequence[rules.Head], motions: Sequence[Motion]) -> None:
    Voter.objects.bulk_create(
        [
            Voter(
                id=ids.new(),
                community=row.community,
                meeting=row,
                members=list(head.members),
                homes=list(head.homes),
                area_dm2=head.area_dm2,
            )
            for head in heads
        ],
        batch_size=AT_ONCE,
    )
    _open_tallies(SYSTEM, meeting=MeetingId(row.pk), at=row.opens_at)


@action(needs=May.RUN_CLOCKS)
def _open_tallies(scope: Scope, *, meeting: MeetingId, at: datetime) -> None:
    """This will begin the sums of every option at nothing; only the house writes sums."""
    Tally.objects.bulk_create(
        Tally(id=ids.new(), community=motion.community, meeting_id=meeting, motion=motion, option=option)
        for motion in Motion.objects.within(scope).filter(meeting=meeting)
        for option in range(len(motion.options))
    )


def titles(row: Meeting) -> dict[str, str]:
    """This will give a meeting's title to messages, each in its language or else in the one that there is."""
    return {"title": called(row.title), "title_en": called(row.title, "en")}


def _options(motion: MotionDraft) -> tuple[list[Names], int]:
    if motion.matter in (rules.Matter.ORDINARY, rules.Matter.RESERVED):
        return list(rules.DECISION), 1
    tidied = [in_languages(option, most=LONGEST_OPTION) for option in motion.options]
    if None in tidied:
        raise Invalid("options", _("At most {most} characters."), most=LONGEST_OPTION)
    named = [option for option in tidied if option]
    said = [(language, text) for option in named for language, text in option.items()]
    if not 2 <= len(named) <= MOST_OPTIONS or len(set(said)) < len(said):
        raise Invalid("options", _("Please name two to {most} different options, one a line."), most=MOST_OPTIONS)
    if not 1 <= motion.most <= len(named):
        raise Invalid("most", _("Between 1 and {most} options can be picked."), most=len(named))
    return named, motion.most


def _filled(field: str, text: str, most: int) -> str:
    said = text.strip()
    if not said:
        raise Invalid(field, _("Please fill this in."))
    if len(said) > most:
        raise Invalid(field, _("At most {most} characters."), most=most)
    return said


def _named(field: str, texts: Names, most: int) -> Names:
    said = _said(field, texts, most)
    if not said:
        raise Invalid(f"{field}_zh", _("Please fill this in."))
    return said


def _said(field: str, texts: Names, most: int = LONGEST_TEXT) -> Names:
    for language, text in texts.items():
        if len(text.strip()) > most:
            raise Invalid(f"{field}_{language}", _("At most {most} characters."), most=most)
    return in_languages(texts, most=most) or {}
