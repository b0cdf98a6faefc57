"""Money that a home leaves with its company for a time, what was taken off it, and what went back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.estate.billing.models.walls import is_a_subject, of_obligor
from linli.estate.billing.rules import DEPOSIT_LIFE, Channel, DepositState, DepositVerb, SubjectKind
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Deposit(ScopedModel):
    """What is held is `amount - deducted - returned`; `word` names its account, `source` what it is asked for."""

    company = models.UUIDField()
    community = models.UUIDField()
    city = models.UUIDField()
    subject = models.UUIDField()
    subject_kind = models.TextField()
    home = models.UUIDField(null=True)
    obligor = models.UUIDField()
    word = models.TextField()
    title = models.JSONField()
    source = models.TextField(default="")
    state = models.TextField()
    number = models.TextField(default="")
    channel = models.TextField(default="")
    collection = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    deducted_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    back_on = models.DateField(null=True)

    class Meta:
        db_table = "billing_deposit"
        constraints: ClassVar = [
            state_check("billing_deposit_state", DEPOSIT_LIFE.states),
            is_a_subject("billing_deposit_subject"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, deducted_minor__gte=0, returned_minor__gte=0)
                & Q(amount_minor__gte=F("deducted_minor") + F("returned_minor")),
                name="billing_deposit_amount",
            ),
            models.CheckConstraint(
                condition=Q(
                    taken_at__isnull=False, channel__in=[c.value for c in Channel if c is not Channel.TAKEN_OVER]
                )
                | Q(state__in=[DepositState.ASKED.value, DepositState.LAPSED.value]),
                name="billing_deposit_taken",
            ),
            models.UniqueConstraint(
                fields=["community", "source"],
                condition=~Q(source="") & ~Q(state=DepositState.LAPSED.value),
                name="billing_deposit_source",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="billing_deposit_community"),
            models.Index(fields=["home", "-id"], name="billing_deposit_home"),
            models.Index(
                fields=["subject", "-id"],
                condition=~Q(subject_kind=SubjectKind.HOME.value),
                name="billing_deposit_other",
            ),
            models.Index(
                fields=["lapses_at"], condition=Q(state=DepositState.ASKED.value), name="billing_deposit_waiting"
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)


class DepositEntry(ScopedModel):
    """A line of a deposit's statement: what happened, by whom and why; `line` is the charge that it paid."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="+")
    community = models.UUIDField()
    obligor = models.UUIDField()
    verb = models.TextField()
    amount_minor = models.BigIntegerField()
    channel = models.TextField(default="")
    line = models.BigIntegerField(null=True)
    person = models.UUIDField(null=True)
    why = models.TextField(default="")
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "billing_deposit_entry"
        constraints: ClassVar = [state_check("billing_deposit_entry_verb", tuple(DepositVerb), "verb")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)
