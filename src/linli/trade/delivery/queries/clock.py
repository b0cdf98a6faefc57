"""What the clock has to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from linli.ground.policies.queries import policy
from linli.kernel.ids import CityId, OfferId, PartyId, ShiftId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import rules
from linli.trade.delivery.models import Offer, Shift

LATE_END = timedelta(minutes=60)
LEAST = timedelta(minutes=2)
"""The lowest that the policy allows: nobody is gone sooner anywhere."""
_SILENT = """
    SELECT t.courier, t.city, min(t.assigned_at), min(coalesce(c.seen_at, c.joined_at)), bool_or(t.kind = 'now'),
        (SELECT min(r.starts_at) FROM delivery_run AS r WHERE r.courier = t.courier AND r.state IN ('given', 'riding'))
    FROM delivery_task AS t JOIN delivery_courier AS c ON c.person = t.courier
    WHERE t.state IN ('assigned', 'en_route', 'arrived') AND (t.state = 'assigned' OR t.escalated_at IS NULL)
        AND coalesce(c.seen_at, c.joined_at) < %s AND t.assigned_at < %s
    GROUP BY t.courier, t.city LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Gone:
    """A courier with work in hand of whom nothing was heard since a moment."""

    courier: PartyId
    since: datetime


@query
def offers_due(scope: Scope, *, at: datetime, limit: int) -> tuple[OfferId, ...]:
    """This will list the offers that nobody answered in time."""
    rows = Offer.objects.within(scope).filter(state=rules.OfferState.OPEN.value, due_at__lte=at)
    return tuple(OfferId(id_) for id_ in rows.order_by("due_at").values_list("id", flat=True)[:limit])


@query
def shifts_over(scope: Scope, *, at: datetime, limit: int) -> tuple[ShiftId, ...]:
    """This will list the shifts that ended an hour ago and still run, and those nobody began."""
    over = Q(state="on", ends_at__lte=at - LATE_END) | Q(state__in=["planned", "taken"], ends_at__lte=at)
    rows = Shift.objects.within(scope).filter(over).order_by("ends_at")
    return tuple(ShiftId(id_) for id_ in rows.values_list("id", flat=True)[:limit])


@query
def gone_couriers(scope: Scope, *, at: datetime, limit: int) -> tuple[Gone, ...]:
    """This will list the couriers of whom nothing was heard for as long as their city's policy waits."""
    least = at - LEAST
    found = []
    for courier, city, given_at, seen_at, goes_now, starts_at in sql.fetch(_SILENT, least, least, limit):
        since = at - timedelta(minutes=policy(SYSTEM, rules.CourierPolicy, at=at, city=CityId(city)).vanish_minutes)
        is_wanted = goes_now or (starts_at is not None and starts_at < since)
        if is_wanted and seen_at < since and given_at < since:
            found.append(Gone(PartyId(courier), since))
    return tuple(found)
