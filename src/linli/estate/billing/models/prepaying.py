"""Terms that were paid ahead: what a community offers, what somebody bought, month by month, and its statement."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from linli.estate.billing.models.charging import Item, TariffVersion
from linli.estate.billing.models.paying import Receipt
from linli.estate.billing.models.walls import days, of_community, of_obligor
from linli.estate.billing.rules import TERM_LIFE, TermPrice, TermState, TermVerb
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class TermOffer(ScopedModel):
    """A community lets an item be paid ahead: so many months paid, so many given, at a locked or a later price."""

    company = models.UUIDField()
    community = models.UUIDField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    months = models.SmallIntegerField()
    gifts = models.SmallIntegerField(default=0)
    price = models.TextField()
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_term_offer"
        constraints: ClassVar = [
            state_check("billing_term_offer_price", tuple(TermPrice), "price"),
            models.CheckConstraint(condition=Q(months__gte=1, gifts__gte=0), name="billing_term_offer_months"),
            models.UniqueConstraint(
                fields=["community", "item", "months", "gifts", "price"],
                condition=Q(withdrawn_at__isnull=True),
                name="billing_term_offer_once",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Term(ScopedModel):
    """Months of an item that an obligor paid ahead for a home: `paid - used - returned` is what is left of the sum.

    `tariff`, `known` and `parameters` are what the price was made from; where it is locked, it stays made from them.
    """

    company = models.UUIDField()
    community = models.UUIDField()
    city = models.UUIDField()
    subject = models.UUIDField()
    obligor = models.UUIDField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    price = models.TextField()
    tariff = models.ForeignKey(TariffVersion, models.PROTECT, related_name="+", db_index=False)
    parameters = models.JSONField(default=dict)
    known = models.JSONField(default=dict)
    start_on = models.DateField()
    end_on = models.DateField()
    cut_on = models.DateField(null=True)
    """The day from which on its obligor owes nothing here any more."""
    state = models.TextField()
    paid_minor = models.BigIntegerField()
    used_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    gift_minor = models.BigIntegerField(default=0)
    """What its gift months would have cost, so far."""
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="+", db_index=False)
    collection = models.UUIDField(null=True, unique=True)
    handed_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    """Until when it may be paid; of one that was cut, until when its rest may be handed on."""

    class Meta:
        db_table = "billing_term"
        constraints: ClassVar = [
            state_check("billing_term_state", TERM_LIFE.states),
            state_check("billing_term_price", tuple(TermPrice), "price"),
            models.CheckConstraint(
                condition=Q(start_on__day=1, end_on__day=1, end_on__gte=F("start_on")), name="billing_term_days"
            ),
            models.CheckConstraint(
                condition=Q(paid_minor__gt=0, used_minor__gte=0, returned_minor__gte=0, gift_minor__gte=0)
                & Q(paid_minor__gte=F("used_minor") + F("returned_minor")),
                name="billing_term_left",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TermState.ASKED.value, TermState.LAPSED.value]) | Q(receipt__isnull=False),
                name="billing_term_receipt",
            ),
            ExclusionConstraint(
                name="billing_term_apart",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    ("subject", RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=TermState.HELD.value),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="billing_term_community"),
            models.Index(fields=["obligor", "-id"], name="billing_term_obligor"),
            models.Index(
                fields=["subject"],
                condition=Q(state__in=[TermState.HELD.value, TermState.CUT.value]),
                name="billing_term_covering",
            ),
            models.Index(
                fields=["lapses_at"],
                condition=Q(state__in=[TermState.ASKED.value, TermState.CUT.value]),
                name="billing_term_waiting",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)


class TermMonth(ScopedModel):
    """A month of a term: what was paid for it, what its bill took of that, and what went back."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    term = models.ForeignKey(Term, models.CASCADE, related_name="+", db_index=False)
    community = models.UUIDField()
    obligor = models.UUIDField()
    first_on = models.DateField()
    is_gift = models.BooleanField()
    planned_minor = models.BigIntegerField()
    costs_minor = models.BigIntegerField(null=True)
    """What its bill charged; a gift month's is what it would have charged."""
    used_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    is_over = models.BooleanField(default=False)
    """Given back, lost or handed on: it covers nothing any more."""

    class Meta:
        db_table = "billing_term_month"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "first_on"], name="billing_term_month_once"),
            models.CheckConstraint(
                condition=Q(planned_minor__gte=0, used_minor__gte=0, returned_minor__gte=0)
                & (Q(is_gift=False) | Q(used_minor=0, returned_minor=0)),
                name="billing_term_month_amount",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "first_on", "term"], name="billing_term_month_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)


class TermMove(ScopedModel):
    """What happened to a term: by whom, when and why."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    community = models.UUIDField()
    obligor = models.UUIDField()
    verb = models.TextField()
    amount_minor = models.BigIntegerField()
    person = models.UUIDField(null=True)
    why = models.TextField(default="")
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "billing_term_move"
        constraints: ClassVar = [state_check("billing_term_move_verb", tuple(TermVerb), "verb")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_obligor(scope)
