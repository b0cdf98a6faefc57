"""Importing places from a sheet: everything or nothing, repeatable, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.ground.places import events, rules
from linli.ground.places.actions.add import put_buildings, put_homes, put_units
from linli.ground.places.rules import Path, Plan
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, DistrictId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.spine import sheets, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell as tell_fact
from linli.spine.progress import Progress, unheard
from linli.spine.scope import Scope
from linli.spine.sheets import RowError

STEPS = (_("Reading the sheet"), _("Adding communities and buildings"), _("Adding homes"))
"""What is told of the way, for a bar of progress."""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a sheet holds, and its first errors by row and column; `more_errors` were left out."""

    rows: int
    communities: int
    buildings: int
    homes: int
    errors: tuple[RowError, ...]
    more_errors: int

    @property
    def is_clean(self) -> bool:
        return not self.errors


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many places of the sheet were new, and how many rows it had."""

    rows: int
    communities_added: int
    homes_added: int


class ImportRefused(Refusal):
    """Some cells are wrong, so nothing was imported; `preview` names them."""

    says = _("{errors} cells need correction; nothing was imported. First: row {row}, column {column}.")
    status = 422

    def __init__(self, preview: ImportPreview) -> None:
        first = preview.errors[0]
        self.preview = preview
        errors = len(preview.errors) + preview.more_errors
        super().__init__(field="file", errors=errors, row=first.row, column=sheets.heading_of(first, rules.COLUMNS))


@action(needs=May.KEEP_PLACES, private=("file_name", "content"))
def preview_import(_scope: Scope, *, file_name: str, content: bytes) -> ImportPreview:
    """This will read a sheet, change nothing, and tell what it holds and which cells are wrong."""
    return _preview(_plan(file_name, content))


@action(needs=May.KEEP_PLACES, private=("file_name", "content", "tell"))
def import_places(
    _scope: Scope, *, file_name: str, content: bytes, tell: Progress = unheard, at: datetime
) -> ImportResult:
    """This will make every place of a sheet known, or refuse the whole sheet.

    Places that are known already are kept under their id; what the sheet says of them (coordinates, address, area,
    a community's English name) is taken over, what it leaves empty is kept;
    a city and a district keep theirs. Doing it twice changes nothing more.
    """
    tell(0, len(STEPS), STEPS[0])
    plan = _plan(file_name, content)
    if plan.errors:
        raise ImportRefused(_preview(plan))
    tell(1, len(STEPS), STEPS[1])
    cities = _put_cities(plan, at)
    districts = _put_districts(plan, cities, at)
    communities, added = _put_communities(plan, districts, at)
    buildings = put_buildings({(communities[p[:3]], p[3]): None for p in plan.buildings}, at)
    building_of = {p: buildings[communities[p[:3]], p[3]] for p in plan.buildings}
    units = put_units({(building_of[p[:4]], p[4]): None for p in plan.units}, at)
    tell(2, len(STEPS), STEPS[2])
    _, homes_added = put_homes({(units[building_of[p[:4]], p[4]], p[5]): area for p, area in plan.homes.items()}, at)
    for path in added:
        tell_fact(events.CommunityAdded(community=communities[path], city=cities[path[:1]], at=at))
    return ImportResult(plan.rows, len(added), homes_added)


def _plan(file_name: str, content: bytes) -> Plan:
    return rules.plan_of(sheets.read(file_name, content, rules.COLUMNS))


def _preview(plan: Plan) -> ImportPreview:
    shown = tuple(sorted(plan.errors, key=lambda e: (e.row, e.column))[: rules.MOST_ERRORS])
    more = len(plan.errors) - len(shown)
    return ImportPreview(plan.rows, len(plan.communities), len(plan.buildings), len(plan.homes), shown, more)


def _put_cities(plan: Plan, at: datetime) -> dict[Path, CityId]:
    rows = sql.fetch(
        "INSERT INTO places_city (id, name, timezone, currency, added_at)"
        " SELECT n.id, jsonb_build_object('zh', n.zh, 'en', coalesce(nullif(n.en, ''), n.zh)),"
        " coalesce(nullif(n.timezone, ''), %s), coalesce(nullif(n.currency, ''), %s), %s"
        " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[]) AS n(id, zh, en, timezone, currency)"
        " ORDER BY n.zh"
        " ON CONFLICT ((name ->> 'zh')) DO UPDATE SET name = places_city.name RETURNING name ->> 'zh', id",
        rules.DEFAULT_TIMEZONE,
        rules.DEFAULT_CURRENCY,
        at,
        [ids.new() for _path in plan.cities],
        [path[0] for path in plan.cities],
        *([facts.get(c, "") for facts in plan.cities.values()] for c in ("city_en", "timezone", "currency")),
    )
    return {(zh,): CityId(id_) for zh, id_ in rows}


def _put_districts(plan: Plan, cities: dict[Path, CityId], at: datetime) -> dict[Path, DistrictId]:
    rows = sql.fetch(
        "INSERT INTO places_district (id, city_id, name, added_at)"
        " SELECT n.id, n.city, jsonb_build_object('zh', n.zh, 'en', coalesce(nullif(n.en, ''), n.zh)), %s"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[]) AS n(id, city, zh, en) ORDER BY n.city, n.zh"
        " ON CONFLICT (city_id, (name ->> 'zh')) DO UPDATE SET name = places_district.name"
        " RETURNING city_id, name ->> 'zh', id",
        at,
        [ids.new() for _path in plan.districts],
        [cities[path[:1]] for path in plan.districts],
        [path[1] for path in plan.districts],
        [facts.get("district_en", "") for facts in plan.districts.values()],
    )
    known = {(city, zh): DistrictId(id_) for city, zh, id_ in rows}
    return {path: known[cities[path[:1]], path[1]] for path in plan.districts}


def _put_communities(
    plan: Plan, districts: dict[Path, DistrictId], at: datetime
) -> tuple[dict[Path, CommunityId], tuple[Path, ...]]:
    minted = {path: ids.new() for path in plan.communities}
    told = list(plan.communities.values())
    rows = sql.fetch(
        "INSERT INTO places_community AS c (id, district_id, name, lat, lon, address, added_at)"
        " SELECT n.id, n.district, jsonb_build_object('zh', n.zh, 'en', coalesce(nullif(n.en, ''), n.zh)),"
        " n.lat, n.lon, n.address, %s"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::float8[], %s::float8[], %s::text[])"
        " AS n(id, district, zh, en, lat, lon, address) ORDER BY n.district, n.zh"
        " ON CONFLICT (district_id, (name ->> 'zh')) DO UPDATE SET lat = EXCLUDED.lat, lon = EXCLUDED.lon,"
        " address = coalesce(nullif(EXCLUDED.address, ''), c.address),"
        " name = CASE WHEN EXCLUDED.name ->> 'en' <> EXCLUDED.name ->> 'zh' THEN EXCLUDED.name ELSE c.name END"
        " RETURNING district_id, name ->> 'zh', id",
        at,
        list(minted.values()),
        [districts[path[:2]] for path in plan.communities],
        [path[2] for path in plan.communities],
        [facts.get("community_en", "") for facts in told],
        [rules.degrees(float(facts["lat"])) for facts in told],
        [rules.degrees(float(facts["lon"])) for facts in told],
        [facts.get("address", "") for facts in told],
    )
    known = {(district, zh): CommunityId(id_) for district, zh, id_ in rows}
    communities = {path: known[districts[path[:2]], path[2]] for path in plan.communities}
    return communities, tuple(path for path, id_ in minted.items() if communities[path] == id_)
