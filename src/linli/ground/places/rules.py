"""Geography, days and the meaning of an imported row: plain values in, plain values out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from linli.kernel.words import _
from linli.spine.sheets import MOST_CELL_CHARACTERS, Column, Row, RowError

EARTH_RADIUS_M = 6_371_008.8
"""The mean radius; `places_distance_m` in SQL uses the same."""
DEFAULT_TIMEZONE = "Asia/Shanghai"
DEFAULT_CURRENCY = "CNY"
MOST_ERRORS = 200
MOST_LABEL_CHARACTERS = 40

COLUMNS = (
    Column("city", ("城市",), required=True),
    Column("city_en", ("城市英文名",)),
    Column("timezone", ("时区",)),
    Column("currency", ("币种",)),
    Column("district", ("区", "区县"), required=True),
    Column("district_en", ("区英文名",)),
    Column("community", ("小区",), required=True),
    Column("community_en", ("小区英文名",)),
    Column("lat", ("纬度", "latitude"), required=True),
    Column("lon", ("经度", "longitude"), required=True),
    Column("address", ("地址",)),
    Column("building", ("楼栋",)),
    Column("unit", ("单元",)),
    Column("home", ("房号", "房屋", "室")),
    Column("area_m2", ("面积", "建筑面积", "area")),
)


def distance_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> int:
    """This will measure the great circle between two points in whole metres (haversine)."""
    half_lat, half_lon = math.radians(lat_b - lat_a) / 2, math.radians(lon_b - lon_a) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(math.radians(lat_a)) * math.cos(math.radians(lat_b)) * (
        math.sin(half_lon) ** 2
    )
    return round(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord))))


def degrees(value: float) -> float:
    """This will round a latitude or longitude to the centimetre, which is how places are kept and asked for."""
    return round(value, 7)


def business_day(at: datetime, timezone: str) -> date:
    """This will tell which day an instant belongs to in a community's zone."""
    return at.astimezone(ZoneInfo(timezone)).date()


def door_label(building: str, unit: str, home: str) -> str:
    """This will write a home's place in its community as people say it: 3-2-501, or 3-501 without units."""
    return "-".join(part for part in (building, unit, home) if part)


def search_words(words: str) -> tuple[str, ...]:
    """This will take the telling parts out of what somebody typed to find a home: 3栋2单元501室 -> 3, 2, 501."""
    for mark in ("栋", "幢", "号楼", "号", "单元", "室", "-", "/", "#", ",", "，", "、"):
        words = words.replace(mark, " ")
    return tuple(words.split()[:8])


Path = tuple[str, ...]
"""A place by the names that lead to it, from the city down."""


@dataclass
class Plan:
    """What a sheet asks to be known: each place once, with what its rows say of it."""

    cities: dict[Path, dict[str, str]] = field(default_factory=dict)
    districts: dict[Path, dict[str, str]] = field(default_factory=dict)
    communities: dict[Path, dict[str, str]] = field(default_factory=dict)
    buildings: dict[Path, None] = field(default_factory=dict)
    units: dict[Path, None] = field(default_factory=dict)
    homes: dict[Path, Decimal | None] = field(default_factory=dict)
    rows: int = 0
    errors: list[RowError] = field(default_factory=list)


def plan_of(rows: tuple[Row, ...]) -> Plan:
    """This will read every row into a plan and note what is wrong, cell by cell."""
    plan = Plan(rows=len(rows))
    row_of_home: dict[Path, int] = {}
    for row in rows:
        found = _row_errors(row)
        plan.errors += found
        if not found:
            _add(plan, row, row_of_home)
    return plan


def _row_errors(row: Row) -> list[RowError]:
    errors = [
        row.wrong(column, _("This cell may not be empty."))
        for column in ("city", "district", "community")
        if not row[column]
    ]
    errors += [
        row.wrong(column, _("This cell is too long."), value[:20])
        for column, value in row.cells.items()
        if len(value) > (MOST_LABEL_CHARACTERS if column in ("building", "unit", "home") else MOST_CELL_CHARACTERS)
    ]
    for column, most in (("lat", 90), ("lon", 180)):
        if (reason := _degrees_problem(row[column], most)) is not None:
            errors.append(row.wrong(column, reason, row[column][:20]))
    if row["area_m2"] and area_m2(row["area_m2"]) is None:
        errors.append(row.wrong("area_m2", _("“{value}” is not an area in m²."), row["area_m2"][:20]))
    if row["timezone"] and not is_timezone(row["timezone"]):
        errors.append(row.wrong("timezone", _("“{value}” is not a time zone."), row["timezone"][:20]))
    if row["currency"] and not is_currency(row["currency"]):
        errors.append(row.wrong("currency", _("“{value}” is not a currency code."), row["currency"][:20]))
    if (row["home"] or row["unit"]) and not row["building"]:
        errors.append(row.wrong("building", _("A home needs its building.")))
    if (row["unit"] or row["area_m2"]) and not row["home"]:
        errors.append(row.wrong("home", _("The number of the home is missing.")))
    return errors


def _add(plan: Plan, row: Row, row_of_home: dict[Path, int]) -> None:
    city, district, community = row["city"], row["district"], row["community"]
    _agree(plan, row, plan.cities.setdefault((city,), {}), ("city_en", "timezone", "currency"))
    _agree(plan, row, plan.districts.setdefault((city, district), {}), ("district_en",))
    place = (city, district, community)
    _agree(plan, row, plan.communities.setdefault(place, {}), ("community_en", "lat", "lon", "address"))
    if row["building"]:
        plan.buildings[(*place, row["building"])] = None
    if row["home"]:
        unit = (*place, row["building"], row["unit"])
        home = (*unit, row["home"])
        if home in row_of_home:
            reason = _("This home stands in row {value} already.")
            plan.errors.append(row.wrong("home", reason, str(row_of_home[home])))
            return
        row_of_home[home] = row.number
        plan.units[unit] = None
        plan.homes[home] = area_m2(row["area_m2"])


def _agree(plan: Plan, row: Row, known: dict[str, str], columns: tuple[str, ...]) -> None:
    for column in columns:
        if row[column] and known.setdefault(column, row[column]) != row[column]:
            reason = _("A row above says “{value}” for the same place.")
            plan.errors.append(row.wrong(column, reason, known[column][:40]))


def _degrees_problem(text: str, most: int) -> str | None:
    try:
        value = float(text)
    except ValueError:
        return _("“{value}” is not a number of degrees.")
    return None if abs(value) <= most else _("“{value}” lies outside the Earth.")


def area_m2(text: str) -> Decimal | None:
    """This will read an area in square metres, rounded to two decimals; None for anything else."""
    try:
        area = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return area if 0 < area < 1_000_000 else None


def is_timezone(name: str) -> bool:
    """This will tell whether the time zone database knows the name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def is_currency(code: str) -> bool:
    """This will tell whether a text has the form of an ISO 4217 code."""
    return len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()
