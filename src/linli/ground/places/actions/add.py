"""Adding places one by one, and the homes of a community in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import LiteralString

from django.db import IntegrityError, transaction

from linli.ground.places import events, rules
from linli.kernel import ids
from linli.kernel.ids import BuildingId, CityId, CommunityId, DistrictId, HomeId, UnitId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope

MOST_ROWS = 20_000


class AlreadyKnown(Refusal):
    """A place of that name stands under the same parent already."""

    says = _("“{name}” is known here already.")


class LivedIn(Refusal):
    """Somebody is registered in a home that would be removed."""

    says = _("Somebody lives in one of these homes. It cannot be removed.")


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One home of a community by its labels; an empty unit means a building without units."""

    building: str
    unit: str
    home: str
    area_m2: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """One building of a community, with the point where it stands."""

    label: str
    lat: float
    lon: float


@action(needs=May.KEEP_PLACES)
def add_city(
    _scope: Scope,
    *,
    name: Mapping[str, str],
    timezone: str = rules.DEFAULT_TIMEZONE,
    currency: str = rules.DEFAULT_CURRENCY,
    at: datetime,
) -> CityId:
    """This will make a city known, with its zone and currency."""
    if not rules.is_timezone(timezone):
        raise Invalid("timezone", _("“{value}” is not a time zone."), value=timezone)
    if not rules.is_currency(currency):
        raise Invalid("currency", _("“{value}” is not a currency code."), value=currency)
    statement: LiteralString = (
        "INSERT INTO places_city (id, name, timezone, currency, added_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING"
    )
    called, city = _name(name), CityId(ids.new())
    _insert(called["zh"], statement, city, sql.as_json(called), timezone, currency, at)
    return city


@action(needs=May.KEEP_PLACES)
def add_district(_scope: Scope, *, city: CityId, name: Mapping[str, str], at: datetime) -> DistrictId:
    """This will make a district of a city known."""
    _must_exist("city", "SELECT 1 FROM places_city WHERE id = %s", city)
    statement: LiteralString = (
        "INSERT INTO places_district (id, city_id, name, added_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
    )
    called, district = _name(name), DistrictId(ids.new())
    _insert(called["zh"], statement, district, city, sql.as_json(called), at)
    return district


@action(needs=May.KEEP_PLACES)
def add_community(
    _scope: Scope,
    *,
    district: DistrictId,
    name: Mapping[str, str],
    lat: float,
    lon: float,
    address: str = "",
    at: datetime,
) -> CommunityId:
    """This will make a community known where it stands, and tell shops nearby."""
    lat, lon = _point(lat, lon)
    row = sql.fetch_one("SELECT city_id FROM places_district WHERE id = %s", district)
    if row is None:
        raise NotFound("district", field="district")
    statement: LiteralString = (
        "INSERT INTO places_community (id, district_id, name, lat, lon, address, added_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
    )
    called, community = _name(name), CommunityId(ids.new())
    _insert(called["zh"], statement, community, district, sql.as_json(called), lat, lon, address.strip()[:200], at)
    tell(events.CommunityAdded(community=community, city=row[0], at=at))
    return community


@action(needs=May.KEEP_PLACES)
def add_building(
    _scope: Scope,
    *,
    community: CommunityId,
    label: str,
    lat: float | None = None,
    lon: float | None = None,
    at: datetime,
) -> BuildingId:
    """This will make a building of a community known."""
    _must_exist("community", "SELECT 1 FROM places_community WHERE id = %s", community)
    if lat is not None or lon is not None:
        lat, lon = _point(lat, lon)
    building = BuildingId(ids.new())
    statement: LiteralString = (
        "INSERT INTO places_building (id, community_id, label, lat, lon, added_at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING"
    )
    _insert(label, statement, building, community, _label(label), lat, lon, at)
    return building


@action(needs=May.KEEP_PLACES)
def add_unit(_scope: Scope, *, building: BuildingId, label: str = "", at: datetime) -> UnitId:
    """This will make a unit of a building known; the one of a building without units has no label."""
    _must_exist("building", "SELECT 1 FROM places_building WHERE id = %s", building)
    unit = UnitId(ids.new())
    statement: LiteralString = (
        "INSERT INTO places_unit (id, building_id, label, added_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
    )
    _insert(label, statement, unit, building, _label(label, required=False), at)
    return unit


