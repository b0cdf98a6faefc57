"""Visits that fill the bin with what comes and take the old away."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.insight.replenish import rules
from linli.insight.replenish.models.households import Household, of_person
from linli.insight.replenish.models.proposals import Proposal, Standing
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope


class Refill(ScopedModel):
    """A visit that fills the bin with what comes and takes the old away, at the price that was agreed to.

    It was asked for with the yes to a proposal, or by a standing order whose turn became `checkout`. `visit` is the
    work order, raised when the goods are paid for in `order`; nobody is sent for goods that do not come.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+", db_index=False)
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    standing = models.ForeignKey(Standing, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    checkout = models.UUIDField(null=True)
    community = models.UUIDField()
    commodity = models.TextField()
    variant = models.UUIDField()
    person = models.UUIDField()
    agreed_minor = models.BigIntegerField()
    order = models.UUIDField(null=True)
    visit = models.UUIDField(null=True)
    state = models.TextField(default=rules.REFILL_LIFE.birth.value)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        db_table = "replenish_refill"
        constraints: ClassVar = [
            state_check("replenish_refill_state", rules.REFILL_LIFE.states),
            models.UniqueConstraint(fields=["proposal"], name="replenish_refill_once"),
            models.UniqueConstraint(fields=["standing", "checkout"], name="replenish_refill_turn"),
            models.UniqueConstraint(fields=["visit"], name="replenish_refill_visit"),
            models.CheckConstraint(
                condition=Q(proposal__isnull=False, standing__isnull=True, checkout__isnull=True)
                | Q(proposal__isnull=True, standing__isnull=False, checkout__isnull=False),
                name="replenish_refill_of",
            ),
            models.CheckConstraint(
                condition=Q(agreed_minor__gt=0)
                & (Q(visit__isnull=False, order__isnull=False) | ~Q(state__in=["coming", "done"])),
                name="replenish_refill_sent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["household", "-id"], name="replenish_refill_list"),
            models.Index(fields=["person"], name="replenish_refill_asked", condition=Q(state="asked")),
            models.Index(fields=["due_at"], name="replenish_refill_due", condition=Q(state="asked")),
            models.Index(fields=["order"], name="replenish_refill_goods", condition=Q(state="coming")),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "household")


class RefillMove(MoveRow):
    """A step of a visit; it goes with its household, too."""

    insert_only: ClassVar[bool] = False

    of = models.ForeignKey(Refill, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        db_table = "replenish_refill_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="replenish_refill_move_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "of__household")
