"""Money that went back, and invoices that payers asked for."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.estate.billing.models.paying import Receipt
from linli.estate.billing.models.walls import of_community
from linli.estate.billing.rules import INVOICE_LIFE, Channel, InvoiceState
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Repayment(ScopedModel):
    """So much of a receipt went back, of what it had paid of a line, or of its rest where `line` is none.

    `TAKEN_OVER` is credit that was taken over by mistake: it goes back to the books before ours, and no money moves.
    """

    insert_only: ClassVar[bool] = True

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="+")
    company = models.UUIDField()
    community = models.UUIDField()
    payer = models.UUIDField(null=True)
    line = models.BigIntegerField(null=True)
    number = models.TextField()
    channel = models.TextField()
    desk = models.TextField(default="")
    amount_minor = models.BigIntegerField()
    why = models.TextField()
    person = models.UUIDField(null=True)
    repaid_at = models.DateTimeField()

    class Meta:
        db_table = "billing_repayment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="billing_repayment_number"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="billing_repayment_amount"),
            state_check(
                "billing_repayment_channel",
                (Channel.CASH, Channel.BANK, Channel.ONLINE, Channel.WALLET, Channel.TAKEN_OVER),
                "channel",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "-id"], name="billing_repayment_community")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(payer=scope.person)


class Invoice(ScopedModel):
    """An invoice asked for by a payer over their receipts; it is never above what they paid."""

    company = models.UUIDField()
    community = models.UUIDField()
    payer = models.UUIDField()
    receipts = ArrayField(models.UUIDField())
    title = models.TextField()
    tax_number = models.TextField(default="", blank=True)
    amount_minor = models.BigIntegerField()
    state = models.TextField()
    number = models.TextField(default="")
    file = models.UUIDField(null=True)
    answer = models.TextField(default="")
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_invoice"
        constraints: ClassVar = [
            state_check("billing_invoice_state", INVOICE_LIFE.states),
            models.CheckConstraint(condition=Q(amount_minor__gt=0, receipts__len__gt=0), name="billing_invoice_amount"),
            models.CheckConstraint(
                condition=~Q(state=InvoiceState.ISSUED.value) | ~Q(number=""), name="billing_invoice_numbered"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="billing_invoice_community"),
            models.Index(fields=["payer", "-id"], name="billing_invoice_payer"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(payer=scope.person)