@action(needs=May.KEEP_PLACES)
def add_home(_scope: Scope, *, unit: UnitId, label: str, area_m2: Decimal | None = None, at: datetime) -> HomeId:
    """This will make a home known behind its door."""
    _must_exist("unit", "SELECT 1 FROM places_unit WHERE id = %s", unit)
    _check_area(area_m2, "area_m2")
    home = HomeId(ids.new())
    statement: LiteralString = (
        "INSERT INTO places_home (id, unit_id, label, area_m2, added_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING"
    )
    _insert(label, statement, home, unit, _label(label), area_m2, at)
    return home


@action(needs=May.KEEP_PLACES, private=("rows",))
def add_buildings(
    _scope: Scope, *, community: CommunityId, rows: Sequence[BuildingRow], at: datetime
) -> tuple[BuildingId, ...]:
    """This will make many buildings of a community known where they stand; known ones are kept and moved there.

    Gives the id of each row's building in the order of the rows, in one statement however many there are.
    """
    if len(rows) > MOST_ROWS:
        raise Invalid("rows", _("At most {most} rows at once."), most=MOST_ROWS)
    _must_exist("community", "SELECT 1 FROM places_community WHERE id = %s", community)
    points = {_label(row.label, f"rows.{n}.label"): _point(row.lat, row.lon) for n, row in enumerate(rows)}
    found = sql.fetch(
        "INSERT INTO places_building (id, community_id, label, lat, lon, added_at)"
        " SELECT n.id, %s, n.label, n.lat, n.lon, %s"
        " FROM unnest(%s::uuid[], %s::text[], %s::float8[], %s::float8[]) AS n(id, label, lat, lon) ORDER BY n.label"
        " ON CONFLICT (community_id, label) DO UPDATE SET lat = EXCLUDED.lat, lon = EXCLUDED.lon RETURNING label, id",
        community,
        at,
        [ids.new() for _label in points],
        list(points),
        [lat for lat, _lon in points.values()],
        [lon for _lat, lon in points.values()],
    )
    known = {label: BuildingId(id_) for label, id_ in found}
    return tuple(known[row.label] for row in rows)


@action(needs=May.KEEP_PLACES, private=("rows",))
def add_homes(_scope: Scope, *, community: CommunityId, rows: Sequence[HomeRow], at: datetime) -> tuple[HomeId, ...]:
    """This will make many homes of a community known, with their buildings and units; known ones are kept.

    Gives the id of each row's home in the order of the rows, in four statements however many there are.
    """
    if len(rows) > MOST_ROWS:
        raise Invalid("rows", _("At most {most} rows at once."), most=MOST_ROWS)
    _must_exist("community", "SELECT 1 FROM places_community WHERE id = %s", community)
    for number, row in enumerate(rows):
        _label(row.building, f"rows.{number}.building")
        _label(row.unit, f"rows.{number}.unit", required=False)
        _label(row.home, f"rows.{number}.home")
        _check_area(row.area_m2, f"rows.{number}.area_m2")
    buildings = put_buildings({(community, r.building): None for r in rows}, at)
    units = put_units({(buildings[community, r.building], r.unit): None for r in rows}, at)
    unit_of = [units[buildings[community, r.building], r.unit] for r in rows]
    homes, _new = put_homes({(u, r.home): r.area_m2 for u, r in zip(unit_of, rows, strict=True)}, at)
    return tuple(homes[u, r.home] for u, r in zip(unit_of, rows, strict=True))


@action(needs=May.KEEP_PLACES)
def remove_homes(_scope: Scope, *, homes: Sequence[HomeId], added_at: datetime, at: datetime) -> int:
    """This will take homes back that were added at an instant by mistake, with what was added then and is empty now.

    Refused by whoever still stands on them: a home in which somebody lives is not removed.
    """
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")
    try:
        with transaction.atomic():
            gone = sql.run(
                "DELETE FROM places_home WHERE id = ANY(%s::uuid[]) AND added_at = %s", list(homes), added_at
            )
            sql.run(
                "DELETE FROM places_unit u WHERE added_at = %s"
                " AND NOT EXISTS (SELECT FROM places_home h WHERE h.unit_id = u.id)",
                added_at,
            )
            sql.run(
                "DELETE FROM places_building b WHERE added_at = %s"
                " AND NOT EXISTS (SELECT FROM places_unit u WHERE u.building_id = b.id)",
                added_at,
            )
    except IntegrityError as error:
        raise LivedIn from error
    return gone


