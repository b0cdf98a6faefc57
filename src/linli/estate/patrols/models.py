"""Points, routes, plans, and the patrols that were walked."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.patrols.rules import CheckState, Outcome, PatrolState
from linli.spine.base import ScopedModel, state_check
from linli.spine.may import Duty
from linli.spine.moves import MoveRow
from linli.spine.scope import Role, Scope


def of_community(scope: Scope) -> Q:
    """What belongs to the communities of the staff that ask."""
    return Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


class Point(ScopedModel):
    """A place to look at. `secret` stands in its QR; `display` makes the rotating code where one is wanted."""

    community = models.UUIDField()
    name = models.TextField()
    place = models.TextField()
    secret = models.TextField(unique=True)
    display = models.TextField()
    wants_code = models.BooleanField(default=False)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    items = models.JSONField(default=list)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "patrols_point"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(place=""), name="patrols_point_named"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
                name="patrols_point_position",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "name"], name="patrols_point_community")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Route(ScopedModel):
    """Points one after another; with `in_order` they are checked in that order."""

    community = models.UUIDField()
    name = models.TextField()
    in_order = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "patrols_route"
        indexes: ClassVar = [models.Index(fields=["community", "name"], name="patrols_route_community")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Stop(ScopedModel):
    """A point of a route, and how long the way there takes at the least."""

    route = models.ForeignKey(Route, models.CASCADE, related_name="stops", db_index=False)
    community = models.UUIDField()
    nth = models.SmallIntegerField()
    point = models.ForeignKey(Point, models.PROTECT, related_name="+")
    least_minutes = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "patrols_stop"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["route", "nth"], name="patrols_stop_once"),
            models.UniqueConstraint(fields=["route", "point"], name="patrols_stop_point"),
            models.CheckConstraint(condition=Q(least_minutes__gte=0), name="patrols_stop_least"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Plan(ScopedModel):
    """A route is walked on these weekdays (0 is Monday) from a minute of the day on, by whoever is of a duty, or by
    `people` of it who take turns walk by walk."""

    community = models.UUIDField()
    route = models.ForeignKey(Route, models.PROTECT, related_name="+", db_index=False)
    weekdays = ArrayField(models.SmallIntegerField())
    start_minute = models.SmallIntegerField()
    minutes = models.SmallIntegerField()
    duty = models.TextField()
    people = ArrayField(models.UUIDField(), default=list)
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        db_table = "patrols_plan"
        constraints: ClassVar = [
            state_check("patrols_plan_duty", tuple(Duty), "duty"),
            models.CheckConstraint(
                condition=Q(weekdays__len__gt=0, start_minute__gte=0, start_minute__lt=1440)
                & Q(minutes__gt=0, minutes__lte=1440),
                name="patrols_plan_window",
            ),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="patrols_plan_days"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "end_on"], name="patrols_plan_community")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Patrol(ScopedModel):
    """One walk: made once for a plan and a beginning."""

    label = models.TextField()
    community = models.UUIDField()
    route = models.ForeignKey(Route, models.PROTECT, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.TextField()
    in_order = models.BooleanField()
    duty = models.TextField()
    person = models.UUIDField(null=True)
    state = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "patrols_patrol"
        constraints: ClassVar = [
            state_check("patrols_patrol_state", tuple(PatrolState)),
            models.UniqueConstraint(fields=["community", "label"], name="patrols_patrol_label"),
            models.UniqueConstraint(
                fields=["plan", "starts_at"], condition=Q(plan__isnull=False), name="patrols_patrol_once"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="patrols_patrol_window"),
            models.CheckConstraint(
                condition=~Q(state__in=["walking", "done", "incomplete"]) | Q(person__isnull=False),
                name="patrols_patrol_taken",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-starts_at"], name="patrols_patrol_recent"),
            models.Index(fields=["ends_at"], condition=Q(state__in=["due", "walking"]), name="patrols_patrol_open"),
            models.Index(fields=["person", "-starts_at"], name="patrols_patrol_person"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class PatrolMove(MoveRow):
    """What happened to a patrol."""

    states = PatrolState
    of = models.ForeignKey(Patrol, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "patrols_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="patrols_move_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Check(ScopedModel):
    """A point of a patrol, with its items as they were when the patrol was made."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    nth = models.SmallIntegerField()
    point = models.ForeignKey(Point, models.PROTECT, related_name="+")
    name = models.TextField()
    place = models.TextField()
    items = models.JSONField()
    least_s = models.IntegerField()
    state = models.TextField()
    visited_at = models.DateTimeField(null=True)
    person = models.UUIDField(null=True)
    doubts = ArrayField(models.TextField(), default=list)
    since_last_s = models.IntegerField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    photos = ArrayField(models.UUIDField(), default=list)

    class Meta:
        db_table = "patrols_check"
        constraints: ClassVar = [
            state_check("patrols_check_state", tuple(CheckState)),
            models.UniqueConstraint(fields=["patrol", "nth"], name="patrols_check_once"),
            models.CheckConstraint(
                condition=Q(state="visited", visited_at__isnull=False, person__isnull=False)
                | Q(~Q(state="visited"), visited_at__isnull=True),
                name="patrols_check_visited",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Answer(ScopedModel):
    """What was seen of an item; a finding names its work order."""

    insert_only: ClassVar[bool] = True

    check_of = models.ForeignKey(Check, models.PROTECT, related_name="+", db_index=False)
    patrol = models.UUIDField()
    community = models.UUIDField()
    item = models.TextField()
    outcome = models.TextField()
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    measure = models.TextField(default="")
    words = models.TextField(default="")
    order = models.UUIDField(null=True)

    class Meta:
        db_table = "patrols_answer"
        constraints: ClassVar = [
            state_check("patrols_answer_outcome", tuple(Outcome), "outcome"),
            models.CheckConstraint(
                condition=Q(outcome="ok", order__isnull=True) | Q(outcome="finding", order__isnull=False),
                name="patrols_answer_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["check_of"], name="patrols_answer_check"),
            models.Index(fields=["patrol"], name="patrols_answer_patrol"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
