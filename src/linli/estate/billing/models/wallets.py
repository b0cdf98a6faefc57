"""What people keep with a community's company, bucket by bucket, and every movement of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.estate.billing.models.walls import of_community
from linli.estate.billing.rules import FILLED_BY_HAND, Bucket, WalletVerb
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Wallet(ScopedModel):
    """A person's bucket in a community; it is what its entries add up to, and never below nothing."""

    company = models.UUIDField()
    community = models.UUIDField()
    city = models.UUIDField()
    person = models.UUIDField()
    bucket = models.TextField()
    balance_minor = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "billing_wallet"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "community", "bucket"], name="billing_wallet_once"),
            models.CheckConstraint(condition=Q(balance_minor__gte=0), name="billing_wallet_balance"),
            state_check("billing_wallet_bucket", tuple(Bucket), "bucket"),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "-id"], name="billing_wallet_community")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(person=scope.person)


class WalletEntry(ScopedModel):
    """A line of a wallet's statement; `after` is what the bucket held then, `why` what staff wrote."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    wallet = models.ForeignKey(Wallet, models.PROTECT, related_name="+")
    community = models.UUIDField()
    person = models.UUIDField()
    verb = models.TextField()
    amount_minor = models.BigIntegerField()
    after_minor = models.BigIntegerField()
    number = models.TextField(default="")
    channel = models.TextField(default="")
    desk = models.TextField(default="")
    receipt = models.UUIDField(null=True)
    document = models.TextField()
    taken_by = models.UUIDField(null=True)
    why = models.TextField(default="")
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "billing_wallet_entry"
        constraints: ClassVar = [
            state_check("billing_wallet_entry_verb", tuple(WalletVerb), "verb"),
            models.CheckConstraint(
                condition=~Q(amount_minor=0) & Q(after_minor__gte=0), name="billing_wallet_entry_amount"
            ),
            models.UniqueConstraint(fields=["wallet", "document"], name="billing_wallet_entry_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["receipt"], condition=Q(receipt__isnull=False), name="billing_wallet_entry_paid")
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(person=scope.person)


class TopUp(ScopedModel):
    """Money that somebody puts into a wallet on the phone; what went back of it the way it came is `refunded`."""

    company = models.UUIDField()
    community = models.UUIDField()
    city = models.UUIDField()
    payer = models.UUIDField()
    bucket = models.TextField()
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    collection = models.UUIDField(unique=True)
    begun_at = models.DateTimeField()
    collected_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_topup"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="billing_topup_amount",
            ),
            state_check("billing_topup_bucket", FILLED_BY_HAND, "bucket"),
        ]
        indexes: ClassVar = [models.Index(fields=["payer", "-id"], name="billing_topup_payer")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope) | Q(payer=scope.person)
