"""Who sees what of billing: the staff of a community its homes, an obligor their own."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Func, Q

from linli.estate.billing.rules import SubjectKind
from linli.spine.scope import Role, Scope


def of_company(scope: Scope) -> Q:
    """The items of the company that asks."""
    return Q(company=scope.company)


def of_community(scope: Scope) -> Q:
    """What belongs to the communities of the staff that ask; residents see none of it."""
    return Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


def of_obligor(scope: Scope) -> Q:
    """The same, and to a resident what they owe themselves."""
    return of_community(scope) | Q(obligor=scope.person)


def is_a_subject(name: str) -> models.CheckConstraint:
    """A home is charged as itself; what else is charged may belong to one, whose bills then show it."""
    others = Q(subject_kind__in=[kind.value for kind in SubjectKind if kind is not SubjectKind.HOME])
    return models.CheckConstraint(
        condition=Q(subject_kind=SubjectKind.HOME.value, home=F("subject"), home__isnull=False) | others, name=name
    )


def days() -> Func:
    """The days of a row as a range, for constraints."""
    return Func(F("start_on"), F("end_on"), RangeBoundary(), function="daterange", output_field=DateRangeField())


def ends_after_start() -> Q:
    return Q(end_on__isnull=True) | Q(end_on__gt=F("start_on"))
