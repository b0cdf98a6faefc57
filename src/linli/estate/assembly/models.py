"""Meetings, motions, the roll, proxies, and what is kept of the votes. Who sees which row is told in the migration."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import GreaterThanOrEqual

from linli.estate.assembly.rules import MEETING_LIFE, PAPER_LIFE, Matter, MeetingState, PaperState, Way
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope


def _options() -> Func:
    return Func(F("options"), function="jsonb_array_length", output_field=models.IntegerField())


class OfCommunity(ScopedModel):
    """What belongs to the communities of whoever asks; the walls narrow it further."""

    community = models.UUIDField()

    class Meta:
        abstract = True

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(community__in=scope.communities)


class Meeting(OfCommunity):
    """A vote or a survey. `terms` are the policy's settings as they held when it was announced; heads and area are the
    whole against which shares are held. `due_at` is when the clock looks at it next."""

    label = models.TextField()
    company = models.UUIDField()
    title = models.JSONField()
    text = models.JSONField(default=dict)
    is_secret = models.BooleanField()
    state = models.TextField()
    record_on = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    terms = models.JSONField(default=dict)
    heads = models.IntegerField(default=0)
    area_dm2 = models.BigIntegerField(default=0)
    voted_heads = models.IntegerField(default=0)
    voted_area_dm2 = models.BigIntegerField(default=0)
    drafted_by = models.UUIDField(null=True)
    drafted_at = models.DateTimeField()

    class Meta:
        db_table = "assembly_meeting"
        constraints: ClassVar = [
            state_check("assembly_meeting_state", MEETING_LIFE.states),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="assembly_meeting_times"),
            models.CheckConstraint(
                condition=Q(voted_heads__lte=F("heads"), voted_area_dm2__lte=F("area_dm2")),
                name="assembly_meeting_turnout",
            ),
            models.UniqueConstraint(fields=["community", "label"], name="assembly_meeting_label"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="assembly_meeting_list"),
            models.Index(fields=["due_at"], name="assembly_meeting_due", condition=Q(due_at__isnull=False)),
        ]


class Motion(OfCommunity):
    """What is put to the vote, with the options to pick from; decisions have yes, no and abstain.

    Whatever is read is kept by language: Chinese, English or both.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+", db_index=False)
    position = models.SmallIntegerField()
    matter = models.TextField()
    title = models.JSONField()
    text = models.JSONField(default=dict)
    options = models.JSONField()
    most = models.SmallIntegerField()
    files = ArrayField(models.UUIDField(), default=list)

    class Meta:
        db_table = "assembly_motion"
        constraints: ClassVar = [
            state_check("assembly_motion_matter", tuple(Matter), "matter"),
            models.UniqueConstraint(fields=["meeting", "position"], name="assembly_motion_place"),
            models.CheckConstraint(
                condition=Q(GreaterThanOrEqual(_options(), 2), GreaterThanOrEqual(_options(), F("most")), most__gte=1),
                name="assembly_motion_options",
            ),
        ]


class Voter(OfCommunity):
    """A head of the roll: any of its members votes for it, or its holder, who is somebody's proxy."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+", db_index=False)
    members = ArrayField(models.UUIDField())
    homes = ArrayField(models.UUIDField())
    area_dm2 = models.BigIntegerField()
    holder = models.UUIDField(null=True)
    voted_at = models.DateTimeField(null=True)
    way = models.TextField(default="")

    class Meta:
        db_table = "assembly_voter"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(area_dm2__gte=0), name="assembly_voter_area"),
            models.CheckConstraint(
                condition=Q(way="", voted_at__isnull=True)
                | Q(way__in=[way.value for way in Way], voted_at__isnull=False),
                name="assembly_voter_way",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["meeting", "id"], name="assembly_voter_meeting"),
            models.Index(fields=["holder"], name="assembly_voter_holder", condition=Q(holder__isnull=False)),
            GinIndex(fields=["members"], name="assembly_voter_members"),
        ]


class Proxy(OfCommunity):
    """A voter lets somebody else vote, in writing: signed on the phone, or a letter that was scanned and that the desk
    has looked at (`checked_at`)."""

    voter = models.ForeignKey(Voter, models.PROTECT, related_name="+", db_index=False)
    giver = models.UUIDField()
    holder = models.UUIDField()
    letter = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    checked_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assembly_proxy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["voter"], condition=Q(revoked_at__isnull=True), name="assembly_proxy_once"),
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="assembly_proxy_another"),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | Q(letter__isnull=False), name="assembly_proxy_checked"
            ),
        ]


class Choice(OfCommunity):
    """What a voter picked for a motion in an open vote. A secret vote has no such row."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="+", db_index=False)
    voter = models.ForeignKey(Voter, models.PROTECT, related_name="+", db_index=False)
    options = ArrayField(models.SmallIntegerField())

    class Meta:
        db_table = "assembly_choice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["voter", "motion"], name="assembly_choice_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["motion"], name="assembly_choice_motion")]


class Cast(OfCommunity):
    """That somebody voted for a voter, and never what: who, in which way, when, and who read a paper ballot as well."""

    insert_only: ClassVar[bool] = True

    voter = models.ForeignKey(Voter, models.PROTECT, related_name="+", db_index=False)
    way = models.TextField()
    person = models.UUIDField(null=True)
    second = models.UUIDField(null=True)
    cast_at = models.DateTimeField()

    class Meta:
        db_table = "assembly_cast"
        constraints: ClassVar = [state_check("assembly_cast_way", tuple(Way), "way")]
        indexes: ClassVar = [models.Index(fields=["voter", "id"], name="assembly_cast_voter")]


class Tally(OfCommunity):
    """The sums of an option: of a secret vote from the first ballot on, of an open one from the closing."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+", db_index=False)
    motion = models.ForeignKey(Motion, models.PROTECT, related_name="+", db_index=False)
    option = models.SmallIntegerField()
    heads = models.IntegerField(default=0)
    area_dm2 = models.BigIntegerField(default=0)

    class Meta:
        db_table = "assembly_tally"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["motion", "option"], name="assembly_tally_once"),
            models.CheckConstraint(condition=Q(heads__gte=0, area_dm2__gte=0), name="assembly_tally_sums"),
        ]
        indexes: ClassVar = [models.Index(fields=["meeting"], name="assembly_tally_meeting")]


class Paper(OfCommunity):
    """A paper ballot as one person read it, until a second one has read the same."""

    voter = models.ForeignKey(Voter, models.PROTECT, related_name="+", db_index=False)
    answers = models.JSONField()
    scan = models.UUIDField(null=True)
    state = models.TextField()
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "assembly_paper"
        constraints: ClassVar = [
            state_check("assembly_paper_state", PAPER_LIFE.states),
            models.UniqueConstraint(
                fields=["voter"], condition=Q(state=PaperState.WAITING.value), name="assembly_paper_once"
            ),
        ]


class Objection(OfCommunity):
    """What an owner has to say against a result; it stands in the minutes."""

    insert_only: ClassVar[bool] = True

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+", db_index=False)
    person = models.UUIDField()
    text = models.TextField()
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "assembly_objection"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "person"], name="assembly_objection_once"),
        ]


class Move(MoveRow):
    states = MeetingState
    of = models.ForeignKey(Meeting, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "assembly_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="assembly_move_of")]


WAITING_STATES = (MeetingState.ANNOUNCED.value, MeetingState.OPEN.value)
