"""Couriers, their shifts, where each was last, and how to get into a community."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Role, Scope
from linli.trade.delivery import rules
from linli.trade.delivery.models.walls import of_employer


class Courier(ScopedModel):
    """Who carries: for the platform (no employer), a property company or a shop. No communities: the whole city."""

    person = models.UUIDField(unique=True)
    city = models.UUIDField()
    employment = models.TextField()
    employer = models.UUIDField(null=True)
    communities = ArrayField(models.UUIDField(), default=list)
    skills = ArrayField(models.TextField(), default=list)
    vehicle = models.TextField()
    capacity = models.SmallIntegerField()
    seen_at = models.DateTimeField(null=True)
    hint_shop = models.UUIDField(null=True)
    hint_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "delivery_courier"
        constraints: ClassVar = [
            state_check("delivery_courier_employment", tuple(rules.Employment), "employment"),
            state_check("delivery_courier_vehicle", tuple(rules.Vehicle), "vehicle"),
            models.CheckConstraint(
                condition=Q(employment=rules.Employment.PLATFORM.value, employer__isnull=True)
                | (~Q(employment=rules.Employment.PLATFORM.value) & Q(employer__isnull=False)),
                name="delivery_courier_employer",
            ),
            models.CheckConstraint(condition=Q(capacity__range=(1, 200)), name="delivery_courier_capacity"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city"], condition=Q(left_at__isnull=True), name="delivery_courier_city"),
            models.Index(fields=["employer"], condition=Q(left_at__isnull=True), name="delivery_courier_of"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_employer(scope)


class Shift(ScopedModel):
    """Hours that somebody is wanted for, and who takes them. A planned one is seen by every courier it is open to."""

    city = models.UUIDField()
    employer = models.UUIDField(null=True)
    communities = ArrayField(models.UUIDField(), default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    courier = models.UUIDField(null=True)
    state = models.TextField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    top_up_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "delivery_shift"
        constraints: ClassVar = [
            state_check("delivery_shift_state", rules.SHIFT_LIFE.states),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="delivery_shift_hours"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "withdrawn", "missed"]) | Q(courier__isnull=False),
                name="delivery_shift_taken",
            ),
            models.CheckConstraint(condition=Q(top_up_minor__gte=0), name="delivery_shift_top_up"),
            models.UniqueConstraint(fields=["courier"], condition=Q(state="on"), name="delivery_shift_one_on"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "starts_at"], name="delivery_shift_days"),
            models.Index(fields=["courier", "starts_at"], name="delivery_shift_mine"),
            models.Index(
                fields=["ends_at"], condition=Q(state__in=["planned", "taken", "on"]), name="delivery_shift_open"
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        reach = Q(courier=scope.person)
        if scope.role is Role.COURIER:
            reach |= Q(state=rules.ShiftState.PLANNED.value)
        if scope.role is Role.PROPERTY and scope.company is not None:
            reach |= Q(employer=scope.company)
        return reach | Q(employer=scope.shop) if scope.shop is not None else reach


class Position(ScopedModel):
    """Where a courier was last: one row a courier, erased after some hours. `told_at` is the phone's own time."""

    courier = models.UUIDField(unique=True)
    lat = models.FloatField()
    lon = models.FloatField()
    accuracy_m = models.IntegerField()
    told_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "delivery_position"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lon__range=(-180, 180), accuracy_m__gte=0),
                name="delivery_position_on_earth",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="delivery_position_old")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(courier=scope.person)


class WayIn(ScopedModel):
    """How to get into a community, or into one building of it: a code and a note, for who has something to bring."""

    community = models.UUIDField()
    building = models.UUIDField(null=True)
    code = models.TextField(default="")
    note = models.TextField(default="")
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "delivery_way_in"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "building"], nulls_distinct=False, name="delivery_way_in_once"
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(community__in=scope.communities) if scope.role is Role.PROPERTY else Q(pk__isnull=True)
