"""What lies around a shop or a hub, as places on a small plan with it in the middle, north up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CityId, CommunityId

EDGE = 150
"""From the middle to the edge of the plan, in its own units."""
METRES_A_DEGREE = 111_320


@dataclass(frozen=True, slots=True)
class Spot:
    """A community around a middle; `x` and `y` are its place on the plan."""

    community: CommunityId
    name: dict[str, str]
    district: dict[str, str]
    distance_m: int
    is_in: bool
    x: float
    y: float


def plan_km(distances_m: Iterable[int], *, most_km: int) -> int:
    """This will choose the edge of a plan: it shows no more than it has to, so that near communities stand apart."""
    return max(1, min(most_km, math.ceil(max(distances_m, default=most_km * 1000) / 1000)))


def spots(
    middle: tuple[float, float], far: Mapping[CommunityId, int], taken: Iterable[CommunityId], *, km: int, city: CityId
) -> Iterator[Spot]:
    """This will put communities on the plan, the nearest first; `far` says how far each is."""
    within = frozenset(taken)
    for card in sorted(places.communities(ids=far, city=city), key=lambda card: far[card.id]):
        x, y = _on_plan(middle, card, km)
        yield Spot(card.id, card.name, card.district, far[card.id], card.id in within, x, y)


def _on_plan(middle: tuple[float, float], card: CommunityCard, km: int) -> tuple[float, float]:
    """East and north of the middle in plan units; what lies beyond the edge is drawn at it."""
    lat, lon = middle
    east = (card.lon - lon) * METRES_A_DEGREE * math.cos(math.radians(lat))
    north = (card.lat - lat) * METRES_A_DEGREE
    scale = EDGE / max(km * 1000, math.hypot(east, north))
    return round(east * scale, 1), round(-north * scale, 1)
