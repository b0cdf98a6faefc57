"""The owners of the demo's first community: a survey that is over, and a vote that is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.estate.assembly import actions, queries
from linli.estate.assembly.actions import MotionDraft
from linli.estate.assembly.rules import Matter
from linli.kernel.ids import MeetingId, MotionId
from linli.kernel.names import Names
from linli.spine.scope import SYSTEM, Scope
from linli.works.demo.deskside import manager, owners
from linli.works.demo.town import Town

_VOTERS = 16
_SHED = MotionDraft(
    matter=Matter.SURVEY,
    title={"zh": "旧自行车棚改成什么？", "en": "What shall the old bicycle shed become?"},
    options=(
        {"zh": "充电车棚", "en": "A shed for charging"},
        {"zh": "小花园", "en": "A small garden"},
        {"zh": "儿童沙坑", "en": "A sandpit"},
    ),
)
_LIFTS = MotionDraft(
    matter=Matter.RESERVED,
    title={"zh": "使用维修资金更换 3 栋电梯", "en": "New lifts in building 3 from the maintenance fund"},
    text={"zh": "预算 58 万元。", "en": "Its budget is ¥580,000."},
)
_CAMERAS = MotionDraft(matter=Matter.ORDINARY, title={"zh": "地下车库增设监控", "en": "More cameras in the garage"})


def decide(town: Town, now: datetime) -> None:
    """This will hold a survey that closed ten days ago, and a vote that a third of the owners have cast."""
    desk, people = manager(now), owners(town, now, most=_VOTERS)
    if desk is None or not people:
        return
    asked, lifts = {"zh": "小区意见征询", "en": "What do you think?"}, {"zh": "更换电梯", "en": "New lifts"}
    survey = _announced(desk, people[0], asked, [_SHED], now - timedelta(days=40))
    _vote(survey, people, [0, 1, 0, 2], now - timedelta(days=20))
    actions.keep_time(SYSTEM, meeting=survey, at=now - timedelta(days=10))
    vote = _announced(desk, people[0], lifts, [_LIFTS, _CAMERAS], now - timedelta(days=18))
    actions.keep_time(SYSTEM, meeting=vote, at=now)
    _vote(vote, people[1:], [0, 0, 1, 0, 2], now)


def _announced(desk: Scope, somebody: Scope, title: Names, motions: Sequence[MotionDraft], at: datetime) -> MeetingId:
    """A vote of two weeks that begins on the first day that the terms allow; the first open day of both is past."""
    opens = at + timedelta(days=16)
    meeting = actions.draft_meeting(
        desk,
        community=somebody.communities[0],
        title=title,
        record_on=at.date() - timedelta(days=1),
        opens_at=opens,
        closes_at=opens + timedelta(days=14),
        is_secret=False,
        at=at,
    )
    for motion in motions:
        actions.add_motion(desk, meeting=meeting, motion=motion, at=at)
    actions.announce_meeting(desk, meeting=meeting, at=at)
    return meeting


def _vote(meeting: MeetingId, people: Sequence[Scope], picks: Sequence[int], at: datetime) -> None:
    motions = queries.meeting_page(SYSTEM, meeting=meeting, at=at).motions
    for nth, scope in enumerate(people):
        answers: dict[MotionId, tuple[int, ...]] = {
            each.motion: (picks[(nth + each.position) % len(picks)],) for each in motions
        }
        for head in queries.my_votes(scope, meeting=meeting):
            if head.is_mine and head.voted_at is None:
                actions.cast_ballot(scope, voter=head.voter, answers=answers, at=at)
