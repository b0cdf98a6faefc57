"""What shops give to the cars of their guests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.estate.parking.models.stays import Session
from linli.estate.parking.models.walls import of_giver
from linli.estate.parking.rules import Terms, VoucherKind, VoucherState
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Stock(ScopedModel):
    """Vouchers that a giver may give until a day: so many, of a kind, prepaid, owed when used, or free.

    A prepaid stock opens when its charge is paid (`opened_at`).
    """

    label = models.TextField()
    community = models.UUIDField()
    giver = models.UUIDField()
    kind = models.TextField()
    minutes = models.IntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)
    terms = models.TextField()
    price_minor = models.BigIntegerField(default=0)
    count = models.IntegerField()
    given = models.IntegerField(default=0)
    granted_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parking_stock"
        constraints: ClassVar = [
            state_check("parking_stock_kind", tuple(VoucherKind), "kind"),
            state_check("parking_stock_terms", tuple(Terms), "terms"),
            models.UniqueConstraint(fields=["community", "label"], name="parking_stock_label"),
            models.CheckConstraint(condition=Q(given__gte=0) & Q(count__gte=F("given")), name="parking_stock_enough"),
            models.CheckConstraint(
                condition=Q(kind="minutes", minutes__gt=0, amount_minor=0)
                | Q(kind="amount", minutes=0, amount_minor__gt=0)
                | Q(kind="whole", minutes=0, amount_minor=0),
                name="parking_stock_worth",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["giver", "-id"], name="parking_stock_giver"),
            models.Index(fields=["community", "-id"], name="parking_stock_community"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_giver(scope)


class VoucherRow(ScopedModel):
    """A voucher given to a stay, or offered by a code until an instant to whoever types it for a car inside."""

    stock = models.ForeignKey(Stock, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    giver = models.UUIDField()
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="+", db_index=False)
    code = models.TextField(default="")
    offered_until = models.DateTimeField(null=True)
    state = models.TextField()
    worth_minor = models.BigIntegerField(default=0)
    given_by = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    """Since when the giver bears it: for a car, or for whoever has the code."""
    used_at = models.DateTimeField(null=True)
    charged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parking_voucher"
        constraints: ClassVar = [
            state_check("parking_voucher_state", tuple(VoucherState)),
            models.CheckConstraint(
                condition=Q(worth_minor__gte=0) & (Q(state="used") | Q(worth_minor=0)), name="parking_voucher_worth"
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=False) | (~Q(code="") & Q(offered_until__isnull=False)),
                name="parking_voucher_of_a_stay_or_offered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "ended"]) | Q(session__isnull=False), name="parking_voucher_given"
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="parking_voucher_code"),
            models.UniqueConstraint(
                fields=["session", "giver"], condition=~Q(state="ended"), name="parking_voucher_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["session"], name="parking_voucher_session"),
            models.Index(fields=["giver", "-id"], name="parking_voucher_giver"),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="parking_voucher_offered"),
            models.Index(
                fields=["stock"], condition=Q(state="used", charged_at__isnull=True), name="parking_voucher_owed"
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_giver(scope)
