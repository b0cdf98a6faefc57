"""Keys of machines at barriers."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.estate.parking.models.grounds import Lot
from linli.estate.parking.models.walls import of_community
from linli.spine.base import ScopedModel
from linli.spine.scope import Scope


class BarrierKey(ScopedModel):
    """What a machine of one lot proves itself by: only a digest of it is kept, and `tail` to tell one from another.

    `kinds` are the events that it may tell of."""

    community = models.UUIDField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_index=False)
    name = models.TextField()
    digest = models.BinaryField(unique=True)
    tail = models.CharField(max_length=4)
    kinds = ArrayField(models.TextField())
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField(null=True)
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        db_table = "parking_key"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name="") & Q(kinds__len__gt=0), name="parking_key_named"),
            models.CheckConstraint(condition=Q(kinds__contained_by=["entry", "exit"]), name="parking_key_kinds"),
        ]
        indexes: ClassVar = [models.Index(fields=["lot", "-id"], name="parking_key_lot")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
