"""What things are, and what the engine learnt: nothing of it is about anybody."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.insight.replenish import rules
from linli.spine.base import Model, state_check


class Commodity(Model):
    """An edited or added commodity; it stands before the one of the same key that comes with the house."""

    key = models.TextField(unique=True)
    name = models.JSONField()
    measure = models.TextField()
    usual_days = models.SmallIntegerField()
    words = ArrayField(models.TextField())
    others = ArrayField(models.TextField(), default=list)
    is_proposed = models.BooleanField(default=True)

    class Meta:
        db_table = "replenish_commodity"
        constraints: ClassVar = [
            state_check("replenish_commodity_measure", tuple(rules.Measure), column="measure"),
            models.CheckConstraint(condition=Q(usual_days__gte=1, usual_days__lte=365), name="replenish_usual_days"),
        ]


class Mapped(Model):
    """Which commodity a listing is; empty: of none. A suggestion gives way to what somebody decided.

    `is_dish`: it is eaten the day it comes, and there is nothing to decide.
    """

    listing = models.UUIDField(unique=True)
    commodity = models.TextField(default="")
    is_decided = models.BooleanField(default=False)
    title = models.JSONField()
    is_dish = models.BooleanField(default=False, db_default=False)
    mapped_at = models.DateTimeField()

    class Meta:
        db_table = "replenish_mapped"
        indexes: ClassVar = [models.Index(fields=["commodity", "-id"], name="replenish_mapped_list")]


class Study(Model):
    """What the engine learnt on a day, about nobody: numbers by commodity and, where enough is known, a net."""

    insert_only: ClassVar[bool] = True

    version = models.SmallIntegerField()
    households = models.IntegerField()
    body = models.JSONField()
    studied_at = models.DateTimeField()

    class Meta:
        db_table = "replenish_study"
        indexes: ClassVar = [models.Index(fields=["version", "-id"], name="replenish_study_newest")]
