"""What may be asked of a company, how fast it promises to be in a community, and who does it when."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Value

from linli.estate.workorders import rules
from linli.estate.workorders.models.walls import of_community
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope

MINUTES = Q(accept_minutes__gt=0, arrive_minutes__gte=F("accept_minutes"), finish_minutes__gte=F("arrive_minutes"))
"""Each step has at least as long as the one before it."""


class Type(ScopedModel):
    """One node of a company's tree of types. Everybody may read what can be asked for; one that is used is retired."""

    company = models.UUIDField()
    under = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    word = models.TextField()
    kind = models.TextField()
    skill = models.TextField()
    name = models.JSONField()
    accept_minutes = models.IntegerField()
    arrive_minutes = models.IntegerField()
    finish_minutes = models.IntegerField()
    warranty_days = models.IntegerField(default=0)
    price_minor = models.BigIntegerField(null=True)
    at_home = models.BooleanField(default=True)
    nth = models.IntegerField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "workorders_type"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "word"], name="workorders_type_word"),
            models.CheckConstraint(condition=MINUTES, name="workorders_type_minutes"),
            models.CheckConstraint(
                condition=Q(warranty_days__gte=0) & (Q(price_minor__isnull=True) | Q(price_minor__gt=0)),
                name="workorders_type_price",
            ),
            state_check("workorders_type_kind", tuple(rules.Kind), "kind"),
            state_check("workorders_type_skill", tuple(rules.Skill), "skill"),
        ]

    @classmethod
    def reach(cls, _: Scope) -> Q:
        return Q()


class Sla(ScopedModel):
    """How fast a type is done in one community from a day on, and how it finds who does it (empty: as the policy says).

    The one that began last holds. What held before stays, so that anybody can look up what was promised when.
    """

    community = models.UUIDField()
    type = models.ForeignKey(Type, models.PROTECT, related_name="+", db_index=False)
    accept_minutes = models.IntegerField()
    arrive_minutes = models.IntegerField()
    finish_minutes = models.IntegerField()
    way = models.TextField(default="")
    start_on = models.DateField()

    class Meta:
        db_table = "workorders_sla"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "type", "start_on"], name="workorders_sla_once"),
            models.CheckConstraint(condition=MINUTES, name="workorders_sla_minutes"),
            models.CheckConstraint(
                condition=Q(way__in=["", *(way.value for way in rules.Way)]), name="workorders_sla_way"
            ),
        ]

    @classmethod
    def reach(cls, _: Scope) -> Q:
        return Q()


def holding(rows: QuerySet[Sla], at: datetime, *, planned: bool = False) -> QuerySet[Sla]:
    """This will keep the promises that hold at an instant, by the day of their community; `planned`: later ones too."""
    today = Func(F("community"), Value(at), function="places_day", output_field=models.DateField())
    newer = Sla.objects.inside().filter(
        community=OuterRef("community"),
        type=OuterRef("type"),
        start_on__gt=OuterRef("start_on"),
        start_on__lte=OuterRef("today"),
    )
    begun = rows.alias(today=today)
    return begun.filter(~Exists(newer)) if planned else begun.filter(~Exists(newer), start_on__lte=F("today"))


class Worker(ScopedModel):
    """Who does work in a community, and what they are able to do. `most_open` empty: as the policy says."""

    company = models.UUIDField()
    community = models.UUIDField()
    person = models.UUIDField()
    skills = ArrayField(models.TextField())
    most_open = models.SmallIntegerField(null=True)
    is_away = models.BooleanField(default=False)
    last_given_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "workorders_worker"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "person"], name="workorders_worker_once"),
            models.CheckConstraint(
                condition=Q(most_open__isnull=True) | Q(most_open__gt=0), name="workorders_worker_most_open"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="workorders_worker_person")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Shift(ScopedModel):
    """Hours of a day of the week at which a worker is on duty; a worker without any is on duty at every hour."""

    community = models.UUIDField()
    worker = models.ForeignKey(Worker, models.CASCADE, related_name="shifts", db_index=False)
    weekday = models.SmallIntegerField()
    start_minute = models.SmallIntegerField()
    end_minute = models.SmallIntegerField()

    class Meta:
        db_table = "workorders_shift"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6), start_minute__gte=0, end_minute__lte=24 * 60)
                & Q(start_minute__lt=F("end_minute")),
                name="workorders_shift_hours",
            ),
            models.UniqueConstraint(fields=["worker", "weekday", "start_minute"], name="workorders_shift_once"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
