"""Money that came in, and which lines it paid."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.billing.models.issuing import Line
from linli.estate.billing.models.walls import of_community, of_company
from linli.estate.billing.rules import Channel, SubjectKind
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Payment(ScopedModel):
    """Lines that somebody is paying online, as they were open when they began; `id` is what the collection is for.

    `desk` and `taken_by` where it is paid by a code that a cashier shows; who pays may then be nobody we know.
    """

    company = models.UUIDField()
    community = models.UUIDField()
    city = models.UUIDField()
    subject = models.UUIDField()
    subject_kind = models.TextField()
    home = models.UUIDField(null=True)
    payer = models.UUIDField(null=True)
    desk = models.TextField(default="")
    taken_by = models.UUIDField(null=True)
    collection = models.UUIDField(unique=True)
    lines = ArrayField(models.BigIntegerField())
    minors = ArrayField(models.BigIntegerField())
    begun_at = models.DateTimeField()
    collected_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_payment"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lines__len__gt=0) & Q(lines__len=F("minors__len")), name="billing_payment_lines"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["payer", "-id"], name="billing_payment_payer")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(payer=scope.person)


class Receipt(ScopedModel):
    """Money for a subject, with a number of its own; `desk` and `taken_by` where somebody took it by hand.

    What it did not pay is its rest, kept for bills to come of its `keeper`: the rests of a subject and a keeper are
    what stands on their account of prepaid fees.
    """

    company = models.UUIDField()
    community = models.UUIDField()
    subject = models.UUIDField()
    subject_kind = models.TextField()
    home = models.UUIDField(null=True)
    payer = models.UUIDField(null=True)
    number = models.TextField()
    channel = models.TextField()
    desk = models.TextField(default="")
    taken_by = models.UUIDField(null=True)
    collection = models.UUIDField(null=True, unique=True)
    amount_minor = models.BigIntegerField()
    keeper = models.UUIDField(null=True)
    rest_minor = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "billing_receipt"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="billing_receipt_number"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="billing_receipt_amount"),
            models.CheckConstraint(
                condition=Q(rest_minor=0)
                | Q(rest_minor__gt=0, rest_minor__lte=F("amount_minor"), keeper__isnull=False),
                name="billing_receipt_rest",
            ),
            state_check("billing_receipt_channel", tuple(Channel), "channel"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["home", "-id"], name="billing_receipt_home"),
            models.Index(
                fields=["subject", "-id"],
                condition=~Q(subject_kind=SubjectKind.HOME.value),
                name="billing_receipt_other",
            ),
            models.Index(
                fields=["community", "subject", "keeper"], condition=Q(rest_minor__gt=0), name="billing_receipt_rests"
            ),
            models.Index(fields=["keeper"], condition=Q(rest_minor__gt=0), name="billing_receipt_keeper"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(payer=scope.person) | Q(keeper=scope.person, rest_minor__gt=0)


class Allocation(ScopedModel):
    """So much of a receipt paid so much of a line."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    community = models.UUIDField()
    amount_minor = models.BigIntegerField()
    allocated_at = models.DateTimeField()

    class Meta:
        db_table = "billing_allocation"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="billing_allocation_amount"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(receipt__payer=scope.person)


class Series(ScopedModel):
    """The last number given of a series without gaps (receipts of a year)."""

    company = models.UUIDField()
    series = models.TextField()
    last = models.BigIntegerField()

    class Meta:
        db_table = "billing_series"
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "series"], name="billing_series_once")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_company(scope)
