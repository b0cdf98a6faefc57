"""What past baskets of a city teach, and the order in which a household is likely to buy again."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.insight.replenish.models.households import Household, of_person
from linli.spine.base import Model, Scoped
from linli.spine.scope import Scope


class BasketLesson(Model):
    """The lesson of a city's last night, about nobody; each night's takes the place of the one before."""

    city = models.UUIDField(unique=True)
    version = models.SmallIntegerField()
    households = models.IntegerField()
    body = models.JSONField()
    learnt_on = models.DateField()
    learnt_at = models.DateTimeField()

    class Meta:
        db_table = "replenish_basket_lesson"


class BasketRank(models.Model):
    """What a household bought before a day, the likeliest to be bought next first; it goes with the household.

    `homes`: so many taught the lesson by which it was put in order.
    """

    household = models.OneToOneField(Household, primary_key=True, on_delete=models.CASCADE, related_name="basket_rank")
    version = models.SmallIntegerField()
    homes = models.IntegerField()
    variants = ArrayField(models.UUIDField())
    ranked_on = models.DateField()

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        db_table = "replenish_basket_rank"

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "household")
