"""Outages and planned works with their moves."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.workorders import rules
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope


class Outage(ScopedModel):
    """What is off, where and until when. `homes` are those it touches, as they stood when it was announced."""

    company = models.UUIDField()
    community = models.UUIDField()
    supply = models.TextField()
    is_planned = models.BooleanField()
    place = models.TextField()
    words = models.TextField(default="")
    homes = ArrayField(models.UUIDField())
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.TextField()
    announced_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "workorders_outage"
        constraints: ClassVar = [
            state_check("workorders_outage_state", rules.OUTAGE_LIFE.states),
            state_check("workorders_outage_supply", tuple(rules.Supply), "supply"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at"), homes__len__gt=0), name="workorders_outage_when_and_where"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="workorders_outage_list"),
            models.Index(
                fields=["ends_at"],
                condition=Q(state=rules.OutageState.ANNOUNCED.value),
                name="workorders_outage_on",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(community__in=scope.communities)


class OutageMove(MoveRow):
    """One step in the life of an outage."""

    of = models.ForeignKey(Outage, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "workorders_outage_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="workorders_outage_move_of")]
