"""Meters, who shares them, their readings, what was decided about these, and up to which ones bills went."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.metering.rules import READING_LIFE, Kind, ReadingState, Serves, Source
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Role, Scope


def _of_community(scope: Scope) -> Q:
    return Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


def _of_home(scope: Scope) -> Q:
    """The staff of a community, and to residents what belongs to their homes."""
    return _of_community(scope) | Q(home__in=scope.homes if scope.role == Role.RESIDENT else ())


class Meter(ScopedModel):
    """One meter from the day it was put in to the day it was taken out. `walk` sorts meters as one walks past them."""

    community = models.UUIDField()
    home = models.UUIDField(null=True)
    building = models.UUIDField(null=True)
    kind = models.TextField()
    serves = models.TextField()
    label = models.TextField()
    place = models.TextField(default="")
    factor = models.DecimalField(max_digits=12, decimal_places=4)
    digits = models.SmallIntegerField()
    registers = ArrayField(models.TextField(), size=4)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    after = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    walk = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "metering_meter"
        constraints: ClassVar = [
            state_check("metering_meter_kind", tuple(Kind), "kind"),
            state_check("metering_meter_serves", tuple(Serves), "serves"),
            models.UniqueConstraint(fields=["community", "kind", "label"], name="metering_meter_label"),
            models.CheckConstraint(
                condition=Q(home__isnull=False, serves=Serves.HOME.value)
                | (Q(home__isnull=True) & ~Q(serves=Serves.HOME.value)),
                name="metering_meter_of_home",
            ),
            models.CheckConstraint(
                condition=Q(factor__gt=0, digits__gte=3, digits__lte=9, registers__len__gte=1),
                name="metering_meter_display",
            ),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="metering_meter_days"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "walk", "id"], name="metering_meter_walk"),
            models.Index(fields=["home", "kind"], condition=Q(home__isnull=False), name="metering_meter_home"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _of_home(scope)


class Share(ScopedModel):
    """A home's weight in what a shared meter counts; who is not named shares nothing."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    home = models.UUIDField()
    weight = models.DecimalField(max_digits=12, decimal_places=4)

    class Meta:
        db_table = "metering_share"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meter", "home"], name="metering_share_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="metering_share_weight"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _of_home(scope)


class Reading(ScopedModel):
    """What the displays showed on a day. `counted` and `charged` are filled in when the reading is accepted."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    home = models.UUIDField(null=True)
    read_on = models.DateField()
    shown = ArrayField(models.DecimalField(max_digits=18, decimal_places=3), size=4)
    counted = ArrayField(models.DecimalField(max_digits=18, decimal_places=3), size=4, null=True)
    charged = ArrayField(models.DecimalField(max_digits=18, decimal_places=3), size=4, null=True)
    price = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    source = models.TextField()
    state = models.TextField()
    anomaly = models.TextField(default="")
    photo = models.UUIDField(null=True)
    note = models.TextField(default="")
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)

    class Meta:
        db_table = "metering_reading"
        constraints: ClassVar = [
            state_check("metering_reading_state", READING_LIFE.states),
            state_check("metering_reading_source", tuple(Source), "source"),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.ACCEPTED.value)
                | Q(counted__len=F("shown__len"), charged__len=F("shown__len")),
                name="metering_reading_counted",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.WAITING.value) | Q(answer_by__isnull=False),
                name="metering_reading_answered",
            ),
            models.CheckConstraint(condition=Q(price__isnull=True) | Q(price__gte=0), name="metering_reading_price"),
            models.UniqueConstraint(
                fields=["meter", "read_on"],
                condition=Q(state__in=[ReadingState.WAITING.value, ReadingState.ACCEPTED.value]),
                name="metering_reading_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["meter", "-read_on", "-id"],
                condition=Q(state=ReadingState.ACCEPTED.value),
                name="metering_reading_standing",
            ),
            models.Index(fields=["meter", "-id"], name="metering_reading_meter"),
            models.Index(
                fields=["community", "answer_by", "id"],
                condition=Q(state=ReadingState.WAITING.value),
                name="metering_reading_waiting",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _of_home(scope)


class Move(ScopedModel):
    """Who decided what about a reading, when and why."""

    insert_only: ClassVar[bool] = True

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="+")
    community = models.UUIDField()
    verb = models.TextField()
    who = models.UUIDField(null=True)
    why = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "metering_move"

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _of_community(scope)


class Billed(ScopedModel):
    """Up to which reading a bill for `month` went, of a meter and a use of it: that reading and those before it stand.

    Two items may be charged by one meter; each has its own `use`, and goes on where its own last bill ended.
    """

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    use = models.UUIDField()
    month = models.DateField()
    read_on = models.DateField()

    class Meta:
        db_table = "metering_billed"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meter", "use", "month"], name="metering_billed_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="metering_billed_month"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _of_community(scope)
