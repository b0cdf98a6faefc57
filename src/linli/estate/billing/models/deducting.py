"""Mandates for automatic payment, and the rounds in which they take bills."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.billing.models.issuing import Line
from linli.estate.billing.models.walls import of_community
from linli.estate.billing.rules import MANDATE_LIFE, ROUND_LIFE, MandateState, NotTaken, RoundState, SubjectKind
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope

LIVE = [MandateState.ASKED.value, MandateState.ACTIVE.value, MandateState.PAUSED.value]


class Mandate(ScopedModel):
    """What `person` wants taken by itself of what they owe for an account; `since_on`: what was due before is not."""

    company = models.UUIDField()
    community = models.UUIDField()
    subject = models.UUIDField()
    subject_kind = models.TextField()
    home = models.UUIDField(null=True)
    person = models.UUIDField()
    agreement = models.UUIDField(unique=True)
    channel = models.TextField()
    signed_most_minor = models.BigIntegerField()
    most_minor = models.BigIntegerField()
    month_most_minor = models.BigIntegerField(null=True)
    wallet_first = models.BooleanField()
    state = models.TextField(default=MANDATE_LIFE.birth.value)
    asked_at = models.DateTimeField()
    since_on = models.DateField(null=True)

    class Meta:
        db_table = "billing_mandate"
        constraints: ClassVar = [
            state_check("billing_mandate_state", MANDATE_LIFE.states),
            state_check("billing_mandate_kind", tuple(SubjectKind), "subject_kind"),
            models.CheckConstraint(
                condition=Q(most_minor__gt=0, signed_most_minor__gte=F("most_minor"))
                & (Q(month_most_minor__isnull=True) | Q(month_most_minor__gt=0)),
                name="billing_mandate_most",
            ),
            models.CheckConstraint(
                condition=Q(since_on__isnull=False) | Q(state__in=[MandateState.ASKED.value, MandateState.ENDED.value]),
                name="billing_mandate_since",
            ),
            models.UniqueConstraint(
                fields=["subject", "person"], condition=Q(state__in=LIVE), name="billing_mandate_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="billing_mandate_community"),
            models.Index(fields=["person", "-id"], name="billing_mandate_person"),
            models.Index(fields=["id"], condition=Q(state=MandateState.ACTIVE.value), name="billing_mandate_active"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(person=scope.person)


class MandateMove(MoveRow):
    """What happened to a mandate."""

    states = MandateState
    of = models.ForeignKey(Mandate, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "billing_mandate_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="billing_mandate_move_of")]


class Round(ScopedModel):
    """Lines of a mandate that are taken together on `next_on`; while it is asked for, `collection` says by which."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    person = models.UUIDField()
    lines = ArrayField(models.BigIntegerField())
    due_on = models.DateField()
    next_on = models.DateField(null=True)
    state = models.TextField(default=ROUND_LIFE.birth.value)
    reason = models.TextField(default="")
    tried = models.SmallIntegerField(default=0)
    told_minor = models.BigIntegerField()
    notice = models.UUIDField(null=True)
    asked_minor = models.BigIntegerField(default=0)
    asked_on = models.DateField(null=True)
    wallet_minor = models.BigIntegerField(default=0)
    taken_minor = models.BigIntegerField(default=0)
    collection = models.UUIDField(null=True, unique=True)
    planned_at = models.DateTimeField()

    class Meta:
        db_table = "billing_round"
        constraints: ClassVar = [
            state_check("billing_round_state", ROUND_LIFE.states),
            models.CheckConstraint(
                condition=Q(reason__in=["", *(why.value for why in NotTaken)]), name="billing_round_reason"
            ),
            models.CheckConstraint(
                condition=Q(lines__len__gt=0, told_minor__gt=0, asked_minor__gte=0, taken_minor__lte=F("asked_minor")),
                name="billing_round_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.PLANNED.value, next_on__isnull=False)
                | (~Q(state=RoundState.PLANNED.value) & Q(next_on__isnull=True)),
                name="billing_round_waits",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RoundState.ASKED.value, RoundState.TAKEN.value])
                | Q(collection__isnull=False, asked_on__isnull=False),
                name="billing_round_asked",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mandate", "-id"], name="billing_round_mandate"),
            models.Index(fields=["next_on"], condition=Q(state=RoundState.PLANNED.value), name="billing_round_due"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(person=scope.person)


class RoundLine(ScopedModel):
    """A line belongs to one round, once and for all: that it is never taken twice stands in its key."""

    insert_only: ClassVar[bool] = True

    line = models.OneToOneField(Line, models.PROTECT, primary_key=True, related_name="+")
    id = None  # type: ignore[assignment]
    round = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()

    class Meta:
        db_table = "billing_round_line"

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class RoundMove(MoveRow):
    """What happened to a round: asked for, declined, taken; `why` is a word of the rules (`NotTaken`)."""

    states = RoundState
    of = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "billing_round_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="billing_round_move_of")]
