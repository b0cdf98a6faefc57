"""The tables of payouts: lines, payees, payouts with what they claimed, and what the bank told."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.money.payouts import rules
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


def _own(scope: Scope) -> Q:
    mine = [party for party in (scope.person, scope.company) if party]
    return Q(payee__in=mine)


class Line(ScopedModel):
    """What one payee earned with one order, or (a reversal) what was taken back of it. Statements go by `id`."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    city = models.UUIDField()
    payee = models.UUIDField()
    kind = models.TextField()
    order = models.UUIDField(db_column="order_id")
    community = models.UUIDField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField(default=0)
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, db_index=False)
    document = models.TextField(default="")
    state = models.TextField()
    available_at = models.DateTimeField()
    payout = models.UUIDField(null=True)
    collection = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "payouts_line"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "payee", "kind"], name="payouts_line_once", condition=Q(reverses__isnull=True)
            ),
            models.UniqueConstraint(fields=["reverses", "document"], name="payouts_line_reversal_once"),
            models.CheckConstraint(
                condition=Q(
                    Q(reverses__isnull=True, amount_minor__gt=0, reversed_minor__gte=0)
                    & Q(reversed_minor__lte=F("amount_minor"))
                )
                | Q(reverses__isnull=False, amount_minor__lt=0, state="reversal", reversed_minor=0),
                name="payouts_line_amount",
            ),
            state_check("payouts_line_state", tuple(rules.LineState)),
            state_check("payouts_line_kind", tuple(rules.Kind), "kind"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["payee", "id"], name="payouts_line_statement"),
            models.Index(fields=["available_at"], name="payouts_line_held", condition=Q(state="pending")),
            models.Index(fields=["city", "payee"], name="payouts_line_free", condition=Q(state="available")),
            models.Index(fields=["payout"], name="payouts_line_payout", condition=Q(payout__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _own(scope)


class Payee(ScopedModel):
    """How long a payee's money is held, whether at all, and the bank account it goes to. `id` is the party's."""

    hold_days = models.SmallIntegerField(null=True)
    held_at = models.DateTimeField(null=True)
    held_why = models.TextField(default="")
    receiver_name = models.TextField(default="")
    receiver_account = models.TextField(default="")
    receiver_bank = models.TextField(default="")
    split_receiver = models.TextField(db_default="")

    class Meta:
        db_table = "payouts_payee"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hold_days__isnull=True) | Q(hold_days__range=(0, rules.MOST_HOLD_DAYS)),
                name="payouts_payee_hold_days",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(pk__in=[party for party in (scope.person, scope.company) if party])


class Payout(ScopedModel):
    """One transfer to one payee: what was claimed, set off, and leaves. The receiver is frozen at the draw.

    By `way` split it is a share of one charge that a provider holds; `recall_at`: it is to be asked back.
    """

    city = models.UUIDField()
    payee = models.UUIDField()
    currency = models.CharField(max_length=3)
    gross_minor = models.BigIntegerField()
    netted_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    leg_addresses = ArrayField(models.TextField())
    leg_minors = ArrayField(models.BigIntegerField())
    back_addresses = ArrayField(models.TextField())
    back_minors = ArrayField(models.BigIntegerField())
    receiver_name = models.TextField()
    receiver_account = models.TextField()
    receiver_bank = models.TextField()
    way = models.TextField(db_default=rules.Way.CUSTODY.value)
    source = models.TextField(db_default="")
    charge_reference = models.TextField(db_default="")
    recall_at = models.DateTimeField(null=True)
    state = models.TextField()
    reason = models.TextField(default="")
    calls = models.IntegerField(default=0)
    drawn_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payouts_payout"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gte=0, netted_minor__gte=0, amount_minor=F("gross_minor") - F("netted_minor")
                ),
                name="payouts_payout_amount",
            ),
            state_check("payouts_payout_state", rules.PAYOUT_LIFE.states),
            state_check("payouts_payout_way", tuple(rules.Way), "way"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="payouts_payout_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["payee", "-id"], name="payouts_payout_payee"),
            models.Index(fields=["recall_at"], name="payouts_payout_recall", condition=Q(recall_at__isnull=False)),
            models.Index(fields=["charge_reference"], name="payouts_payout_charge", condition=Q(way="split")),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _own(scope)


class Claim(ScopedModel):
    """A line that a payout claimed, for ever, also when the payout came back and the line went into another one."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="claims", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT)
    minor = models.BigIntegerField()

    class Meta:
        db_table = "payouts_claim"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payout", "line"], name="payouts_claim_once"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(payout__in=Payout.objects.within(scope))


class Event(ScopedModel):
    """What the bank told about a payout, once each."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT)
    source = models.TextField()
    external_id = models.TextField()
    signal = models.TextField()
    reference = models.TextField()
    amount_minor = models.BigIntegerField()
    state_after = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "payouts_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="payouts_event_once"),
            state_check("payouts_event_signal", tuple(rules.Signal), "signal"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(payout__in=Payout.objects.within(scope))


class BankLine(ScopedModel):
    """One booking on a custody account as the bank's file says it, and what became of it."""

    account = models.TextField()
    line = models.TextField()
    kind = models.TextField()
    reference = models.TextField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_on = models.DateField()
    city = models.UUIDField()
    effect = models.TextField(default="")
    imported_at = models.DateTimeField()

    class Meta:
        db_table = "payouts_bank_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "line"], name="payouts_bank_line_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["account", "booked_on"], name="payouts_bank_line_waits", condition=Q(effect__in=["", "no bill"])
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:  # noqa: ARG003 - for the operators alone
        return Q(pk__in=[])
