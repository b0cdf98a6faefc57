"""Distances: how far it is to ride from place to place, estimated until a road engine says better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from linli.ground.places.rules import distance_m

REACH_M = 3000
"""Communities so far around a hub or a shop are proposed for its zone."""
DETOUR_PERCENT = 130
"""Streets are no beelines: 1.3 of one is the usual factor of a city's grid."""
MOST_PLACES = 1500
"""Buildings, shops and the hub of one zone; a larger table is divided into more zones."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place that couriers go to: a building, a shop, or the hub of a zone."""

    place: UUID
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class GateAt:
    """A gate of a community, by the name that people there give it."""

    label: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The metres between places, row by row in their order; `by_road` where an engine said so."""

    points: tuple[Point, ...]
    metres: tuple[tuple[int, ...], ...]
    by_road: bool


def riding_m(a: Point, b: Point) -> int:
    """This will estimate the way between two places: the beeline and three tenths more, in whole metres, rounded up."""
    return by_road_m(distance_m(a.lat, a.lon, b.lat, b.lon))


def nearest_gate(gates: Sequence[GateAt], lat: float, lon: float) -> GateAt | None:
    """This will give the gate that is nearest to a point; None where a community has none."""
    return min(gates, key=lambda gate: (distance_m(lat, lon, gate.lat, gate.lon), gate.label), default=None)


def by_road_m(beeline_m: int) -> int:
    """This will estimate the way along a beeline, in whole metres, rounded up."""
    return -(-beeline_m * DETOUR_PERCENT // 100)


def table(points: Sequence[Point]) -> tuple[tuple[int, ...], ...]:
    """This will estimate the ways between all places; as far there as back."""
    rows = [[0] * len(points) for _ in points]
    for i, a in enumerate(points):
        for j in range(i + 1, len(points)):
            rows[i][j] = rows[j][i] = riding_m(a, points[j])
    return tuple(tuple(row) for row in rows)
