"""Questions about places; all open: where a home stands is no secret, who lives there is (see people)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from linli.ground.places.rules import degrees, door_label, search_words
from linli.kernel.ids import BuildingId, CityId, CommunityId, DistrictId, HomeId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import open_query

MOST_COMMUNITIES = 1000
MOST_BUILDINGS = 1000
MOST_HOMES = 20_000
MOST_UNITS = 50_000
MOST_MARKETS = 10_000


@dataclass(frozen=True, slots=True)
class CityCard:
    id: CityId
    name: dict[str, str]
    timezone: str
    currency: str


@dataclass(frozen=True, slots=True)
class CommunityCard:
    """A community with what its city decides for it."""

    id: CommunityId
    city: CityId
    city_name: dict[str, str]
    district: dict[str, str]
    name: dict[str, str]
    lat: float
    lon: float
    address: str
    timezone: str
    currency: str
    district_id: DistrictId


@dataclass(frozen=True, slots=True)
class NearCommunity:
    community: CommunityId
    distance_m: int


@dataclass(frozen=True, slots=True)
class BuildingCard:
    id: BuildingId
    community: CommunityId
    label: str


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A home as its door and its parcels say it; `door` is 3-2-501, `address` has the community's before it."""

    id: HomeId
    community: CommunityId
    building: str
    unit: str
    label: str
    door: str
    address: str
    area_m2: Decimal | None


_COMMUNITY = """
    SELECT c.id, y.id, y.name, d.name, c.name, c.lat, c.lon, c.address, y.timezone, y.currency, d.id
    FROM places_community c JOIN places_district d ON d.id = c.district_id JOIN places_city y ON y.id = d.city_id
"""
_HOME = """
    SELECT h.id, b.community_id, b.label, u.label, h.label, c.name ->> 'zh', c.address, h.area_m2
    FROM places_home h JOIN places_unit u ON u.id = h.unit_id JOIN places_building b ON b.id = u.building_id
    JOIN places_community c ON c.id = b.community_id
"""


@open_query
def cities(*, limit: int = 500) -> tuple[CityCard, ...]:
    """This will list the cities by name."""
    rows = sql.fetch("SELECT id, name, timezone, currency FROM places_city ORDER BY name ->> 'zh' LIMIT %s", limit)
    return tuple(_city_card(*row) for row in rows)


@open_query
def city(city: CityId) -> CityCard:
    """This will describe a city, or refuse with NotFound."""
    row = sql.fetch_one("SELECT id, name, timezone, currency FROM places_city WHERE id = %s", city)
    if row is None:
        raise NotFound("city")
    return _city_card(*row)


@open_query
def communities(
    *, city: CityId | None = None, ids: Iterable[CommunityId] | None = None, limit: int = MOST_COMMUNITIES
) -> tuple[CommunityCard, ...]:
    """This will list communities by name: all, those of a city, or those with these ids."""
    only = None if ids is None else list(ids)
    rows = sql.fetch(
        _COMMUNITY
        + "WHERE (%s::uuid IS NULL OR y.id = %s::uuid) AND (%s::uuid[] IS NULL OR c.id = ANY(%s::uuid[]))"
        + " ORDER BY c.name ->> 'zh', c.id LIMIT %s",
        city,
        city,
        only,
        only,
        limit,
    )
    return tuple(_community_card(*row) for row in rows)


@open_query
def community(community: CommunityId) -> CommunityCard:
    """This will describe a community, or refuse with NotFound."""
    row = sql.fetch_one(_COMMUNITY + "WHERE c.id = %s", community)
    if row is None:
        raise NotFound("community")
    return _community_card(*row)


@dataclass(frozen=True, slots=True)
class Market:
    """The city that a community belongs to, its money and its clock."""

    city: CityId
    currency: str
    timezone: str


@open_query
@lru_cache(maxsize=MOST_MARKETS)
def market_of(community: CommunityId) -> Market:
    """This will tell in which city, money and zone a community trades, or refuse with NotFound.

    None of these ever changes, so a process asks once for each community.
    """
    row = sql.fetch_one(
        "SELECT y.id, y.currency, y.timezone FROM places_community c JOIN places_district d ON d.id = c.district_id"
        " JOIN places_city y ON y.id = d.city_id WHERE c.id = %s",
        community,
    )
    if row is None:
        raise NotFound("community")
    return Market(*row)


@open_query
def community_of_building(building: BuildingId) -> CommunityId:
    """This will tell which community a building stands in, or refuse with NotFound."""
    row = sql.fetch_one("SELECT community_id FROM places_building WHERE id = %s", building)
    if row is None:
        raise NotFound("building")
    return CommunityId(row[0])


