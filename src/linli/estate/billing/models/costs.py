"""Costs of many homes that a month divides among them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.estate.billing.models.charging import Item
from linli.estate.billing.models.walls import of_community
from linli.estate.billing.rules import COST_LIFE, CostState, ShareBy
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Cost(ScopedModel):
    """A cost of a community, a building or a stairwell, divided in the month `first_on`, for the days start to end.

    `amount_minor` was entered, or is what a shared `meter` counted times its `price`, as of the last draft.
    """

    company = models.UUIDField()
    community = models.UUIDField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    first_on = models.DateField()
    start_on = models.DateField()
    end_on = models.DateField()
    title = models.TextField(default="")
    building = models.TextField(default="")
    unit = models.TextField(default="")
    by = models.TextField()
    floors = models.TextField(default="")
    attribute = models.TextField(default="")
    amount_minor = models.BigIntegerField(null=True)
    meter = models.UUIDField(null=True)
    price = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    state = models.TextField()
    entered_by = models.UUIDField(null=True)
    entered_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    why = models.TextField(default="")

    class Meta:
        db_table = "billing_cost"
        constraints: ClassVar = [
            state_check("billing_cost_state", COST_LIFE.states),
            state_check("billing_cost_by", tuple(ShareBy), "by"),
            models.CheckConstraint(condition=Q(first_on__day=1, end_on__gt=F("start_on")), name="billing_cost_days"),
            models.CheckConstraint(
                condition=Q(meter__isnull=True, price__isnull=True, amount_minor__gt=0)
                | Q(meter__isnull=False, price__gt=0) & (Q(amount_minor__isnull=True) | Q(amount_minor__gte=0)),
                name="billing_cost_amount",
            ),
            models.CheckConstraint(condition=Q(unit="") | ~Q(building=""), name="billing_cost_place"),
            models.CheckConstraint(
                condition=~Q(by=ShareBy.METER.value) | Q(meter__isnull=False), name="billing_cost_meter"
            ),
            models.CheckConstraint(
                condition=Q(state=CostState.ENTERED.value, decided_at__isnull=True)
                | (~Q(state=CostState.ENTERED.value) & Q(decided_at__isnull=False)),
                name="billing_cost_decided",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "-first_on", "-id"], name="billing_cost_month")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
