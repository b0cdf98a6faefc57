"""Slots, what they carry, and who holds it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.spine.base import Model, ScopedModel, state_check
from linli.spine.scope import Scope
from linli.trade.delivery.models.zones import Zone
from linli.trade.delivery.rules import SLOT_LIFE, Axis, SlotState


class Slot(Model):
    """A window of a zone; communities that offer the same window share it. Open until its cut-off."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+", db_index=False)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    cut_off_at = models.DateTimeField()
    state = models.TextField(default=SLOT_LIFE.birth.value)

    class Meta:
        db_table = "delivery_slot"
        constraints: ClassVar = [
            state_check("delivery_slot_state", SLOT_LIFE.states),
            models.UniqueConstraint(fields=["zone", "start_at", "end_at"], name="delivery_slot_once"),
            models.CheckConstraint(
                condition=Q(end_at__gt=F("start_at"), cut_off_at__lte=F("start_at")), name="delivery_slot_window"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["cut_off_at"], name="delivery_slot_due", condition=Q(state=SlotState.OPEN.value)),
            models.Index(fields=["zone", "-start_at"], name="delivery_slot_zone"),
        ]


class Capacity(models.Model):
    """What one subject carries in one window on one axis, and how much of it is taken."""

    id = models.BigAutoField(primary_key=True)
    axis = models.TextField()
    subject = models.UUIDField()
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    capacity = models.BigIntegerField()
    taken = models.BigIntegerField(default=0)

    class Meta:
        db_table = "delivery_capacity"
        constraints: ClassVar = [
            state_check("delivery_capacity_axis", tuple(Axis), "axis"),
            models.UniqueConstraint(fields=["axis", "subject", "start_at"], name="delivery_capacity_once"),
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=F("capacity")), name="delivery_capacity_never_oversold"
            ),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="delivery_capacity_window"),
        ]
        indexes: ClassVar = [models.Index(fields=["end_at"], name="delivery_capacity_over")]


class Hold(ScopedModel):
    """An order's part of a capacity; `until` is empty once it is kept. A kitchen's is money: only the house sees it."""

    order = models.UUIDField()
    holder = models.UUIDField()
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="+", null=True, db_index=False)
    capacity = models.ForeignKey(Capacity, models.PROTECT, related_name="+", db_index=False)
    units = models.BigIntegerField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "delivery_hold"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "capacity"], name="delivery_hold_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="delivery_hold_units"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["holder"], name="delivery_hold_holder"),
            models.Index(fields=["capacity"], name="delivery_hold_capacity"),
            models.Index(fields=["until"], name="delivery_hold_until", condition=Q(until__isnull=False)),
        ]

    @classmethod
    def reach(cls, _scope: Scope) -> Q:
        return Q(pk__in=[])


class Drop(models.Model):
    """What one order more costs in a slot and community: expected when the slot opens, and what its wave came to.

    The expectation stays as long as the slot is sold, so that nobody's basket changes while they fill it. `fen` is what
    the wave would save without the community's stops, one by one; `orders` are those brought to them.
    """

    id = models.BigAutoField(primary_key=True)
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    expected_fen = models.FloatField(null=True)
    orders = models.IntegerField(default=0)
    fen = models.BigIntegerField(default=0)

    class Meta:
        db_table = "delivery_drop"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slot", "community"], name="delivery_drop_once"),
            models.CheckConstraint(
                condition=Q(orders__gte=0, fen__gte=0) & (Q(expected_fen__isnull=True) | Q(expected_fen__gte=0)),
                name="delivery_drop_amounts",
            ),
        ]


class Kitchen(Model):
    """How much a shop prepares in a quarter of an hour, how long one order takes, and when it takes a breath."""

    shop = models.UUIDField(unique=True)
    value_minor = models.BigIntegerField()
    minutes = models.IntegerField()
    pauses_by_itself = models.BooleanField(db_default=True)
    queue_minutes = models.IntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "delivery_kitchen"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(value_minor__gt=0, minutes__gt=0, minutes__lte=240, queue_minutes__gte=15),
                name="delivery_kitchen_amounts",
            ),
        ]
