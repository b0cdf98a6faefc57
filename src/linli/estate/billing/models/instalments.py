"""Instalment plans, their parts and moves, and the days on which lines of a plan bear no late fee."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.billing.models.issuing import Line
from linli.estate.billing.models.walls import of_community, of_obligor
from linli.estate.billing.rules import PLAN_LIFE, PlanState, PlanVerb
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Plan(ScopedModel):
    """Lines of an account that are paid in parts. `minors` is what was open of each when the plan was approved."""

    company = models.UUIDField()
    community = models.UUIDField()
    subject = models.UUIDField()
    obligor = models.UUIDField()
    lines = ArrayField(models.BigIntegerField())
    minors = ArrayField(models.BigIntegerField())
    total_minor = models.BigIntegerField()
    count = models.SmallIntegerField()
    first_on = models.DateField()
    stops_late = models.BooleanField()
    state = models.TextField()
    why = models.TextField()
    answer = models.TextField(default="")
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_nth = models.SmallIntegerField(default=0)
    """The last instalment that its obligor was reminded of."""

    class Meta:
        db_table = "billing_plan"
        constraints: ClassVar = [
            state_check("billing_plan_state", PLAN_LIFE.states),
            models.CheckConstraint(
                condition=Q(lines__len__gt=0, lines__len=F("minors__len"), total_minor__gt=0, count__gte=2),
                name="billing_plan_lines",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="billing_plan_community"),
            models.Index(fields=["obligor", "-id"], name="billing_plan_obligor"),
            models.Index(
                fields=["id"],
                condition=Q(state__in=[PlanState.ASKED.value, PlanState.KEPT.value]),
                name="billing_plan_live",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)


class PlanPart(ScopedModel):
    """An instalment of a plan that was approved; together they are its total."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    obligor = models.UUIDField()
    nth = models.SmallIntegerField()
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "billing_plan_part"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "nth"], name="billing_plan_part_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0, nth__gt=0), name="billing_plan_part_amount"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)


class PlanMove(ScopedModel):
    """What happened to a plan: by whom, when and why."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    community = models.UUIDField()
    obligor = models.UUIDField()
    verb = models.TextField()
    person = models.UUIDField(null=True)
    why = models.TextField(default="")
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "billing_plan_move"
        constraints: ClassVar = [state_check("billing_plan_move_verb", tuple(PlanVerb), "verb")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)


class Pause(ScopedModel):
    """A line belongs to a plan for these days, still (without an end) or once; with `stops_late` no late fee runs."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    stops_late = models.BooleanField()

    class Meta:
        db_table = "billing_pause"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="billing_pause_days"
            ),
            models.UniqueConstraint(fields=["line"], condition=Q(end_on__isnull=True), name="billing_pause_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["line"], name="billing_pause_line"),
            models.Index(fields=["plan"], name="billing_pause_plan"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
