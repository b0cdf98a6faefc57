"""What is charged, what it costs since when, and to whom."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from linli.estate.billing.models.walls import days, ends_after_start, is_a_subject, of_community, of_company
from linli.estate.billing.rules import Basis, Payer, SubjectKind
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope

_EVERYWHERE = "00000000-0000-0000-0000-000000000000"


class Item(ScopedModel):
    """A fee item of a company. `word` names its income account (`fee_income:{word}`) and never changes."""

    company = models.UUIDField()
    word = models.TextField()
    name = models.JSONField()
    payer = models.TextField()
    priority = models.SmallIntegerField()
    payable_online = models.BooleanField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "word"], name="billing_item_once"),
            models.CheckConstraint(condition=Q(word__regex=r"^[a-z][a-z0-9_]{0,31}$"), name="billing_item_word"),
            state_check("billing_item_payer", tuple(Payer), "payer"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_company(scope)


class TariffVersion(ScopedModel):
    """What an item costs from a day on: everywhere, or in one community, whose own goes first."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    company = models.UUIDField()
    community = models.UUIDField(null=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    preset = models.TextField()
    formula = models.TextField()
    basis = models.TextField()
    parameters = models.JSONField()
    terms = models.JSONField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "billing_tariff"
        constraints: ClassVar = [
            models.CheckConstraint(condition=ends_after_start(), name="billing_tariff_days"),
            state_check("billing_tariff_basis", tuple(Basis), "basis"),
            ExclusionConstraint(
                name="billing_tariff_apart",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    (Coalesce(F("community"), Value(_EVERYWHERE, models.UUIDField())), RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_company(scope)


class HomeFacts(ScopedModel):
    """What charging knows of a home besides its built-up area. `id` is the home's."""

    community = models.UUIDField()
    inner_area_m2 = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    coefficient = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    floor = models.SmallIntegerField(null=True)
    persons = models.SmallIntegerField(null=True)
    attributes = models.JSONField(default=dict)

    class Meta:
        db_table = "billing_home"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(inner_area_m2__isnull=True) | Q(inner_area_m2__gt=0))
                & (Q(coefficient__isnull=True) | Q(coefficient__gte=0))
                & (Q(persons__isnull=True) | Q(persons__gte=0)),
                name="billing_home_facts",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community"], name="billing_home_community")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Assignment(ScopedModel):
    """An item is charged to a subject for a time; `parameters` replace the tariff's own for this one.

    Of a home its owner or tenant owes it, as they follow each other; of what nobody lives in the `obligor` named here.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    subject = models.UUIDField()
    subject_kind = models.TextField()
    home = models.UUIDField(null=True)
    obligor = models.UUIDField(null=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    parameters = models.JSONField(default=dict)

    class Meta:
        db_table = "billing_assignment"
        constraints: ClassVar = [
            models.CheckConstraint(condition=ends_after_start(), name="billing_assignment_days"),
            is_a_subject("billing_assignment_subject"),
            models.CheckConstraint(
                condition=Q(subject_kind=SubjectKind.HOME.value) ^ Q(obligor__isnull=False),
                name="billing_assignment_obligor",
            ),
            ExclusionConstraint(
                name="billing_assignment_apart",
                expressions=[
                    ("subject", RangeOperators.EQUAL),  # first: a home's charges are looked up by it alone
                    ("item", RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "subject", "id"], name="billing_assignment_subject_at")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
