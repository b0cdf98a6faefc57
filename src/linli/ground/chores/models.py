"""Chores and the steps of their lives."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from linli.ground.chores.rules import CHORE_LIFE, UNDER_WAY, ChoreState
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope

_UNDER_WAY = Q(state__in=[state.value for state in UNDER_WAY])


def _of(scope: Scope, before: str = "") -> Q:
    theirs = Q(pk__in=())
    for column, value in (("person", scope.person), ("company", scope.company)):
        if value is not None:
            theirs |= Q(**{before + column: value})
    return theirs


class Chore(ScopedModel):
    """One piece of long work. `asker` is the scope that it is carried out with, `said` what it was told, `answer` what
    it gave; `done` of `total` and `step` are how far it is, told while it runs and worth nothing afterwards."""

    kind = models.TextField()
    about = models.TextField()
    lane = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    company = models.UUIDField(null=True)
    community = models.UUIDField(null=True)
    asker = models.JSONField()
    said = models.JSONField()
    label = models.TextField(default="")
    locale = models.TextField()
    given = models.UUIDField(null=True)
    made = models.UUIDField(null=True)
    state = models.TextField()
    attempts = models.SmallIntegerField(default=0)
    failures = models.SmallIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    step = models.TextField(default="")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    forget_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)
    refusal = models.JSONField(null=True)
    trouble = models.TextField(default="")

    class Meta:
        db_table = "chores_chore"
        constraints: ClassVar = [
            state_check("chores_chore_state", CHORE_LIFE.states),
            models.CheckConstraint(condition=Q(done__gte=0, done__lte=F("total")), name="chores_chore_done"),
            models.CheckConstraint(condition=_UNDER_WAY ^ Q(ended_at__isnull=False), name="chores_chore_ended"),
            models.CheckConstraint(
                condition=Q(state=ChoreState.REFUSED.value) ^ Q(refusal__isnull=True), name="chores_chore_refused"
            ),
            models.UniqueConstraint(
                Coalesce("company", "person"), "kind", "about", condition=_UNDER_WAY, name="chores_chore_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-id"], name="chores_chore_company"),
            models.Index(fields=["person", "-id"], name="chores_chore_person"),
            models.Index(fields=["id"], name="chores_chore_under_way", condition=_UNDER_WAY),
            models.Index(fields=["forget_at"], name="chores_chore_forgotten", condition=Q(forget_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _of(scope)


class ChoreMove(MoveRow):
    """One step in the life of a chore; it is forgotten together with its chore, and so not kept from being deleted."""

    insert_only: ClassVar[bool] = False

    of = models.ForeignKey(Chore, models.CASCADE, related_name="+")
    community = models.UUIDField(null=True)  # type: ignore[assignment]

    class Meta:
        db_table = "chores_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="chores_move_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _of(scope, "of__")
