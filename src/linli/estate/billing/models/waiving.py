"""Charges that somebody asked to waive, and what another decided."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.estate.billing.models.walls import of_community
from linli.estate.billing.rules import WAIVER_LIFE, WaiverState
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Waiver(ScopedModel):
    """So much of these lines shall not be paid; who asked and why, who decided and what, are kept."""

    company = models.UUIDField()
    community = models.UUIDField()
    subject = models.UUIDField()
    lines = ArrayField(models.BigIntegerField())
    minors = ArrayField(models.BigIntegerField())
    why = models.TextField()
    state = models.TextField()
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(default="")
    waived_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "billing_waiver"
        constraints: ClassVar = [
            state_check("billing_waiver_state", WAIVER_LIFE.states),
            models.CheckConstraint(
                condition=Q(lines__len__gt=0) & Q(lines__len=models.F("minors__len")), name="billing_waiver_lines"
            ),
            models.CheckConstraint(
                condition=Q(state=WaiverState.ASKED.value, decided_at__isnull=True)
                | (~Q(state=WaiverState.ASKED.value) & Q(decided_at__isnull=False)),
                name="billing_waiver_decided",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="billing_waiver_community"),
            models.Index(fields=["subject", "-id"], name="billing_waiver_subject"),
            models.Index(
                fields=["lapses_at"], condition=Q(state=WaiverState.ASKED.value), name="billing_waiver_waiting"
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
