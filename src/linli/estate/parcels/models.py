"""Parcels and what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from linli.estate.parcels import rules
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Role, Scope


class Parcel(ScopedModel):
    """One parcel at a drop-off point; `in_locker`: its shelf is a compartment. `taker` is who fetched it where they
    showed themselves; it is forgotten.
    """

    community = models.UUIDField()
    home = models.UUIDField()
    people = ArrayField(models.UUIDField())
    label = models.TextField()
    carrier = models.TextField()
    tracking = models.TextField()
    shelf = models.TextField(default="")
    in_locker = models.BooleanField(default=False, db_default=False)
    state = models.TextField(default=rules.PARCEL_LIFE.birth.value)
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    reminded = models.SmallIntegerField(default=0)
    left_at = models.DateTimeField(null=True)
    by_code = models.BooleanField(null=True)
    taker = models.TextField(default="")
    forget_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parcels_parcel"
        constraints: ClassVar = [
            state_check("parcels_parcel_state", rules.PARCEL_LIFE.states),
            state_check("parcels_parcel_carrier", tuple(rules.Carrier), column="carrier"),
            models.CheckConstraint(
                condition=Q(state="waiting", left_at__isnull=True) | (~Q(state="waiting") & Q(left_at__isnull=False)),
                name="parcels_parcel_left",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("arrived_at")), name="parcels_parcel_due"),
            models.CheckConstraint(condition=Q(reminded__gte=0), name="parcels_parcel_reminded"),
            models.UniqueConstraint(
                fields=["community", "carrier", "tracking"], condition=Q(state="waiting"), name="parcels_parcel_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="parcels_parcel_newest"),
            models.Index(fields=["community", "arrived_at"], name="parcels_parcel_waits", condition=Q(state="waiting")),
            models.Index(fields=["remind_at"], name="parcels_parcel_remind", condition=Q(state="waiting")),
            GinIndex(fields=["people"], name="parcels_parcel_people"),
            models.Index(fields=["forget_at"], name="parcels_parcel_forget", condition=Q(forget_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        mine = Q(people__contains=[scope.person]) if scope.person else Q(pk__in=[])
        return Q(community__in=scope.communities) if scope.role == Role.PROPERTY else mine


class ParcelMove(MoveRow):
    """A step in the life of a parcel."""

    states = rules.ParcelState
    of = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "parcels_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="parcels_move_of")]
