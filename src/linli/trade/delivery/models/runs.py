"""Runs with their stops, and the offers by which they find a courier."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope
from linli.trade.delivery import rules


class Run(ScopedModel):
    """What one courier rides: a wave's run, or a bundle of orders that go now. `why` is the planner's reason."""

    city = models.UUIDField()
    wave = models.UUIDField(null=True)
    kind = models.TextField()
    courier = models.UUIDField(null=True)
    state = models.TextField()
    distance_m = models.IntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    why = models.TextField(default="")
    made_at = models.DateTimeField()
    set_out_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "delivery_run"
        constraints: ClassVar = [
            state_check("delivery_run_state", rules.RUN_LIFE.states),
            state_check("delivery_run_kind", tuple(rules.Kind), "kind"),
            models.CheckConstraint(
                condition=~Q(state__in=["given", "riding", "ended"]) | Q(courier__isnull=False),
                name="delivery_run_given",
            ),
            models.CheckConstraint(condition=Q(distance_m__gte=0), name="delivery_run_distance"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["courier", "starts_at"],
                condition=Q(state__in=["given", "riding"]),
                name="delivery_run_mine",
            ),
            models.Index(fields=["city", "state", "starts_at"], name="delivery_run_board"),
            models.Index(fields=["wave"], condition=Q(wave__isnull=False), name="delivery_run_wave"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(courier=scope.person)


class RunStop(ScopedModel):
    """One stop of a run: where, what for, when it is planned, and when the courier came and left."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="stops", db_index=False)
    nth = models.SmallIntegerField()
    kind = models.TextField()
    place = models.UUIDField()
    tasks = ArrayField(models.UUIDField())
    arrive_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "delivery_run_stop"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "nth"], name="delivery_run_stop_once"),
            state_check("delivery_run_stop_kind", tuple(rules.StopKind), "kind"),
            models.CheckConstraint(condition=Q(tasks__len__gt=0), name="delivery_run_stop_for_something"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["place", "-arrived_at"], condition=Q(left_at__isnull=False), name="delivery_run_stop_dwell"
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(run__courier=scope.person)


class Offer(ScopedModel):
    """A run offered to one courier until a deadline, with the reason why to them and what it is expected to pay."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="offers", db_index=False)
    courier = models.UUIDField()
    state = models.TextField()
    pays_minor = models.BigIntegerField()
    choice = models.JSONField(null=True)
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    why = models.TextField(default="")

    class Meta:
        db_table = "delivery_offer"
        constraints: ClassVar = [
            state_check("delivery_offer_state", rules.OFFER_LIFE.states),
            models.UniqueConstraint(fields=["run"], condition=Q(state="open"), name="delivery_offer_one_open"),
            models.CheckConstraint(condition=Q(pays_minor__gte=0), name="delivery_offer_pays"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["courier", "-id"], name="delivery_offer_mine"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="delivery_offer_due"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(courier=scope.person)
