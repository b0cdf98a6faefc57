"""Meetings of owners for tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from builders.billing import Desk, a_desk
from builders.clock import AT
from builders.people import a_person, a_phone
from builders.places import Home
from harness.looking import rows_of
from linli.estate.assembly import actions, queries
from linli.estate.assembly.models import Cast, Choice, Meeting, Paper, Voter
from linli.estate.assembly.rules import Matter
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known_policies
from linli.kernel.ids import MeetingId, MotionId, PartyId, VoterId
from linli.spine.scope import SYSTEM, Role, Scope

OPENS = AT + timedelta(days=15)
CLOSES = OPENS + timedelta(days=7)
VOTES = OPENS + timedelta(days=1)
FIRMS = tuple({"zh": name} for name in ("甲公司", "乙公司", "丙公司"))
YES, NO, ABSTAIN = (0,), (1,), (2,)


@dataclass(frozen=True)
class Vote:
    """An announced meeting with one motion after the other."""

    desk: Desk
    id: MeetingId
    motions: tuple[MotionId, ...]

    def head_of(self, scope: Scope) -> VoterId:
        return queries.my_votes(scope, meeting=self.id)[0].voter

    def cast(self, scope: Scope, *picked: tuple[int, ...], at: datetime = VOTES, voter: VoterId | None = None) -> None:
        answers = dict(zip(self.motions, picked, strict=True))
        actions.cast_ballot(scope, voter=voter or self.head_of(scope), answers=answers, at=at)

    def closed(self) -> queries.MeetingPage:
        actions.keep_time(SYSTEM, meeting=self.id, at=CLOSES)
        return self.page()

    def page(self, scope: Scope | None = None) -> queries.MeetingPage:
        return queries.meeting_page(scope or self.desk.scope, meeting=self.id, at=CLOSES)


def a_second_pair_of_eyes(desk: Desk) -> Scope:
    return replace(desk.scope, person=a_person("赵管家"))


def as_owner(home: Home, owner: PartyId) -> Scope:
    return Scope(
        role=Role.RESIDENT,
        person=owner,
        city=home.community.city,
        communities=(home.community.id,),
        homes=(home.id,),
    )


def set_terms(desk: Desk, **values: object) -> None:
    policies.set_policy(
        SYSTEM, word="assembly", level="community", place=desk.community.id, values=values, start_at=AT, at=AT
    )
    known_policies.forget()


def a_draft(desk: Desk, *matters: Matter, is_secret: bool | None = None) -> tuple[MeetingId, tuple[MotionId, ...]]:
    meeting = actions.draft_meeting(
        desk.scope,
        community=desk.community.id,
        title={"zh": "换电梯"},
        record_on=AT.date(),
        opens_at=OPENS,
        closes_at=CLOSES,
        is_secret=is_secret,
        at=AT,
    )
    motions = []
    for matter in matters or (Matter.ORDINARY,):
        options = () if matter in (Matter.ORDINARY, Matter.RESERVED) else FIRMS
        draft = actions.MotionDraft(matter=matter, title={"zh": f"事项 {matter}"}, options=options)
        motions.append(actions.add_motion(desk.scope, meeting=meeting, motion=draft, at=AT))
    return meeting, tuple(motions)


def a_vote(desk: Desk | None = None, *matters: Matter, is_secret: bool | None = None) -> Vote:
    desk = desk or a_desk()
    meeting, motions = a_draft(desk, *matters, is_secret=is_secret)
    actions.announce_meeting(desk.scope, meeting=meeting, at=AT)
    return Vote(desk, meeting, motions)


def a_holder(desk: Desk, name: str = "受托人") -> tuple[str, Scope]:
    """This will give the phone and the scope of a tenant who may hold a proxy."""
    phone = a_phone()
    home = desk.a_home(None, area_m2="10.00")
    holder = a_person(name, phone=phone)
    return phone, as_owner(home.with_tenant(holder), holder)


def world() -> tuple[object, ...]:
    """Everything that a vote leaves behind."""
    return (
        list(rows_of(Voter).order_by("id").values_list("id", "voted_at", "way", "holder")),
        list(rows_of(Choice).order_by("id").values_list("voter", "motion", "options")),
        rows_of(Cast).count(),
        list(rows_of(Meeting).values_list("voted_heads", "voted_area_dm2", "state")),
        list(rows_of(Paper).values_list("state", flat=True)),
    )
