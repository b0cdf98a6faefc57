"""The rota: who is wanted when and who has taken it, and how many orders each quarter of a day is expected to have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linli.ground.people import queries as people
from linli.kernel.ids import CityId, CommunityId, PartyId, ShiftId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery.models import Shift
from linli.trade.delivery.rules import ShiftState

MOST_SHIFTS = 20_000
SHOWN_SHIFTS = 500
QUARTERS = 96
WEEKS = 4
"""A day is expected to be like the same day of the weeks before."""
_PAST = """
    SELECT floor(extract(epoch FROM (t.promised_at AT TIME ZONE a.zone) - d.on_) / 900)::int, count(*)
    FROM (SELECT %s::text AS zone, %s::uuid AS city) AS a, unnest(%s::timestamp[]) AS d(on_)
    JOIN delivery_task AS t ON NOT t.by_shop
    WHERE t.city = a.city AND t.promised_at >= d.on_ AT TIME ZONE a.zone
        AND t.promised_at < (d.on_ + interval '1 day') AT TIME ZONE a.zone
    GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift on the rota; nobody has taken a planned one."""

    shift: ShiftId
    starts_at: datetime
    ends_at: datetime
    state: ShiftState
    courier: PartyId | None
    name: str
    communities: tuple[CommunityId, ...]


def _insist_city(scope: Scope, city: CityId) -> None:
    if scope.is_inside and not scope.works_in(city):
        raise NotFound("city")


@query
def rota(
    scope: Scope, *, city: CityId, since: datetime, until: datetime, limit: int = SHOWN_SHIFTS
) -> tuple[ShiftRow, ...]:
    """This will list the shifts of who asks that begin within a time; two statements with the names."""
    _insist_city(scope, city)
    rows = Shift.objects.within(scope).filter(city=city, starts_at__gte=since, starts_at__lt=until)
    if scope.is_inside:
        rows = rows.filter(employer=None)
    found = list(rows.exclude(state=ShiftState.WITHDRAWN.value).order_by("starts_at", "id")[: min(limit, MOST_SHIFTS)])
    carrying = {PartyId(row.courier) for row in found if row.courier}
    names = people.names(SYSTEM, parties=carrying) if carrying else {}
    return tuple(
        ShiftRow(
            ShiftId(row.pk),
            row.starts_at,
            row.ends_at,
            ShiftState(row.state),
            PartyId(row.courier) if row.courier else None,
            names.get(PartyId(row.courier), "") if row.courier else "",
            tuple(CommunityId(each) for each in row.communities),
        )
        for row in found
    )


@query
def expected_orders(scope: Scope, *, city: CityId, on: date, timezone: str) -> tuple[float, ...]:
    """This will tell how many orders each quarter of a day had on average on the same weekday of the last four weeks.

    What shops bring themselves does not count; a company counts what goes to its communities.
    """
    _insist_city(scope, city)
    days = [datetime.combine(on - timedelta(weeks=nth), datetime.min.time()) for nth in range(1, WEEKS + 1)]
    counted = dict(sql.fetch(_PAST, timezone, city, days))
    return tuple(counted.get(quarter, 0) / WEEKS for quarter in range(QUARTERS))
