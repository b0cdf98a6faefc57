"""Waves: the plan of a slot's runs, with everything that is needed to tell later why it was so."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope
from linli.trade.delivery.models.slots import Slot
from linli.trade.delivery.models.zones import Zone
from linli.trade.delivery.rules import WAVE_LIFE, Method, Pooling, WaveState


class Wave(ScopedModel):
    """The one plan of a slot; `nth` counts how often it was planned. Costs are what the model says, in fen.

    Until `busy_until` somebody is planning it; whoever does not come back by then has lost the word.
    """

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+", db_index=False)
    slot = models.OneToOneField(Slot, models.PROTECT, related_name="+")
    state = models.TextField(default=WAVE_LIFE.birth.value)
    nth = models.IntegerField(default=1)
    pooling = models.TextField()
    method = models.TextField()
    seed = models.BigIntegerField()
    cpu_s = models.FloatField()
    orders = models.IntegerField()
    stops = models.IntegerField()
    runs = models.IntegerField()
    metres = models.IntegerField()
    cost_minor = models.BigIntegerField()
    separate_minor = models.BigIntegerField()
    plan = models.JSONField()
    says = models.JSONField()
    trouble = models.TextField(default="")
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    busy_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "delivery_wave"
        constraints: ClassVar = [
            state_check("delivery_wave_state", WAVE_LIFE.states),
            state_check("delivery_wave_pooling", tuple(Pooling), "pooling"),
            state_check("delivery_wave_method", tuple(Method), "method"),
            models.CheckConstraint(
                condition=Q(orders__gte=0, stops__gte=0, runs__gte=0, cost_minor__gte=0), name="delivery_wave_counts"
            ),
            models.CheckConstraint(
                condition=~Q(pooling=Pooling.POOLED.value) | Q(cost_minor__lte=F("separate_minor")),
                name="delivery_wave_not_dearer",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["zone", "-planned_at"], name="delivery_wave_zone"),
            models.Index(
                fields=["due_at"],
                name="delivery_wave_due",
                condition=Q(state__in=[WaveState.PLANNED.value, WaveState.COMMITTED.value]),
            ),
        ]

    @classmethod
    def reach(cls, _scope: Scope) -> Q:
        return Q(pk__in=[])


class SlotMove(ScopedModel):
    """A step in the life of a slot or of its wave: who (nobody is the clock), when, and why."""

    insert_only: ClassVar[bool] = True

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="+", db_index=False)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="+", null=True, db_index=False)
    verb = models.TextField()
    after = models.TextField()
    role = models.TextField()
    person = models.UUIDField(null=True)
    why = models.TextField(default="")
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "delivery_slot_move"
        indexes: ClassVar = [models.Index(fields=["slot", "id"], name="delivery_slot_move_slot")]

    @classmethod
    def reach(cls, _scope: Scope) -> Q:
        return Q(pk__in=[])
