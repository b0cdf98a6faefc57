"""Plans: places laid out north up, moved apart where they cover each other, with a bar that tells the truth."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.faces.shell import doorway
from linli.faces.shell.maps import APART, EDGE, HEIGHT, WIDTH, Spot, plan


def a_spot(lat: float, lon: float) -> Spot:
    return Spot(kind="building", lat=lat, lon=lon, mark="1", name="1")


def test_north_is_up_and_east_is_right():
    north, south = plan([a_spot(31.3010, 120.6), a_spot(31.3000, 120.6)]).marks
    assert (north.x, south.x) == (WIDTH / 2, WIDTH / 2)
    assert (north.y, south.y) == (EDGE, HEIGHT - EDGE)
    west, east = plan([a_spot(31.3, 120.600), a_spot(31.3, 120.601)]).marks
    assert west.x < east.x
    assert west.y == east.y == HEIGHT / 2


def test_the_bar_is_as_long_as_its_metres():
    drawn = plan([a_spot(31.3, 120.600), a_spot(31.3, 120.601)])
    metres = 0.001 * 111_320 * math.cos(math.radians(31.3))
    west, east = drawn.marks
    assert drawn.bar_m == 20
    assert drawn.bar == pytest.approx(drawn.bar_m * (east.x - west.x) / metres, abs=0.1)


def test_what_stands_on_one_point_is_moved_apart_but_tells_nothing():
    drawn = plan([a_spot(31.3, 120.6)] * 5)
    places = [(mark.x, mark.y) for mark in drawn.marks]
    assert len(set(places)) == 5
    assert not drawn.tells


def test_nothing_at_all_is_drawn_on_empty_paper():
    assert plan([]).marks == ()


@given(
    st.lists(
        st.tuples(st.floats(31.20, 31.21, allow_nan=False), st.floats(120.50, 120.51, allow_nan=False)), max_size=24
    )
)
def test_every_mark_stands_on_the_paper(where: list[tuple[float, float]]):
    for mark in plan([a_spot(lat, lon) for lat, lon in where]).marks:
        assert EDGE / 2 <= mark.x <= WIDTH - EDGE / 2
        assert EDGE / 2 <= mark.y <= HEIGHT - EDGE / 2


def test_two_marks_that_would_cover_each_other_do_not():
    near = plan([a_spot(31.3, 120.6), a_spot(31.3, 120.60001), a_spot(31.302, 120.602)]).marks
    assert math.dist((near[0].x, near[0].y), (near[1].x, near[1].y)) >= APART - 0.2


def test_streets_lie_beneath_only_where_a_tile_server_is_named(settings):
    spots = [a_spot(31.300, 120.600), a_spot(31.302, 120.602)]
    assert plan(spots).tiles == ()
    assert "tiles.example" not in dict(doorway.security_headers())["Content-Security-Policy"]
    settings.MAP_TILES = "https://tiles.example/{z}/{x}/{y}.png"
    settings.MAP_CREDIT = "© Streets"
    drawn = plan(spots)
    assert drawn.credit == "© Streets"
    assert min(tile.x for tile in drawn.tiles) <= 0
    assert max(tile.x + tile.side for tile in drawn.tiles) >= WIDTH
    assert min(tile.y for tile in drawn.tiles) <= 0
    assert max(tile.y + tile.side for tile in drawn.tiles) >= HEIGHT
    assert all(128 <= tile.side <= 512 for tile in drawn.tiles)
    assert (
        "img-src 'self' data: blob: https://tiles.example;"
        in dict(doorway.security_headers())["Content-Security-Policy"]
    )
