"""Batches, and what they made."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.patterns.rules import BATCH_LIFE
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Role, Scope


def _of_community(scope: Scope) -> Q:
    return Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


class Batch(ScopedModel):
    """What was taken over from a source into a community at one time; `did` counts it by part."""

    community = models.UUIDField()
    source = models.UUIDField()
    start_on = models.DateField()
    parts = ArrayField(models.TextField())
    overwrites = models.BooleanField()
    did = models.JSONField()
    state = models.TextField()
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField()
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "patterns_batch"
        constraints: ClassVar = [
            state_check("patterns_batch_state", BATCH_LIFE.states),
            models.CheckConstraint(condition=~Q(community=F("source")), name="patterns_batch_two_communities"),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "-id"], name="patterns_batch_community")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _of_community(scope)


class MadeOf(ScopedModel):
    """What a batch made of one part: of each piece its row, what stood there before, and what was set."""

    insert_only: ClassVar[bool] = True

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    community = models.UUIDField()
    part = models.TextField()
    things = models.JSONField()

    class Meta:
        db_table = "patterns_made"

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _of_community(scope)
