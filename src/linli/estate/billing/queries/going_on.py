"""What a change of settings would mean: how much is under way, and who would be reminded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from linli.estate.billing.models import Line
from linli.kernel.ids import CommunityId
from linli.spine.action import query
from linli.spine.scope import Scope

ACCOUNT = Coalesce("home", "subject")
"""Whose bills a line stands on: the home's, or those of a space or contract of nobody's home."""


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the bills that are not paid yet."""
    rows = Line.objects.within(scope).filter(community__in=communities, is_open=True)
    return rows.values("bill").distinct().count()


@query
def late_in(scope: Scope, *, communities: Collection[CommunityId], on: date) -> dict[CommunityId, int]:
    """This will count for each community the homes (and other accounts) that are late; without one it is left out."""
    found = _late(scope, communities, on - timedelta(days=1)).values("community").order_by("community")
    rows = found.annotate(late=Count(ACCOUNT, distinct=True)).values_list("community", "late")
    return {CommunityId(community): late for community, late in rows}


@query
def homes_late(scope: Scope, *, communities: Collection[CommunityId], days: int, on: date) -> int:
    """This will count the homes (and other accounts) with something open that was due so many days ago, or longer."""
    found = _late(scope, communities, on - timedelta(days=days))
    return found.values(account=ACCOUNT).distinct().count()


def _late(scope: Scope, communities: Collection[CommunityId], due_by: date) -> QuerySet[Line]:
    return Line.objects.within(scope).filter(community__in=communities, is_open=True, due_on__lte=due_by)
