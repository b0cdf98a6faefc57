"""What billing asks: usage of homes and of shared meters over days, as segments, and who shares what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.metering import rules
from linli.estate.metering.models import Share
from linli.estate.metering.rules import Mark, Metered, Usage
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, MeterId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_SHARES = 20_000
# A use goes on behind the reading at which its last bill for an earlier month ended, where that reading was taken while
# it was charged already (`held_from`); else behind the last reading before the days. What lies from `since` on is told,
# up to `until`, and not with it. Asked for what was charged before (`before_month`), it ends where the bills before
# that month ended.
_USED = """
    WITH asked AS (SELECT * FROM unnest(%s::uuid[], %s::date[]) AS a (subject, held_from))
    SELECT m.id, m.home, m.label, m.registers, m.factor,
           f.id, f.read_on, f.shown, f.charged, f.source, f.price,
           b.id, b.read_on, b.shown, b.charged, b.source, b.price,
           a.id, a.read_on, a.shown, a.charged, a.source, a.price,
           EXISTS (SELECT FROM metering_reading w WHERE w.meter_id = m.id AND w.state = 'waiting'
                   AND w.read_on >= d.since AND w.read_on < d.until)
    FROM asked q
    JOIN metering_meter m ON {subject}
    CROSS JOIN LATERAL (
        SELECT max(k.read_on) FILTER (WHERE k.month < %s) + 1 AS since,
               max(k.read_on) FILTER (WHERE k.month < %s) + 1 AS until
        FROM metering_billed k WHERE k.meter_id = m.id AND k.use = %s AND k.read_on >= q.held_from - 1) k
    CROSS JOIN LATERAL (
        SELECT coalesce(k.since, %s) AS since, coalesce(k.until, %s) AS until) d
    JOIN LATERAL (
        SELECT id, read_on, shown, charged, source, price FROM metering_reading
        WHERE meter_id = m.id AND state = 'accepted' ORDER BY read_on, id LIMIT 1) f ON true
    LEFT JOIN LATERAL (
        SELECT id, read_on, shown, charged, source, price FROM metering_reading
        WHERE meter_id = m.id AND state = 'accepted' AND read_on < d.since
        ORDER BY read_on DESC, id DESC LIMIT 1) b ON true
    LEFT JOIN LATERAL (
        SELECT id, read_on, shown, charged, source, price FROM metering_reading
        WHERE meter_id = m.id AND state = 'accepted' AND read_on >= d.since AND read_on < d.until
        ORDER BY read_on DESC, id DESC LIMIT 1) a ON true
    WHERE m.community = %s AND m.start_on < d.until AND (m.end_on IS NULL OR m.end_on >= d.since)
"""
_OF_HOMES = _USED.format(subject="m.home = q.subject AND m.kind = %s") + " ORDER BY m.home, m.start_on, m.id"
_OF_METERS = _USED.format(subject="m.id = q.subject") + " ORDER BY m.id"
_FIRST = date(1, 1, 2)


@dataclass(frozen=True, slots=True)
class Use:
    """What usage is asked for: by whom (an item), for a bill of which month, and since when each subject is charged.

    With `before_month` it is asked what was charged already, by the bills from `month` up to that one.
    """

    of: UUID
    month: date
    held_from: Mapping[UUID, date]
    before_month: date | None = None


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
    use: Use | None = None,
    whole: bool = True,
) -> dict[HomeId, Usage]:
    """This will tell what homes used of a kind over [start, end), one statement for thousands of homes.

    A reading belongs to the days in which it was taken; a home without meters has the gap `no_meter`. For a `use` that
    was billed before, what lies behind its last bill belongs to it as well. Not `whole`, what was not read is left out.
    """
    asked = list(homes)
    found: dict[HomeId, list[Metered]] = defaultdict(list)
    bounds = _bounds(scope, community, start, end, at)
    for row in sql.fetch(_OF_HOMES, *_subjects(asked, use), kind.value, *_days(community, bounds, use)):
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
    use: Use | None = None,
    whole: bool = True,
) -> dict[MeterId, Usage]:
    """This will tell what single meters counted over [start, end): shared ones, or those charged one by one."""
    asked = list(meters)
    bounds = _bounds(scope, community, start, end, at)
    rows = sql.fetch(_OF_METERS, *_subjects(asked, use), *_days(community, bounds, use))
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


def _subjects(asked: Sequence[UUID], use: Use | None) -> tuple[object, ...]:
    held_from = {} if use is None else use.held_from
    return sql.as_ids(asked), [held_from.get(each, _FIRST) for each in asked]


def _days(community: CommunityId, bounds: tuple[date, date], use: Use | None) -> tuple[object, ...]:
    """Nothing was billed before the first day of all: who asks without a use asks for days alone."""
    since, until = bounds
    month = _FIRST if use is None else use.month
    before = _FIRST if use is None or use.before_month is None else use.before_month
    return month, before, None if use is None else use.of, since, until, community


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
