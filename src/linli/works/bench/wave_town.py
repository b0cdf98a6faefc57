"""Waves that anybody can make again from four numbers: communities around a hub, their buildings, orders and slots."""

from __future__ import annotations

import math
import random

from linli.works.bench.wave_files import NotAWave, WaveFile

NEAREST_M, FARTHEST_M = 600, 4_000
APART_M = 500
HALF_A_COMMUNITY_M = 180
DETOUR = 1.3
M_PER_MIN = 250
"""A cargo trike at 15 km/h."""
TICKS_PER_MIN = 100
CAPACITY = 60
FIXED_COST = 700
SLOTS = ((1_000, 5_500), (4_000, 8_500))
DAY = (0, 13_000)
STOP_TICKS, ORDER_TICKS = 150, 75
"""1.5 minutes at a building and 0.75 for each order handed over there."""
MOST_TRIES = 10_000


def make_wave(communities: int, buildings: int, orders: int, seed: int) -> WaveFile:
    """This will make a wave: `orders` for the `buildings` of each community; the same numbers, the same wave."""
    chance = random.Random(f"{communities} {buildings} {orders} {seed}")
    xy, demand, windows = [(0.0, 0.0)], [0], [DAY]
    for x, y in _centres(communities, chance):
        slot = chance.choice(SLOTS)
        houses = [(x + _aside(chance), y + _aside(chance)) for _ in range(buildings)]
        wanted = [0] * buildings
        for _ in range(orders):
            wanted[chance.randrange(buildings)] += 1
        for house, many in zip(houses, wanted, strict=True):
            if many:
                xy.append((round(house[0], 1), round(house[1], 1)))
                demand.append(many)
                windows.append(slot)
    service = [0, *(STOP_TICKS + ORDER_TICKS * many for many in demand[1:])]
    return WaveFile(
        name=f"{communities}_{buildings}_{orders}_{seed}",
        capacity=CAPACITY,
        fixed_cost_per_vehicle=FIXED_COST,
        max_vehicles=5 + sum(demand) * 3 // (CAPACITY * 2),
        xy=xy,
        demand=demand,
        tw=windows,
        service=service,
        matrix=[[_ticks(a, b) for b in xy] for a in xy],
    )


def _centres(many: int, chance: random.Random) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for _ in range(MOST_TRIES):
        if len(found) == many:
            return found
        away, turn = chance.uniform(NEAREST_M, FARTHEST_M), chance.uniform(0, math.tau)
        here = (away * math.cos(turn), away * math.sin(turn))
        if all(math.dist(here, other) > APART_M for other in found):
            found.append(here)
    raise NotAWave(f"{many} communities do not fit into {FARTHEST_M} metres around a hub")


def _aside(chance: random.Random) -> float:
    return chance.uniform(-HALF_A_COMMUNITY_M, HALF_A_COMMUNITY_M)


def _ticks(a: tuple[float, float], b: tuple[float, float]) -> int:
    return round(DETOUR * math.dist(a, b) / M_PER_MIN * TICKS_PER_MIN)
