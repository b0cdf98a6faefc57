"""Batches and what they made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.estate.intake.rules import BATCH_LIFE
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Role, Scope


def _of_community(scope: Scope) -> models.Q:
    return models.Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


class Batch(ScopedModel):
    """A sheet that was taken over; `did` counts what it changed."""

    community = models.UUIDField()
    file_name = models.TextField()
    rows = models.IntegerField()
    did = models.JSONField()
    state = models.TextField()
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField()
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_batch"
        constraints: ClassVar = [state_check("intake_batch_state", BATCH_LIFE.states)]
        indexes: ClassVar = [models.Index(fields=["community", "-id"], name="intake_batch_community")]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return _of_community(scope)


class Made(ScopedModel):
    """Some of what a batch made, of one sort, so that it can be taken back."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    community = models.UUIDField()
    sort = models.TextField()
    things = models.JSONField()

    class Meta:
        db_table = "intake_made"

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return _of_community(scope)
