"""Cabinets and their compartments; what lies in one is known by its id alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.reach.lockers import rules
from linli.spine.base import ScopedModel
from linli.spine.scope import Role, Scope


def of_community(scope: Scope) -> Q:
    """This will say whose cabinets a scope sees: those of the communities that its company looks after."""
    return Q(community__in=scope.communities) if scope.role is Role.PROPERTY else Q(pk__isnull=True)


class Cabinet(ScopedModel):
    """A machine in a community. `machine` is what its maker calls it, `sign` what is printed on it."""

    community = models.UUIDField()
    label = models.TextField()
    machine = models.TextField()
    sign = models.TextField()
    kept_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "lockers_cabinet"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["machine"], condition=Q(closed_at__isnull=True), name="lockers_machine_once"
            ),
            models.UniqueConstraint(
                fields=["community", "label"], condition=Q(closed_at__isnull=True), name="lockers_label_once"
            ),
            models.CheckConstraint(condition=Q(sign__regex=r"^[0-9]{4}$"), name="lockers_sign"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Compartment(ScopedModel):
    """One door. `subject` lies in it, or is being put in until `shut_at`; `broken_at`: nobody gets it any more."""

    cabinet = models.ForeignKey(Cabinet, models.PROTECT, related_name="compartments", db_index=False)
    community = models.UUIDField()
    nth = models.SmallIntegerField()
    size = models.SmallIntegerField()
    subject = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)
    shut_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "lockers_compartment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cabinet", "nth"], name="lockers_compartment_once"),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(subject__isnull=False), name="lockers_subject_once"
            ),
            models.CheckConstraint(
                condition=Q(subject__isnull=True, taken_at__isnull=True, due_at__isnull=True, shut_at__isnull=True)
                | Q(subject__isnull=False, taken_at__isnull=False, due_at__isnull=False),
                name="lockers_taken_with_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(nth__gte=1, nth__lte=rules.MOST_COMPARTMENTS, size__gte=1, size__lte=len(rules.Size)),
                name="lockers_compartment_size",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community", "size", "nth"],
                condition=Q(subject__isnull=True, broken_at__isnull=True),
                name="lockers_free",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
