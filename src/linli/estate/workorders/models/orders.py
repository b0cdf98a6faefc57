"""Work orders with their moves, materials, quotes and return visits."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.workorders import rules
from linli.estate.workorders.models.settings import Type
from linli.estate.workorders.models.walls import of_community, of_who_asked
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope

_OPEN = Q(state__in=[state.value for state in rules.OPEN])
_WAITING = Q(state__in=[rules.WorkState.PAUSED.value, rules.WorkState.QUOTED.value, rules.WorkState.DONE.value])


class Order(ScopedModel):
    """One piece of work. `home` is where, or `place` says it; `due_at` is by when its state has to be left.

    `about` is what a higher module raised it for. `choice` says why the house gave it to whom. `stopped_at` is when the
    clock was stopped, `escalates_at` when somebody above hears of it next, `told` how far up it has been told.
    """

    company = models.UUIDField()
    community = models.UUIDField()
    number = models.TextField()
    kind = models.TextField()
    type = models.ForeignKey(Type, models.PROTECT, related_name="+", db_index=False)
    home = models.UUIDField(null=True)
    place = models.TextField(default="")
    words = models.TextField(default="")
    photos = ArrayField(models.UUIDField(), default=list)
    source = models.TextField()
    about = models.UUIDField(null=True)
    raised_by = models.UUIDField(null=True)
    raised_at = models.DateTimeField()
    wanted_at = models.DateTimeField(null=True)

    state = models.TextField()
    assignee = models.UUIDField(null=True)
    choice = models.JSONField(null=True)
    clock_at = models.DateTimeField()
    accept_due_at = models.DateTimeField()
    arrive_due_at = models.DateTimeField()
    finish_due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    escalates_at = models.DateTimeField(null=True)
    told = models.SmallIntegerField(default=0)

    answer = models.TextField(default="")
    done_photos = ArrayField(models.UUIDField(), default=list)
    price_minor = models.BigIntegerField(default=0)
    charge_line = models.BigIntegerField(null=True)
    paid_at = models.DateTimeField(null=True)
    charged_at = models.DateTimeField(null=True)
    reopened = models.SmallIntegerField(default=0)
    stars = models.SmallIntegerField(null=True)
    rating_words = models.TextField(default="")
    rated_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "workorders_order"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "number"], name="workorders_order_number"),
            state_check("workorders_order_state", rules.WORK_LIFE.states),
            state_check("workorders_order_kind", tuple(rules.Kind), "kind"),
            state_check("workorders_order_source", tuple(rules.Source), "source"),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in rules.IN_HAND]) | Q(assignee__isnull=False),
                name="workorders_order_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[rules.WorkState.CLOSED.value, rules.WorkState.CANCELLED.value])
                | Q(due_at__isnull=False),
                name="workorders_order_waits_with_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0) & (Q(stars__isnull=True) | Q(stars__range=(1, 5))),
                name="workorders_order_price",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="workorders_order_list"),
            models.Index(fields=["community", "due_at"], condition=_OPEN, name="workorders_order_open"),
            models.Index(fields=["community", "state", "-id"], name="workorders_order_states"),
            models.Index(fields=["assignee"], condition=_OPEN, name="workorders_order_hand"),
            models.Index(fields=["assignee", "-arrived_at"], name="workorders_order_arrived"),
            models.Index(fields=["raised_by", "-id"], name="workorders_order_raised_by"),
            models.Index(fields=["home", "-id"], condition=Q(home__isnull=False), name="workorders_order_home"),
            models.Index(
                fields=["escalates_at"], condition=Q(escalates_at__isnull=False), name="workorders_order_escalates"
            ),
            models.Index(fields=["due_at"], condition=_WAITING, name="workorders_order_due"),
            models.Index(fields=["community", "raised_at"], name="workorders_order_days"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="workorders_order_about"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_who_asked(scope)


class Move(MoveRow):
    """One step in the life of an order, with who had it then. Its words go with their writer or the asker."""

    states = rules.WorkState
    verbs = rules.WorkVerb
    carries = ("assignee",)

    of = models.ForeignKey(Order, models.PROTECT, related_name="+", db_index=False)
    assignee = models.UUIDField(null=True)

    class Meta:
        db_table = "workorders_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="workorders_move_of")]


class Material(ScopedModel):
    """Something that was used up for an order, at a price that was quoted, or borne by the company (nothing)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    name = models.TextField()
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    unit_minor = models.BigIntegerField()
    used_at = models.DateTimeField()

    class Meta:
        db_table = "workorders_material"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0, unit_minor__gte=0), name="workorders_material_quantity"),
        ]
        indexes: ClassVar = [models.Index(fields=["order", "id"], name="workorders_material_order")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(order__raised_by=scope.person)


class Quote(ScopedModel):
    """A price told to who asked: labour and materials. One at a time waits for an answer."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    labour_minor = models.BigIntegerField()
    materials_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    what = models.TextField()
    state = models.TextField()
    quoted_by = models.UUIDField(null=True)
    quoted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta:
        db_table = "workorders_quote"
        constraints: ClassVar = [
            state_check("workorders_quote_state", rules.QUOTE_LIFE.states),
            models.CheckConstraint(
                condition=Q(labour_minor__gte=0, materials_minor__gte=0, amount_minor__gt=0)
                & Q(amount_minor=F("labour_minor") + F("materials_minor")),
                name="workorders_quote_adds_up",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state=rules.QuoteState.OFFERED.value),
                name="workorders_quote_one_open",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["order", "id"], name="workorders_quote_order")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(order__raised_by=scope.person)


class ReturnVisit(ScopedModel):
    """What was heard when somebody of the desk asked afterwards. Insert-only but for the erasure of words."""

    insert_only: ClassVar[bool] = True

    order = models.ForeignKey(Order, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    satisfaction = models.TextField()
    words = models.TextField(default="")
    visited_by = models.UUIDField(null=True)
    visited_at = models.DateTimeField()

    class Meta:
        db_table = "workorders_visit"
        constraints: ClassVar = [
            state_check("workorders_visit_satisfaction", tuple(rules.Satisfaction), "satisfaction"),
        ]
        indexes: ClassVar = [models.Index(fields=["order", "id"], name="workorders_visit_order")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
