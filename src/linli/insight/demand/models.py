"""What was sold of fresh goods day by day, and what is foretold of the days to come; both a shop's own business."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from linli.spine.base import Scoped
from linli.spine.scope import Scope


def of_shop(scope: Scope) -> Q:
    """What a shop sees: its own."""
    return Q(shop=scope.shop) if scope.shop else Q(pk__in=[])


class SoldDay(models.Model):
    """So many of a variant left a shop for a community on a day. Days without sales have no row.

    `is_brought`: not by an order, but over the shop's counter; the shop brought the numbers, and no night counts them.
    """

    id = models.BigAutoField(primary_key=True)
    shop = models.UUIDField()
    variant = models.UUIDField()
    community = models.UUIDField()
    kind = models.TextField()
    day = models.DateField()
    quantity = models.IntegerField()
    is_brought = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        db_table = "demand_sold_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "day", "variant", "is_brought"], name="demand_sold_day_one"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="demand_sold_day_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "day"], name="demand_sold_day_shop")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_shop(scope)


class Forecast(models.Model):
    """The quantiles of the days after `told_on`, of a variant: for all communities together, or for one alone."""

    id = models.BigAutoField(primary_key=True)
    shop = models.UUIDField()
    variant = models.UUIDField()
    community = models.UUIDField(null=True)
    kind = models.TextField()
    told_on = models.DateField()
    days = models.JSONField()

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        db_table = "demand_forecast"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "variant", "community"], name="demand_forecast_one", nulls_distinct=False
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_shop(scope)
