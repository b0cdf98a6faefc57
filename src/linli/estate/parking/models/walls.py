"""Who sees what of parking: the staff of a community its cars, a person their own, a giver its vouchers."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db.models import F, Func, Q

from linli.spine.scope import Role, Scope


def of_community(scope: Scope) -> Q:
    """What belongs to the communities of the staff that ask."""
    return Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


def of_person(scope: Scope, column: str) -> Q:
    """The same, and to a person what is theirs."""
    return of_community(scope) | (Q(**{column: scope.person}) if scope.person else Q(pk__in=[]))


def of_giver(scope: Scope) -> Q:
    """The same, and to a giver of vouchers its own: the company behind a shop, or a person."""
    mine = [party for party in (scope.company, scope.person) if party is not None]
    return of_community(scope) | Q(giver__in=mine)


def days() -> Func:
    """The days of a row as a range, for constraints."""
    return Func(F("start_on"), F("end_on"), RangeBoundary(), function="daterange", output_field=DateRangeField())


def ends_after_start() -> Q:
    return Q(end_on__isnull=True) | Q(end_on__gt=F("start_on"))