def put_buildings(
    keys: Mapping[tuple[CommunityId, str], None], at: datetime
) -> dict[tuple[CommunityId, str], BuildingId]:
    """This will give the buildings' ids, minting those that were not known; one statement."""
    rows = sql.fetch(
        "INSERT INTO places_building (id, community_id, label, added_at)"
        " SELECT n.id, n.parent, n.label, %s FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS n(id, parent, label)"
        " ORDER BY n.parent, n.label"
        " ON CONFLICT (community_id, label) DO UPDATE SET label = EXCLUDED.label RETURNING community_id, label, id",
        at,
        [ids.new() for _key in keys],
        [parent for parent, _label in keys],
        [label for _parent, label in keys],
    )
    return {(parent, label): BuildingId(id_) for parent, label, id_ in rows}


def put_units(keys: Mapping[tuple[BuildingId, str], None], at: datetime) -> dict[tuple[BuildingId, str], UnitId]:
    """This will give the units' ids, minting those that were not known; one statement."""
    rows = sql.fetch(
        "INSERT INTO places_unit (id, building_id, label, added_at)"
        " SELECT n.id, n.parent, n.label, %s FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS n(id, parent, label)"
        " ORDER BY n.parent, n.label"
        " ON CONFLICT (building_id, label) DO UPDATE SET label = EXCLUDED.label RETURNING building_id, label, id",
        at,
        [ids.new() for _key in keys],
        [parent for parent, _label in keys],
        [label for _parent, label in keys],
    )
    return {(parent, label): UnitId(id_) for parent, label, id_ in rows}


def put_homes(
    areas: Mapping[tuple[UnitId, str], Decimal | None], at: datetime
) -> tuple[dict[tuple[UnitId, str], HomeId], int]:
    """This will give the homes' ids and how many were new, keeping an area that is not told; one statement."""
    minted = [ids.new() for _key in areas]
    rows = sql.fetch(
        "INSERT INTO places_home (id, unit_id, label, area_m2, added_at)"
        " SELECT n.id, n.parent, n.label, n.area, %s"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::numeric[]) AS n(id, parent, label, area)"
        " ORDER BY n.parent, n.label"
        " ON CONFLICT (unit_id, label) DO UPDATE SET area_m2 = coalesce(EXCLUDED.area_m2, places_home.area_m2)"
        " RETURNING unit_id, label, id",
        at,
        minted,
        [parent for parent, _label in areas],
        [label for _parent, label in areas],
        list(areas.values()),
    )
    new = len(set(minted) & {row[2] for row in rows})
    return {(parent, label): HomeId(id_) for parent, label, id_ in rows}, new


def _insert(name: str, statement: LiteralString, *values: object) -> None:
    if not sql.run(statement, *values):
        raise AlreadyKnown(name=name, field="name")


def _must_exist(thing: str, statement: LiteralString, id_: object) -> None:
    if sql.fetch_one(statement, id_) is None:
        raise NotFound(thing, field=thing)


def _name(name: Mapping[str, str]) -> dict[str, str]:
    chinese = name.get("zh", "").strip()
    if not 0 < len(chinese) <= 80:
        raise Invalid("name", _("A name of at most {most} characters is needed."), most=80)
    return {"zh": chinese, "en": name.get("en", "").strip()[:120] or chinese}


def _label(label: str, field: str = "label", *, required: bool = True) -> str:
    if label != label.strip() or len(label) > rules.MOST_LABEL_CHARACTERS or (required and not label):
        raise Invalid(field, _("A label of at most {most} characters is needed."), most=rules.MOST_LABEL_CHARACTERS)
    return label


def _point(lat: float | None, lon: float | None) -> tuple[float, float]:
    if lat is None or not -90 <= lat <= 90:
        raise Invalid("lat", _("A latitude lies between -90 and 90."))
    if lon is None or not -180 <= lon <= 180:
        raise Invalid("lon", _("A longitude lies between -180 and 180."))
    return rules.degrees(lat), rules.degrees(lon)


def _check_area(area_m2: Decimal | None, field: str) -> None:
    if area_m2 is not None and not 0 < area_m2 < 1_000_000:
        raise Invalid(field, _("An area lies above 0 and below 1,000,000 m²."))