@open_query
def buildings(
    *, community: CommunityId | None = None, ids: Iterable[BuildingId] = (), limit: int = MOST_BUILDINGS
) -> dict[BuildingId, BuildingCard]:
    """This will describe the buildings of a community, or those with these ids, by their labels as people count."""
    rows = sql.fetch(
        "SELECT id, community_id, label FROM places_building WHERE community_id = %s OR id = ANY(%s::uuid[])"
        " ORDER BY length(label), label, id LIMIT %s",
        community,
        list(ids),
        limit,
    )
    return {BuildingId(id_): BuildingCard(BuildingId(id_), CommunityId(of), label) for id_, of, label in rows}


@open_query
def day_in(community: CommunityId, at: datetime) -> date:
    """This will tell the business day of an instant in a community's zone."""
    row = sql.fetch_one("SELECT places_day(%s, %s)", community, at)
    if row is None or row[0] is None:
        raise NotFound("community")
    day: date = row[0]
    return day


@open_query
def communities_near(*, lat: float, lon: float, distance_m: int, limit: int = 200) -> tuple[NearCommunity, ...]:
    """This will list the communities within a distance of a point, nearest first."""
    rows = sql.fetch(
        "SELECT community, distance_m FROM places_near(%s, %s, %s, %s)", degrees(lat), degrees(lon), distance_m, limit
    )
    return tuple(NearCommunity(*row) for row in rows)


@open_query
def neighbours(community: CommunityId, *, within_m: int = 3000, limit: int = 200) -> tuple[NearCommunity, ...]:
    """This will list the other communities within a distance of this one, nearest first."""
    rows = sql.fetch(
        "SELECT n.community, n.distance_m FROM places_community c, places_near(c.lat, c.lon, %s, %s) n"
        " WHERE c.id = %s AND n.community <> c.id ORDER BY n.distance_m, n.community",
        within_m,
        limit + 1,
        community,
    )
    return tuple(NearCommunity(*row) for row in rows[:limit])


@open_query
def home(home: HomeId) -> HomeCard:
    """This will describe a home, or refuse with NotFound."""
    found = homes((home,))
    if home not in found:
        raise NotFound("home")
    return found[home]


@open_query
def homes(ids: Iterable[HomeId]) -> dict[HomeId, HomeCard]:
    """This will describe homes by id, in one statement; unknown ids are absent."""
    rows = sql.fetch(_HOME + "WHERE h.id = ANY(%s::uuid[]) LIMIT %s", list(ids), MOST_HOMES)
    return {row[0]: _home_card(*row) for row in rows}


@open_query
def positions(homes: Iterable[HomeId]) -> dict[HomeId, tuple[float, float]]:
    """This will say where homes are, latitude and longitude of their buildings; unknown ones are absent."""
    rows = sql.fetch(
        "SELECT h.id, coalesce(b.lat, c.lat), coalesce(b.lon, c.lon) FROM places_home h"
        " JOIN places_unit u ON u.id = h.unit_id JOIN places_building b ON b.id = u.building_id"
        " JOIN places_community c ON c.id = b.community_id WHERE h.id = ANY(%s::uuid[]) LIMIT %s",
        list(homes),
        MOST_HOMES,
    )
    return {HomeId(id_): (float(lat), float(lon)) for id_, lat, lon in rows}


@dataclass(frozen=True, slots=True)
class BuildingPoint:
    """Where a building stands; where nobody has said, its community's place."""

    building: BuildingId
    community: CommunityId
    label: str
    lat: float
    lon: float


@open_query
def building_points(
    communities: Iterable[CommunityId] = (), *, buildings: Iterable[BuildingId] = (), limit: int = 2000
) -> tuple[BuildingPoint, ...]:
    """This will say where the buildings of communities, and others by name, stand, for those who go there."""
    rows = sql.fetch(
        "SELECT b.id, b.community_id, b.label, coalesce(b.lat, c.lat), coalesce(b.lon, c.lon) FROM places_building b"
        " JOIN places_community c ON c.id = b.community_id WHERE c.id = ANY(%s::uuid[]) OR b.id = ANY(%s::uuid[])"
        " ORDER BY b.id LIMIT %s",
        *(sql.as_ids(communities), sql.as_ids(buildings), limit),
    )
    return tuple(BuildingPoint(*row) for row in rows)


@open_query
def buildings_of(homes: Iterable[HomeId]) -> dict[HomeId, BuildingId]:
    """This will tell in which buildings homes are; unknown ones are absent."""
    rows = sql.fetch(
        "SELECT h.id, u.building_id FROM places_home h JOIN places_unit u ON u.id = h.unit_id"
        " WHERE h.id = ANY(%s::uuid[]) LIMIT %s",
        sql.as_ids(homes),
        MOST_HOMES,
    )
    return {HomeId(home): BuildingId(building) for home, building in rows}


@open_query
def building_of(home: HomeId) -> BuildingId:
    """This will tell in which building a home is, or refuse with NotFound."""
    building = buildings_of([home]).get(home)
    if building is None:
        raise NotFound("home")
    return building


