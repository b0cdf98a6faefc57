"""The one table of handovers, seen from inside only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.reach.handover import rules
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Handover(ScopedModel):
    """A thing that waits at a place for its code. Times are told by the one who acts; the place leads its index."""

    place = models.UUIDField()
    subject = models.UUIDField()
    kind = models.TextField()
    code = models.TextField()
    state = models.TextField(default=rules.HANDOVER_LIFE.birth)
    wrong_tries = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "handover_handover"
        constraints: ClassVar = [
            state_check("handover_state", rules.HANDOVER_LIFE.states),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}$"), name="handover_six_digits"),
            models.CheckConstraint(
                condition=Q(wrong_tries__gte=0, wrong_tries__lt=rules.TRIES), name="handover_tries_within_limit"
            ),
            models.UniqueConstraint(fields=["subject"], condition=Q(state="open"), name="handover_one_open"),
            models.UniqueConstraint(
                fields=["place", "code"], condition=Q(state="open"), name="handover_code_unique_at_place"
            ),
        ]

    @classmethod
    def reach(cls, _: Scope) -> Q:
        """Nobody but the house reads codes here; the module above shows one to its owner."""
        return Q(pk__isnull=True)
