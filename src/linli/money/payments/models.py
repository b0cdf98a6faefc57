"""The tables of payments. What a collection has received is never a column: it is derived from its events."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from linli.money.payments import rules
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Collection(ScopedModel):
    """A sum that somebody shall pay once. Insert-only by trigger (the row is still locked, so UPDATE stays granted)."""

    purpose = models.TextField()
    for_id = models.UUIDField()
    city = models.UUIDField()
    payer = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    leg_addresses = ArrayField(models.TextField())
    leg_minors = ArrayField(models.BigIntegerField())
    expires_at = models.DateTimeField()
    requested_at = models.DateTimeField()

    class Meta:
        db_table = "payments_collection"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="payments_collection_amount"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["for_id"], name="payments_collection_for"),
            models.Index(fields=["payer", "-id"], name="payments_collection_payer"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(payer=scope.person) if scope.person else models.Q(pk__in=[])


class Event(ScopedModel):
    """One thing that was told about a reference, and what it changed."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    collection = models.ForeignKey(Collection, null=True, on_delete=models.PROTECT, db_index=False)
    refund = models.UUIDField(null=True)
    source = models.TextField()
    external_id = models.TextField()
    kind = models.TextField()
    outcome = models.TextField()
    reference = models.TextField()
    provider_reference = models.TextField()
    address = models.TextField()
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    effect = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "payments_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="payments_event_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="payments_event_amount"),
            state_check("payments_event_kind", tuple(rules.EventKind), "kind"),
            state_check("payments_event_outcome", tuple(rules.Outcome), "outcome"),
            state_check("payments_event_effect", tuple(rules.Effect), "effect"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["collection", "id"], name="payments_event_collection"),
            models.Index(fields=["source", "reference"], name="payments_event_reference"),
            models.Index(fields=["source", "occurred_at"], name="payments_event_day"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(collection__in=Collection.objects.within(scope))


class Attempt(ScopedModel):
    """A charge prepared at a provider. `ask_at` is when the sweep asks how it stands; empty: nothing left to ask.

    One that is `held` stays frozen at the provider for its shares, and its rest is released at `release_at`.
    """

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="attempts")
    source = models.TextField()
    reference = models.TextField(unique=True)
    channel = models.TextField()
    pay_url = models.TextField(default="")
    qr_text = models.TextField(default="")
    expires_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    ask_at = models.DateTimeField(null=True)
    asked = models.SmallIntegerField(default=0)
    held = models.BooleanField(db_default=False)
    release_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_attempt"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "source", "channel"], name="payments_attempt_way"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ask_at"], name="payments_attempt_due", condition=models.Q(ask_at__isnull=False)),
            models.Index(
                fields=["release_at"], name="payments_attempt_release", condition=models.Q(release_at__isnull=False)
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(collection__in=Collection.objects.within(scope))


class Refund(ScopedModel):
    """Money on its way back, the way it came. `nth` numbers the attempts; each has a reference of its own."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="refunds")
    source = models.TextField()
    charge_reference = models.TextField()
    address = models.TextField()
    amount_minor = models.BigIntegerField()
    document = models.TextField()
    automatic = models.BooleanField(default=False)
    state = models.TextField()
    nth = models.SmallIntegerField(default=1)
    calls = models.IntegerField(default=0)
    reason = models.TextField(default="")
    requested_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_refund"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="payments_refund_amount"),
            state_check("payments_refund_state", rules.REFUND_LIFE.states),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="payments_refund_due", condition=models.Q(due_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(collection__in=Collection.objects.within(scope))


class Agreement(ScopedModel):
    """A payer's leave to be charged without being asked, at most `most` at a time. `due_at`: when the provider is next
    asked how it stands, or told that it ends; empty: there is nothing to ask."""

    source = models.TextField()
    channel = models.TextField()
    purpose = models.TextField()
    for_id = models.UUIDField()
    city = models.UUIDField()
    payer = models.UUIDField()
    currency = models.CharField(max_length=3)
    most_minor = models.BigIntegerField()
    description = models.TextField()
    state = models.TextField(default=rules.AGREEMENT_LIFE.birth.value)
    provider_reference = models.TextField(default="")
    sign_url = models.TextField(default="")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    calls = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_agreement"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(most_minor__gt=0), name="payments_agreement_most"),
            state_check("payments_agreement_state", rules.AGREEMENT_LIFE.states),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="payments_agreement_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["payer"], name="payments_agreement_payer"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(payer=scope.person) if scope.person else models.Q(pk__in=[])


class AgreementMove(ScopedModel):
    """What happened to an agreement, when and why; `person` is empty where the provider or the clock did it."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    verb = models.TextField()
    person = models.UUIDField(null=True)
    why = models.TextField(default="")
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "payments_agreement_move"
        constraints: ClassVar = [
            state_check("payments_agreement_move_verb", tuple(rules.AgreementVerb), "verb"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(agreement__in=Agreement.objects.within(scope))


class DeductionNotice(ScopedModel):
    """A deduction to come, of which the provider has to tell the payer; `due_at` until it is told."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    asked_at = models.DateTimeField()
    calls = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_deduction_notice"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="payments_notice_due", condition=models.Q(due_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(agreement__in=Agreement.objects.within(scope))


class Deduction(ScopedModel):
    """A collection that the provider takes by an agreement. `due_at`: when it is next told to, or asked; empty: the
    collection is collected or closed, and nothing is left to do."""

    collection = models.OneToOneField(Collection, on_delete=models.PROTECT, related_name="deduction")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    notice = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    is_sent = models.BooleanField(default=False)
    calls = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_deduction"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="payments_deduction_due", condition=models.Q(due_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(collection__in=Collection.objects.within(scope))


class Slip(ScopedModel):
    """What somebody quotes on a bank transfer: for a collection, or for the cash that a holder owes in a city."""

    insert_only: ClassVar[bool] = True

    reference = models.TextField(unique=True)
    collection = models.OneToOneField(Collection, null=True, on_delete=models.PROTECT, related_name="slip")
    holder = models.UUIDField(null=True)
    city = models.UUIDField()
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "payments_slip"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["holder", "city"], name="payments_slip_holder"),
            models.CheckConstraint(
                condition=models.Q(collection__isnull=True, holder__isnull=False)
                | models.Q(collection__isnull=False, holder__isnull=True),
                name="payments_slip_about_one",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        if scope.person is None:
            return models.Q(pk__in=[])
        return models.Q(holder=scope.person) | models.Q(collection__in=Collection.objects.within(scope))


class Difference(ScopedModel):
    """Something that the provider or the bank says and our books do not, or the other way round."""

    city = models.UUIDField(null=True)
    source = models.TextField()
    day = models.DateField()
    kind = models.TextField()
    reference = models.TextField()
    collection = models.UUIDField(null=True)
    our_minor = models.BigIntegerField(null=True)
    their_minor = models.BigIntegerField(null=True)
    in_suspense_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, db_default="CNY")
    detail = models.TextField(default="")
    state = models.TextField(default=rules.DifferenceState.OPEN.value)
    how = models.TextField(default="")
    resolved_by = models.UUIDField(null=True)
    resolved_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "payments_difference"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "reference"], name="payments_difference_once"),
            state_check("payments_difference_state", tuple(rules.DifferenceState)),
            state_check("payments_difference_kind", tuple(rules.DifferenceKind), "kind"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-id"], name="payments_difference_open", condition=models.Q(state="open")),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:  # noqa: ARG003 - for the operators alone
        return models.Q(pk__in=[])


class Bill(ScopedModel):
    """The provider's bill of one day as we last read it."""

    source = models.TextField()
    day = models.DateField()
    lines = models.IntegerField()
    fetched_at = models.DateTimeField()

    class Meta:
        db_table = "payments_bill"
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "day"], name="payments_bill_day")]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:  # noqa: ARG003 - for the operators alone
        return models.Q(pk__in=[])


class BillLine(ScopedModel):
    """One movement of a provider's day. `net_minor` is what it adds to the settlement of the day."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    source = models.TextField()
    day = models.DateField()
    kind = models.TextField()
    reference = models.TextField()
    charge_reference = models.TextField()
    provider_reference = models.TextField()
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.TextField()
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "payments_bill_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "reference"], name="payments_bill_line_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["source", "day"], name="payments_bill_line_day")]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:  # noqa: ARG003 - for the operators alone
        return models.Q(pk__in=[])
