"""What a change of settings would mean: how much is under way, and who would be reminded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import F
from django.db.models.functions import Coalesce

from linli.estate.billing.models import Line
from linli.kernel.ids import CommunityId
from linli.spine.action import query
from linli.spine.scope import Scope


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the bills that are not paid yet."""
    rows = Line.objects.within(scope).filter(community__in=communities, credits__isnull=True)
    open_lines = rows.filter(amount_minor__gt=F("paid_minor") + F("credited_minor"))
    return open_lines.values("bill").distinct().count()


@query
def homes_late(scope: Scope, *, communities: Collection[CommunityId], days: int, on: date) -> int:
    """This will count the homes (and other accounts) with something open that was due so many days ago, or longer."""
    rows = Line.objects.within(scope).filter(
        community__in=communities, credits__isnull=True, due_on__lte=on - timedelta(days=days)
    )
    late = rows.filter(amount_minor__gt=F("paid_minor") + F("credited_minor"))
    return late.annotate(account=Coalesce("home", "subject")).values("account").distinct().count()
