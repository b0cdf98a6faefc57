"""What billing asks: usage of homes and of shared meters over days, as segments, and who shares what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from linli.estate.metering import rules
from linli.estate.metering.models import Share
from linli.estate.metering.rules import Mark, Metered, Usage
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, MeterId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_SHARES = 20_000
_USED = """
    SELECT m.id, m.home, m.label, m.registers, m.factor,
           f.id, f.read_on, f.shown, f.charged, f.source, f.price,
           b.id, b.read_on, b.shown, b.charged, b.source, b.price,
           a.id, a.read_on, a.shown, a.charged, a.source, a.price,
           EXISTS (SELECT FROM metering_reading w WHERE w.meter_id = m.id AND w.state = 'waiting'
                   AND w.read_on >= %s AND w.read_on < %s)
    FROM metering_meter m
    JOIN LATERAL (
        SELECT id, read_on, shown, charged, source, price FROM metering_reading
        WHERE meter_id = m.id AND state = 'accepted' ORDER BY read_on, id LIMIT 1) f ON true
    LEFT JOIN LATERAL (
        SELECT id, read_on, shown, charged, source, price FROM metering_reading
        WHERE meter_id = m.id AND state = 'accepted' AND read_on < %s ORDER BY read_on DESC, id DESC LIMIT 1) b ON true
    LEFT JOIN LATERAL (
        SELECT id, read_on, shown, charged, source, price FROM metering_reading
        WHERE meter_id = m.id AND state = 'accepted' AND read_on >= %s AND read_on < %s
        ORDER BY read_on DESC, id DESC LIMIT 1) a ON true
    WHERE m.community = %s AND m.start_on < %s AND (m.end_on IS NULL OR m.end_on >= %s)
"""
_OF_HOMES = _USED + " AND m.kind = %s AND m.home = ANY(%s::uuid[]) ORDER BY m.home, m.start_on, m.id"
_OF_METERS = _USED + " AND m.id = ANY(%s::uuid[]) ORDER BY m.id"


@query
def usage(
    scope: Scope,
    *,
    community: CommunityId,
    kind: rules.Kind,
    homes: Iterable[HomeId],
    start: date,
    end: date,
    at: datetime,
    whole: bool = True,
) -> dict[HomeId, Usage]:
    """This will tell what homes used of a kind over [start, end), one statement for thousands of homes.

    A reading belongs to the days in which it was taken; a home without meters has the gap `no_meter`. Not `whole`,
    what was not read is left out.
    """
    asked = list(homes)
    since, until = _bounds(scope, community, start, end, at)
    found: dict[HomeId, list[Metered]] = defaultdict(list)
    for row in sql.fetch(_OF_HOMES, *_days(community, since, until), kind.value, sql.as_ids(asked)):
        found[HomeId(row[1])].append(_metered(row))
    return {home: rules.usage_of(found.get(home, ()), whole=whole) for home in asked}


@query
def meter_usage(
    scope: Scope,
    *,
    community: CommunityId,
    meters: Iterable[MeterId],
    start: date,
    end: date,
    at: datetime,
    whole: bool = True,
) -> dict[MeterId, Usage]:
    """This will tell what single meters counted over [start, end): shared ones, or those charged one by one."""
    asked = list(meters)
    since, until = _bounds(scope, community, start, end, at)
    rows = sql.fetch(_OF_METERS, *_days(community, since, until), sql.as_ids(asked))
    found = {MeterId(row[0]): rules.usage_of([_metered(row)], whole=whole) for row in rows}
    return {meter: found.get(meter, Usage((), rules.Gap.NO_METER)) for meter in asked}


@query
def shares(scope: Scope, *, meter: MeterId) -> dict[HomeId, Any]:
    """This will tell which homes share a meter, each with its weight."""
    rows = Share.objects.within(scope).filter(meter=meter).order_by("home").values_list("home", "weight")
    return {HomeId(home): weight for home, weight in rows[:MOST_SHARES]}


def _bounds(scope: Scope, community: CommunityId, start: date, end: date, at: datetime) -> tuple[date, date]:
    held = policy(scope, rules.MeteringPolicy, at=at, community=community)
    return rules.bounds(start, end, held.late_days)


def _days(community: CommunityId, since: date, until: date) -> tuple[object, ...]:
    return since, until, since, since, until, community, until, since


def _metered(row: tuple[Any, ...]) -> Metered:
    first = _mark(row[5:11])
    if first is None:
        raise AssertionError("every meter has a first reading")
    return Metered(
        row[0], row[2], tuple(row[3]), row[4], first, _mark(row[11:17]), _mark(row[17:23]), is_waiting=row[23]
    )


def _mark(cells: tuple[Any, ...]) -> Mark | None:
    id_, on, shown, charged, source, price = cells
    if id_ is None:
        return None
    return Mark(id_, on, tuple(shown), tuple(charged), source == rules.Source.ESTIMATE.value, price)
