"""What who asked and the company say to each other about an order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.estate.workorders.models.orders import Order
from linli.estate.workorders.models.walls import of_community
from linli.spine.base import ScopedModel
from linli.spine.scope import Scope


class Saying(ScopedModel):
    """One of the two sides said something. Insert-only but for the erasure of words."""

    insert_only: ClassVar[bool] = True

    order = models.ForeignKey(Order, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    by_company = models.BooleanField()
    person = models.UUIDField(null=True)
    words = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        db_table = "workorders_saying"
        indexes: ClassVar = [models.Index(fields=["order", "id"], name="workorders_saying_order")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(order__raised_by=scope.person)
