"""How far it is between the places of a zone: measured by the clock, by road where an engine answers."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from linli.kernel.ids import CityId, ZoneId
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import queries, rules
from linli.trade.delivery.actions.held import of_the_city
from linli.trade.delivery.actions.zones import locked
from linli.trade.delivery.gateways import Roads, RoadsFailed, roads
from linli.trade.delivery.models import Place, Zone

EVERY = timedelta(days=7)
"""Shops and buildings come and go without telling the zone; a week later the table knows them."""
AGAIN = timedelta(minutes=15)
"""An engine that did not answer is asked again."""
_log = structlog.get_logger()


@errand
def measure_roads(*, zone: ZoneId, at: datetime, engine: Roads | None = None) -> int:
    """This will ask how far it is between all places of a zone, and keep that; it tells how many places there are.

    An engine that fails is asked again later: until then what was measured before stays, and a zone that was never
    measured is estimated.
    """
    points = queries.zone_points(zone)
    chosen = engine or roads()
    try:
        metres = chosen.table(points)
    except RoadsFailed as reason:
        _log.warning("roads_failed", zone=str(zone), why=str(reason)[:200])
        return put_off_measuring(SYSTEM, zone=zone, points=points, at=at)
    return measure_zone(SYSTEM, zone=zone, measured=rules.Measured(points, metres, by_road=chosen.is_engine), at=at)


@action(needs=May.RUN_CLOCKS, private=("measured",))
def measure_zone(scope: Scope, *, zone: ZoneId, measured: rules.Measured | None = None, at: datetime) -> int:
    """This will keep the ways between all places of a zone anew: as measured, or else estimated."""
    row = locked(zone)
    if measured is None:
        points = queries.zone_points(zone)
        measured = rules.Measured(points, rules.table(points), by_road=False)
    Place.objects.filter(zone=row).delete()
    Place.objects.bulk_create(
        Place(
            zone=row,
            place=point.place,
            nth=n,
            lat=point.lat,
            lon=point.lon,
            metres=list(measured.metres[n]),
            by_road=measured.by_road,
            measured_at=at,
        )
        for n, point in enumerate(measured.points)
    )
    Zone.objects.filter(pk=row.pk).update(measure_at=at + EVERY)
    return len(measured.points)


@action(needs=May.RUN_CLOCKS, private=("points",))
def put_off_measuring(scope: Scope, *, zone: ZoneId, points: tuple[rules.Point, ...], at: datetime) -> int:
    """This will ask for a zone's ways again later; what was never measured is estimated until then."""
    row = locked(zone)
    if not Place.objects.filter(zone=row).exists():
        measure_zone(scope, zone=zone, measured=rules.Measured(points, rules.table(points), by_road=False), at=at)
    Zone.objects.filter(pk=row.pk).update(measure_at=at + AGAIN)
    return 0


@action(needs=May.KEEP_ZONES)
def want_measured(scope: Scope, *, zone: ZoneId, at: datetime) -> None:
    """This will have the ways of a zone measured at the clock's next turn."""
    row = locked(zone)
    of_the_city(scope, CityId(row.city))
    Zone.objects.filter(pk=row.pk).update(measure_at=at)