@open_query
def home_areas(ids: Iterable[HomeId]) -> dict[HomeId, Decimal | None]:
    """This will tell the built-up areas of homes, for those who charge by them; unknown ids are absent."""
    rows = sql.fetch(
        "SELECT id, area_m2 FROM places_home WHERE id = ANY(%s::uuid[]) LIMIT %s", sql.as_ids(ids), MOST_HOMES
    )
    return {HomeId(id_): area for id_, area in rows}


Door = tuple[str, str, str]
"""Building, unit and home as their labels say it; the unit is empty where a building has none."""


@open_query
def doors(community: CommunityId) -> dict[Door, HomeId]:
    """This will give every home of a community by its door, for a sheet that names them."""
    rows = sql.fetch(
        "SELECT b.label, u.label, h.label, h.id FROM places_home h JOIN places_unit u ON u.id = h.unit_id"
        " JOIN places_building b ON b.id = u.building_id WHERE b.community_id = %s LIMIT %s",
        community,
        MOST_HOMES,
    )
    return {(building, unit, label): HomeId(id_) for building, unit, label, id_ in rows}


@dataclass(frozen=True, slots=True)
class Areas:
    """The built-up areas of a community, its buildings and its stairwells (building, unit), and how many homes it has.

    Where the area of one home is not known, neither is that of what it stands in.
    """

    community: Decimal | None
    homes: int
    buildings: dict[str, Decimal]
    units: dict[tuple[str, str], Decimal]


@open_query
def areas(community: CommunityId) -> Areas:
    """This will add up the areas of a community's homes, stairwell by stairwell, in one statement."""
    rows = sql.fetch(
        "SELECT b.label, u.label, count(*)::int, sum(h.area_m2), bool_and(h.area_m2 IS NOT NULL) FROM places_home h"
        " JOIN places_unit u ON u.id = h.unit_id JOIN places_building b ON b.id = u.building_id"
        " WHERE b.community_id = %s GROUP BY b.label, u.label LIMIT %s",
        community,
        MOST_UNITS,
    )
    units = {(building, unit): area for building, unit, _homes, area, is_known in rows if is_known}
    unknown = {building for building, _unit, _homes, _area, is_known in rows if not is_known}
    buildings: dict[str, Decimal] = {}
    for (building, _unit), area in units.items():
        if building not in unknown:
            buildings[building] = buildings.get(building, Decimal(0)) + area
    total = sum(buildings.values(), Decimal(0)) if rows and not unknown else None
    return Areas(total, sum(row[2] for row in rows), buildings, units)


@open_query
def homes_counted(communities: Iterable[CommunityId]) -> dict[CommunityId, int]:
    """This will count the homes of communities; one without any is absent."""
    rows = sql.fetch(
        "SELECT b.community_id, count(*) FROM places_home h JOIN places_unit u ON u.id = h.unit_id"
        " JOIN places_building b ON b.id = u.building_id WHERE b.community_id = ANY(%s::uuid[]) GROUP BY 1",
        list(communities),
    )
    return {CommunityId(community): number for community, number in rows}


@open_query
def find_homes(*communities: CommunityId, words: str = "", limit: int = 20) -> tuple[HomeCard, ...]:
    """This will find the homes of communities by what people type (3-2-501, 3栋2单元501, 501), best match first."""
    parts = search_words(words)
    escaped = [p.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") for p in parts]
    rows = sql.fetch(
        _HOME
        + "WHERE b.community_id = ANY (%s) AND concat_ws('-', b.label, nullif(u.label, ''), h.label) ILIKE %s"
        + " ORDER BY h.label <> %s, b.label <> %s, length(b.label), b.label, length(u.label), u.label,"
        + " length(h.label), h.label LIMIT %s",
        list(communities),
        "%" + "%".join(escaped) + "%",
        parts[-1] if parts else "",
        parts[0] if parts else "",
        min(limit, MOST_HOMES),
    )
    return tuple(_home_card(*row) for row in rows)


def _city_card(id_: CityId, name: str, timezone: str, currency: str) -> CityCard:
    return CityCard(id_, sql.from_json(name), timezone, currency)


def _community_card(
    id_: CommunityId, city: CityId, city_name: str, district: str, name: str, *rest: Any
) -> CommunityCard:
    return CommunityCard(id_, city, sql.from_json(city_name), sql.from_json(district), sql.from_json(name), *rest)


def _home_card(
    id_: HomeId,
    community: CommunityId,
    building: str,
    unit: str,
    label: str,
    community_name: str,
    community_address: str,
    area_m2: Decimal | None,
) -> HomeCard:
    door = door_label(building, unit, label)
    address = " ".join(part for part in (community_address, community_name, door) if part)
    return HomeCard(id_, community, building, unit, label, door, address, area_m2)
