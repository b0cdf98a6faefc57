"""A plan of places as a drawing: buildings, shops, homes and couriers on paper, without anybody's tiles.

Places are laid flat around their middle, which is true enough for a few kilometres; marks that would cover each other
are moved apart a little. Where the house names a tile server (`LINLI_MAP_TILES`), its streets lie beneath.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.conf import settings

WIDTH, HEIGHT, STRIP = 358, 260, 140
"""As wide as a phone's column; a strip is the map of one way."""
EDGE = 42
"""So far from the border the outermost marks stand."""
LEAST_SPAN_M = 80.0
METRES_A_DEGREE = 111_320.0
EQUATOR_M = 40_075_016.686
TILE = 256
DEEPEST = 19
MOST_TILES = 16
APART = 27.0
ROUNDS = 40
BARS_M = (20, 50, 100, 200, 500, 1000, 2000, 5000)
LONGEST_BAR = 110.0

Kind = Literal["building", "home", "shop", "courier", "community"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Something that stands somewhere: `mark` is written on the map, `name` in the list beside it."""

    kind: Kind
    lat: float
    lon: float
    mark: str
    name: str
    about: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a spot is drawn."""

    x: float
    y: float
    spot: Spot


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of streets beneath."""

    href: str
    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A drawing of its size, its marks, and how long so many metres are on it."""

    width: int
    height: int
    marks: tuple[Mark, ...]
    bar_m: int
    bar: float
    tiles: tuple[Tile, ...] = ()
    credit: str = ""
    """Whose streets lie beneath."""

    @property
    def way(self) -> str:
        """The line through the marks, as a path of SVG."""
        return "M" + " L".join(f"{mark.x} {mark.y}" for mark in self.marks)

    @property
    def tells(self) -> bool:
        """Whether the spots stand at more than one place, so that a drawing of them says anything."""
        return len({(mark.spot.lat, mark.spot.lon) for mark in self.marks}) > 1


def plan(spots: Sequence[Spot], *, width: int = WIDTH, height: int = HEIGHT) -> Plan:
    """This will lay spots out on a drawing, north up, as large as fits."""
    lat = _middle([spot.lat for spot in spots])
    lon = _middle([spot.lon for spot in spots])
    flat = [_flat(spot.lat - lat, spot.lon - lon, lat) for spot in spots]
    across = max((abs(x) for x, _y in flat), default=0.0) * 2
    along = max((abs(y) for _x, y in flat), default=0.0) * 2
    a_pixel_m = max(across / (width - 2 * EDGE), along / (height - 2 * EDGE), LEAST_SPAN_M / (width - 2 * EDGE))
    points = [(width / 2 + x / a_pixel_m, height / 2 - y / a_pixel_m) for x, y in flat]
    marks = tuple(
        Mark(round(x, 1), round(y, 1), spot) for (x, y), spot in zip(_apart(points, width, height), spots, strict=True)
    )
    bar_m = max((each for each in BARS_M if each / a_pixel_m <= LONGEST_BAR), default=BARS_M[0])
    tiles = _tiles(lat, lon, a_pixel_m, width, height)
    credit = settings.MAP_CREDIT if tiles else ""
    return Plan(width, height, marks, bar_m, round(bar_m / a_pixel_m, 1), tiles, credit)


def _middle(values: Sequence[float]) -> float:
    return (min(values) + max(values)) / 2 if values else 0.0


def _flat(lat: float, lon: float, at: float) -> tuple[float, float]:
    return lon * METRES_A_DEGREE * math.cos(math.radians(at)), lat * METRES_A_DEGREE


def _apart(points: list[tuple[float, float]], width: int, height: int) -> list[tuple[float, float]]:
    """Push marks that cover each other apart, the same way every time, and never off the paper."""
    found = list(points)
    for _round in range(ROUNDS):
        is_quiet = True
        for one in range(len(found)):
            for other in range(one + 1, len(found)):
                (ax, ay), (bx, by) = found[one], found[other]
                gap = math.hypot(bx - ax, by - ay)
                if gap >= APART:
                    continue
                is_quiet = False
                turn = one * 2.4  # where two stand on one point, each pair goes its own way
                dx, dy = ((bx - ax) / gap, (by - ay) / gap) if gap else (math.cos(turn), math.sin(turn))
                push = (APART - gap) / 2 + 0.1
                found[one] = _within(ax - dx * push, ay - dy * push, width, height)
                found[other] = _within(bx + dx * push, by + dy * push, width, height)
        if is_quiet:
            break
    return found


def _within(x: float, y: float, width: int, height: int) -> tuple[float, float]:
    half = EDGE / 2
    return min(max(x, half), width - half), min(max(y, half), height - half)


def _tiles(lat: float, lon: float, a_pixel_m: float, width: int, height: int) -> tuple[Tile, ...]:
    """The squares of the tile server that lie beneath, as large as they are at this scale; none without a server."""
    if not settings.MAP_TILES:
        return ()
    round_m = EQUATOR_M * math.cos(math.radians(lat))
    deep = min(DEEPEST, max(0, round(math.log2(round_m / (TILE * a_pixel_m)))))
    side = round_m / 2**deep / a_pixel_m
    east = (lon + 180) / 360 * 2**deep
    south = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**deep
    columns = range(math.floor(east - width / 2 / side), math.floor(east + width / 2 / side) + 1)
    rows = range(math.floor(south - height / 2 / side), math.floor(south + height / 2 / side) + 1)
    found = [
        Tile(
            settings.MAP_TILES.format(z=deep, x=column, y=row),
            round(width / 2 + (column - east) * side, 1),
            round(height / 2 + (row - south) * side, 1),
            round(side, 1),
        )
        for row in rows
        for column in columns
    ]
    return tuple(found[:MOST_TILES])
