"""Tasks with their moves, and what each paid."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import rules
from linli.trade.delivery.models.walls import of_task

_OPEN = Q(state__in=[state.value for state in rules.OPEN])
_IN_HAND = Q(state__in=[state.value for state in rules.IN_HAND])


class Task(ScopedModel):
    """One order on its way. `due_at` is when its state has to be left, `waits_for` by whom; `goods` whose hands.

    Where it goes from and to (`from_lat` ...), its `number` and its `door` are frozen when it is asked for, so the
    board reads one table. `escalated_at`: it is late, and the board was told.
    """

    order = models.UUIDField(unique=True)
    number = models.TextField()
    shop = models.UUIDField()
    city = models.UUIDField()
    community = models.UUIDField()
    building = models.UUIDField(null=True)
    home = models.UUIDField(null=True)
    door = models.TextField(default="")
    kind = models.TextField()
    slot = models.UUIDField(null=True)
    drop_off = models.TextField()
    by_shop = models.BooleanField(default=False)
    portions = models.IntegerField()
    needs = ArrayField(models.TextField(), default=list)
    care = ArrayField(models.TextField(), default=list)
    fee_minor = models.BigIntegerField()
    from_lat = models.FloatField()
    from_lon = models.FloatField()
    to_lat = models.FloatField()
    to_lon = models.FloatField()

    state = models.TextField()
    goods = models.TextField()
    courier = models.UUIDField(null=True)
    offered_to = models.UUIDField(null=True)
    refused_by = ArrayField(models.UUIDField(), default=list)
    choice = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    is_ready = models.BooleanField(default=False)
    promised_at = models.DateTimeField()
    arrive_at = models.DateTimeField(null=True)
    waits_for = models.TextField()
    due_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    proof = models.TextField(default="")
    spot = models.TextField(default="")
    photo = models.UUIDField(null=True)
    reason = models.TextField(default="")

    class Meta:
        db_table = "delivery_task"
        constraints: ClassVar = [
            state_check("delivery_task_state", rules.TASK_LIFE.states),
            state_check("delivery_task_kind", tuple(rules.Kind), "kind"),
            state_check("delivery_task_goods", rules.GOODS_LIFE.states, "goods"),
            state_check("delivery_task_drop_off", tuple(rules.DropOff), "drop_off"),
            state_check("delivery_task_waits_for", tuple(rules.WaitsFor), "waits_for"),
            models.CheckConstraint(condition=~_IN_HAND | Q(courier__isnull=False), name="delivery_task_in_hand"),
            models.CheckConstraint(
                condition=(~_OPEN & ~Q(goods=rules.Custody.COURIER.value)) | Q(due_at__isnull=False),
                name="delivery_task_waits_with_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.TaskState.DONE.value) | (Q(goods="buyer") & ~Q(proof="")),
                name="delivery_task_done_with_proof",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.TaskState.FAILED.value) | ~Q(reason=""), name="delivery_task_failed_says_why"
            ),
            models.CheckConstraint(condition=Q(portions__gt=0, fee_minor__gte=0), name="delivery_task_size"),
            models.CheckConstraint(
                condition=Q(care__contained_by=[each.value for each in Care]), name="delivery_task_care"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "due_at"], condition=_OPEN, name="delivery_task_board"),
            models.Index(fields=["community", "due_at"], condition=_OPEN, name="delivery_task_community"),
            models.Index(fields=["courier"], condition=_IN_HAND, name="delivery_task_hand"),
            models.Index(fields=["courier", "-ended_at"], name="delivery_task_ended"),
            models.Index(fields=["offered_to"], condition=Q(offered_to__isnull=False), name="delivery_task_offered"),
            models.Index(fields=["slot"], condition=Q(slot__isnull=False), name="delivery_task_slot"),
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False, escalated_at__isnull=True),
                name="delivery_task_late",
            ),
            models.Index(fields=["building", "-arrived_at"], name="delivery_task_dwell"),
            models.Index(fields=["city", "promised_at"], name="delivery_task_day"),
            models.Index(fields=["shop", "-id"], name="delivery_task_shop"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_task(scope)


class TaskMove(MoveRow):
    """One step in the life of a task. `said_at` is the phone's own time where it said one, `moved_at` the server's."""

    of = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False)
    said_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "delivery_task_move"
        indexes: ClassVar = [
            models.Index(fields=["of", "id"], name="delivery_task_move_of"),
            models.Index(fields=["community", "-moved_at"], name="delivery_task_move_of_day"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_task(scope, "of__")


class Earning(ScopedModel):
    """What a task paid, with its reckoning; or what a shift was paid besides. Posted once, never changed."""

    insert_only: ClassVar[bool] = True

    about = models.UUIDField(unique=True)
    kind = models.TextField()
    courier = models.UUIDField()
    city = models.UUIDField()
    base_minor = models.BigIntegerField()
    distance_minor = models.BigIntegerField()
    order_minor = models.BigIntegerField()
    top_up_minor = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    distance_m = models.IntegerField()
    together = models.SmallIntegerField()
    earned_at = models.DateTimeField()

    class Meta:
        db_table = "delivery_earning"
        constraints: ClassVar = [
            state_check("delivery_earning_kind", tuple(rules.EarningKind), "kind"),
            models.CheckConstraint(
                condition=Q(amount_minor=F("base_minor") + F("distance_minor") + F("order_minor") + F("top_up_minor")),
                name="delivery_earning_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(base_minor__gte=0, distance_minor__gte=0, order_minor__gte=0, top_up_minor__gte=0)
                & Q(amount_minor__gt=0, distance_m__gte=0, together__gt=0),
                name="delivery_earning_positive",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["courier", "-earned_at"], name="delivery_earning_mine")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(courier=scope.person)


class Preparation(ScopedModel):
    """How long a shop took to get orders ready in an hour of the day, learnt: how many, their mean and their spread."""

    shop = models.UUIDField()
    hour = models.SmallIntegerField()
    seen = models.IntegerField()
    mean_s = models.FloatField()
    squares = models.FloatField()

    class Meta:
        db_table = "delivery_preparation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "hour"], name="delivery_preparation_once"),
            models.CheckConstraint(
                condition=Q(hour__range=(0, 23), seen__gte=0, mean_s__gte=0, squares__gte=0),
                name="delivery_preparation_sound",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(shop=scope.shop) if scope.shop is not None else Q(pk__isnull=True)
