"""What the company does to get what is owed: lines of its bank, reminders that went out, and notes of what was said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.estate.billing.models.paying import Receipt
from linli.estate.billing.models.walls import of_community, of_company
from linli.estate.billing.rules import BANK_LIFE, BankState, NoteKind
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class BankLine(ScopedModel):
    """Money that came to the company's bank. `mark` tells lines apart, so that a sheet may be read twice."""

    company = models.UUIDField()
    mark = models.TextField()
    booked_on = models.DateField()
    amount_minor = models.BigIntegerField()
    payer = models.TextField(default="")
    memo = models.TextField(default="")
    state = models.TextField()
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="+", db_index=False)
    person = models.UUIDField(null=True)
    why = models.TextField(default="")
    imported_by = models.UUIDField(null=True)
    imported_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_bank_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "mark"], name="billing_bank_line_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="billing_bank_line_amount"),
            models.CheckConstraint(
                condition=Q(state=BankState.MATCHED.value, receipt__isnull=False)
                | (~Q(state=BankState.MATCHED.value) & Q(receipt__isnull=True)),
                name="billing_bank_line_receipt",
            ),
            state_check("billing_bank_line_state", BANK_LIFE.states),
        ]
        indexes: ClassVar = [models.Index(fields=["company", "state", "-booked_on"], name="billing_bank_line_list")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_company(scope)


class Reminder(ScopedModel):
    """A person was reminded of what they owe for a home: once for each stage of what has been due since then."""

    community = models.UUIDField()
    subject = models.UUIDField()
    obligor = models.UUIDField()
    stage = models.SmallIntegerField()
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        db_table = "billing_reminder"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "obligor", "due_on", "stage"], name="billing_reminder_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0, stage__gt=0), name="billing_reminder_amount"),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "subject"], name="billing_reminder_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class ArrearsNote(ScopedModel):
    """What was said or done about a debt: a call, a visit, a letter, a promise to pay by a day."""

    community = models.UUIDField()
    subject = models.UUIDField()
    obligor = models.UUIDField(null=True)
    kind = models.TextField()
    text = models.TextField(default="")
    promised_on = models.DateField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "billing_arrears_note"
        constraints: ClassVar = [
            state_check("billing_arrears_note_kind", tuple(NoteKind), "kind"),
            models.CheckConstraint(
                condition=Q(kind=NoteKind.PROMISE.value, promised_on__isnull=False)
                | (~Q(kind=NoteKind.PROMISE.value) & Q(promised_on__isnull=True)),
                name="billing_arrears_note_promise",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "subject", "-id"], name="billing_arrears_note_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
