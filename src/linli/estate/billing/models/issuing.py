"""Months of a community, their drafts, and the bills and lines that were issued."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.estate.billing.models.charging import Item, TariffVersion
from linli.estate.billing.models.walls import is_a_subject, of_community, of_obligor
from linli.estate.billing.rules import MONTH_LIFE, LineKind, SubjectKind
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Month(ScopedModel):
    """A community's month of charging. `first_on` is its first day; `company` is who charges."""

    company = models.UUIDField()
    community = models.UUIDField()
    city = models.UUIDField()
    currency = models.CharField(max_length=3)
    first_on = models.DateField()
    state = models.TextField()
    opened_at = models.DateTimeField()
    drafted_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_month"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "first_on"], name="billing_month_once"),
            models.CheckConstraint(condition=Q(first_on__day=1), name="billing_month_first"),
            state_check("billing_month_state", MONTH_LIFE.states),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class DraftLine(ScopedModel):
    """A line as it would be issued, or why it cannot be (`stop`); drafting again replaces them all.

    What it names is looked at when it is issued: until then it is gone again before anybody could miss it.
    """

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    month = models.ForeignKey(Month, models.CASCADE, related_name="+", db_index=False)
    community = models.UUIDField()
    subject = models.UUIDField()
    subject_kind = models.TextField()
    home = models.UUIDField(null=True)
    obligor = models.UUIDField(null=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tariff = models.ForeignKey(
        TariffVersion, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    start_on = models.DateField()
    end_on = models.DateField()
    due_on = models.DateField(null=True)
    cost = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    reason = models.JSONField(null=True)
    stop = models.TextField(default="")
    about = models.TextField(default="")

    class Meta:
        db_table = "billing_draft"
        indexes: ClassVar = [models.Index(fields=["month", "subject"], name="billing_draft_subject")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stop="", amount_minor__gte=0, obligor__isnull=False)
                & (Q(tariff__isnull=False) | Q(cost__isnull=False))
                | (~Q(stop="") & Q(amount_minor=0)),
                name="billing_draft_whole",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Bill(ScopedModel):
    """The lines of a subject, an obligor and a month, as they went out together; `month` is none for one occasion."""

    month = models.ForeignKey(Month, models.PROTECT, null=True, related_name="+", db_index=False)
    community = models.UUIDField()
    subject = models.UUIDField()
    subject_kind = models.TextField()
    home = models.UUIDField(null=True)
    obligor = models.UUIDField()
    number = models.TextField()
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "billing_bill"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "subject", "obligor"], name="billing_bill_once"),
            models.UniqueConstraint(fields=["community", "number"], name="billing_bill_number"),
            is_a_subject("billing_bill_subject"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["obligor", "-id"], name="billing_bill_obligor"),
            models.Index(fields=["home", "-id"], name="billing_bill_home"),
            models.Index(
                fields=["subject", "-id"],
                condition=~Q(subject_kind=SubjectKind.HOME.value),
                name="billing_bill_other",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)


class Line(ScopedModel):
    """One charge, or a credit of one. What is open is `amount - paid - credited`, and never below nothing.

    `source` is what one occasion was charged for (`work_order:<id>`), once; `late_of` the line whose late fee this is;
    `cost` the shared cost of which this is a part.

    Indexes ask for `is_open` and `is_standing` (not wholly credited), never for the sums: a fee that grows by a night,
    or a line of which a part is paid, stays where it is in all of them, and its row is rewritten on its own page.
    """

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    subject = models.UUIDField()
    subject_kind = models.TextField()
    home = models.UUIDField(null=True)
    obligor = models.UUIDField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    tariff = models.ForeignKey(TariffVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.TextField()
    start_on = models.DateField()
    end_on = models.DateField()
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    credited_minor = models.BigIntegerField(default=0)
    credits = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    late_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    cost = models.UUIDField(null=True)
    source = models.TextField(default="")
    reason = models.JSONField()
    issued_at = models.DateTimeField()
    is_open = models.GeneratedField(
        expression=Q(credits__isnull=True, amount_minor__gt=F("paid_minor") + F("credited_minor")),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_standing = models.GeneratedField(
        expression=Q(credited_minor__lt=F("amount_minor")),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        db_table = "billing_line"
        constraints: ClassVar = [
            state_check("billing_line_kind", tuple(LineKind), "kind"),
            models.CheckConstraint(
                condition=Q(credits__isnull=True, amount_minor__gte=0, paid_minor__gte=0, credited_minor__gte=0)
                & Q(amount_minor__gte=F("paid_minor") + F("credited_minor"))
                | Q(
                    credits__isnull=False,
                    amount_minor__lt=0,
                    paid_minor=0,
                    credited_minor=0,
                    kind=LineKind.CREDIT.value,
                ),
                name="billing_line_amount",
            ),
            models.UniqueConstraint(
                fields=["subject", "item", "start_on"],
                condition=Q(kind=LineKind.CHARGE.value, cost__isnull=True, is_standing=True),
                name="billing_line_once",
            ),
            models.UniqueConstraint(
                fields=["cost", "subject", "start_on"],
                condition=Q(cost__isnull=False, credits__isnull=True),
                name="billing_line_cost",
            ),
            models.UniqueConstraint(
                fields=["community", "source"],
                condition=~Q(source="") & Q(credits__isnull=True),
                name="billing_line_source",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bill"], name="billing_line_bill"),
            models.Index(
                fields=["community", "home"],
                condition=Q(is_open=True),
                name="billing_line_open",
            ),
            models.Index(
                fields=["obligor"],
                condition=Q(is_open=True),
                name="billing_line_owed",
            ),
            models.Index(
                fields=["subject"],
                condition=Q(is_open=True) & ~Q(subject_kind=SubjectKind.HOME.value),
                name="billing_line_open_other",
            ),
            models.Index(
                fields=["subject", "id"],
                condition=Q(is_open=True) & Q(kind=LineKind.CHARGE.value),
                name="billing_line_accruing",
            ),
            models.Index(fields=["late_of"], condition=Q(late_of__isnull=False), name="billing_line_late_of"),
            models.Index(fields=["credits"], condition=Q(credits__isnull=False), name="billing_line_credits"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)


class Late(ScopedModel):
    """What the late fee of a line has come to so far, and up to which day; its lines say the same, a month each.

    `grows` is the line that was added last, on `grows_on`: nights of that month add to it while nothing of it is paid.
    """

    line = models.OneToOneField(Line, models.PROTECT, primary_key=True, related_name="+")
    id = None  # type: ignore[assignment]
    community = models.UUIDField()
    minor = models.BigIntegerField()
    until_on = models.DateField()
    grows = models.BigIntegerField()
    grows_on = models.DateField()

    class Meta:
        db_table = "billing_late"

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
