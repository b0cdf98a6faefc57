"""Zones: which communities share runs, which might, and how far it is between their places. All of it is public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from linli.ground.places import queries as places
from linli.kernel.ids import CityId, CommunityId, ZoneId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import open_query
from linli.trade.delivery import rules
from linli.trade.shops import queries as shops

MOST_ZONES = 200


@dataclass(frozen=True, slots=True)
class ZonePart:
    """A community of a zone, and how far its middle is from the hub."""

    community: CommunityId
    distance_m: int


@dataclass(frozen=True, slots=True)
class ZoneCard:
    """Communities that share runs, from a hub; `places` counts the places whose distances are kept."""

    id: ZoneId
    city: CityId
    name: dict[str, str]
    lat: float
    lon: float
    radius_m: int | None
    drops: int
    is_open: bool
    communities: tuple[ZonePart, ...]
    places: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """A community within reach of a hub, and the zone that it is in already."""

    community: CommunityId
    distance_m: int
    zone: ZoneId | None


_ZONE = """
    SELECT json_build_object('id', z.id, 'city', z.city, 'name', z.name, 'lat', z.lat, 'lon', z.lon,
        'radius_m', z.radius_m, 'drops', z.drops, 'is_open', z.closed_at IS NULL,
        'communities', (SELECT coalesce(json_agg(json_build_object('community', c.community, 'distance_m', c.distance_m)
            ORDER BY c.distance_m, c.community), '[]') FROM delivery_zone_community c WHERE c.zone_id = z.id),
        'places', (SELECT count(*) FROM delivery_place p WHERE p.zone_id = z.id))::text
    FROM delivery_zone z
"""
_zone = msgspec.json.Decoder(ZoneCard).decode


@open_query
def zones(*, city: CityId | None = None) -> tuple[ZoneCard, ...]:
    """This will list the zones of a city with their communities, the open ones first."""
    rows = sql.fetch(
        _ZONE + " WHERE %s::uuid IS NULL OR z.city = %s ORDER BY z.closed_at NULLS FIRST, z.opened_at, z.id LIMIT %s",
        city,
        city,
        MOST_ZONES,
    )
    return tuple(_zone(row[0]) for row in rows)


@open_query
def zone(zone: ZoneId) -> ZoneCard:
    """This will show a zone, or refuse with NotFound."""
    row = sql.fetch_one(_ZONE + " WHERE z.id = %s", zone)
    if row is None:
        raise NotFound("zone")
    return _zone(row[0])


@open_query
def propose_zone(*, lat: float, lon: float, within_m: int = rules.REACH_M, limit: int = 200) -> tuple[Proposed, ...]:
    """This will list the communities within reach of a hub, nearest first, and whose zone each is in already."""
    near = places.communities_near(lat=lat, lon=lon, distance_m=within_m, limit=limit)
    rows = sql.fetch(
        "SELECT community, zone_id FROM delivery_zone_community WHERE community = ANY(%s::uuid[]) LIMIT %s",
        sql.as_ids(each.community for each in near),
        limit,
    )
    taken = {CommunityId(community): ZoneId(zone) for community, zone in rows}
    return tuple(Proposed(each.community, each.distance_m, taken.get(each.community)) for each in near)


@open_query
def distances(zone: ZoneId, *, places: Iterable[UUID]) -> dict[tuple[UUID, UUID], int]:
    """This will give the kept metres between places of a zone; a pair that nobody has measured is absent."""
    asked = sql.as_ids(places)
    rows = sql.fetch(
        "SELECT a.place, b.place, a.metres[b.nth + 1] FROM delivery_place a JOIN delivery_place b USING (zone_id)"
        " WHERE a.zone_id = %s AND a.place = ANY(%s::uuid[]) AND b.place = ANY(%s::uuid[]) LIMIT %s",
        zone,
        asked,
        asked,
        rules.MOST_PLACES * rules.MOST_PLACES,
    )
    return {(a, b): metres for a, b, metres in rows if metres is not None}


@open_query
def zone_points(zone: ZoneId) -> tuple[rules.Point, ...]:
    """This will list where couriers of a zone go: its hub, the shops that sell there, the buildings."""
    row = sql.fetch_one(
        "SELECT z.lat, z.lon, array(SELECT c.community FROM delivery_zone_community c WHERE c.zone_id = z.id)"
        " FROM delivery_zone z WHERE z.id = %s",
        zone,
    )
    if row is None:
        raise NotFound("zone")
    members = [CommunityId(community) for community in row[2]]
    found = [rules.Point(zone, row[0], row[1])]
    found += [rules.Point(each.shop, each.lat, each.lon) for each in shops.points(communities=members)]
    buildings = places.building_points(members, limit=rules.MOST_PLACES - len(found))
    return (*found, *(rules.Point(each.building, each.lat, each.lon) for each in buildings))


@open_query
def zones_to_measure(*, at: datetime, limit: int) -> tuple[ZoneId, ...]:
    """This will list the open zones whose ways are to be measured."""
    rows = sql.fetch(
        "SELECT id FROM delivery_zone WHERE closed_at IS NULL AND measure_at <= %s ORDER BY measure_at LIMIT %s",
        at,
        limit,
    )
    return tuple(ZoneId(id_) for (id_,) in rows)
