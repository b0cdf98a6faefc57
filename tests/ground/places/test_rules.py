"""Distances, days and the meaning of a sheet's rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.places import rules
from linli.spine.sheets import Row, RowError

LAT = st.floats(-90, 90)
LON = st.floats(-180, 180)
GOOD = {"city": "杭州", "district": "滨江区", "community": "幸福家园", "lat": "30.2", "lon": "120.1"}


def row(number: int = 2, **cells: str) -> Row:
    return Row(number, GOOD | cells)


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (0, 1), 111195),
        ((0, 0), (1, 0), 111195),
        ((0, 179.5), (0, -179.5), 111195),
        ((90, 0), (-90, 0), 20015114),
        ((30.2741, 120.1551), (30.2500, 120.1600), 2721),
    ],
)
def test_a_distance_is_the_great_circle_in_whole_metres(a, b, metres):
    assert rules.distance_m(*a, *b) == metres


@given(LAT, LON, LAT, LON)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_the_earth(lat_a, lon_a, lat_b, lon_b):
    there = rules.distance_m(lat_a, lon_a, lat_b, lon_b)
    assert there == rules.distance_m(lat_b, lon_b, lat_a, lon_a)
    assert 0 <= there <= 20_015_114


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), "Asia/Shanghai", date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), "Asia/Shanghai", date(2026, 3, 2)),
        (datetime(2026, 3, 1, 4, 59, tzinfo=UTC), "America/New_York", date(2026, 2, 28)),
    ],
)
def test_a_business_day_is_a_day_in_the_communitys_zone(at, zone, day):
    assert rules.business_day(at, zone) == day


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("3-2-501", ("3", "2", "501")),
        ("3栋2单元501室", ("3", "2", "501")),
        ("12号楼 501", ("12", "501")),
        ("", ()),
    ],
)
def test_people_type_doors_in_many_ways(typed, parts):
    assert rules.search_words(typed) == parts


def test_rows_become_a_plan_with_each_place_once():
    plan = rules.plan_of(
        (
            row(2, building="3", unit="2", home="501", area_m2="89.374"),
            row(3, building="3", unit="2", home="502", community_en="Happy Homes"),
            row(4, building="9"),
        )
    )
    assert plan.errors == []
    place = ("杭州", "滨江区", "幸福家园")
    assert plan.communities == {place: {"lat": "30.2", "lon": "120.1", "community_en": "Happy Homes"}}
    assert list(plan.buildings) == [(*place, "3"), (*place, "9")]
    assert plan.homes == {(*place, "3", "2", "501"): Decimal("89.37"), (*place, "3", "2", "502"): None}


@pytest.mark.parametrize(
    ("cells", "column", "text"),
    [
        ({"city": ""}, "city", "This cell may not be empty."),
        ({"lat": "north"}, "lat", "“north” is not a number of degrees."),
        ({"lat": "90.1"}, "lat", "“90.1” lies outside the Earth."),
        ({"lon": "nan"}, "lon", "“nan” lies outside the Earth."),
        ({"lat": "=A1"}, "lat", "“=A1” is not a number of degrees."),
        ({"building": "1", "home": "2", "area_m2": "-3"}, "area_m2", "“-3” is not an area in m²."),
        ({"home": "501"}, "building", "A home needs its building."),
        ({"building": "1", "unit": "2"}, "home", "The number of the home is missing."),
        ({"timezone": "Mars/Base"}, "timezone", "“Mars/Base” is not a time zone."),
        ({"currency": "yuan"}, "currency", "“yuan” is not a currency code."),
        ({"building": "x" * 41}, "building", "This cell is too long."),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(cells, column, text):
    (error,) = rules.plan_of((row(7, **cells),)).errors
    assert (error.row, error.column, str(error)) == (7, column, text)


def test_rows_that_contradict_each_other_are_named():
    home = {"building": "1", "unit": "1", "home": "101"}
    errors = rules.plan_of((row(2, **home), row(3, lat="31.0"), row(4, **home))).errors
    assert errors == [
        RowError(3, "lat", "A row above says “{value}” for the same place.", "30.2"),
        RowError(4, "home", "This home stands in row {value} already.", "2"),
    ]
