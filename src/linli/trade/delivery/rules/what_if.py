"""What if: so many communities with so much demand, pooled or not. A made-up town, planned by the engine of waves."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from linli.trade.delivery.rules.drops import free_delivery_from_fen
from linli.trade.delivery.rules.economics import (
    Community,
    Costs,
    Place,
    Planner,
    bill,
    break_even_orders,
    choose,
    marginal_drop_fen,
)

NEAREST_M, FARTHEST_M, APART_M = 600, 4_000, 500
HALF_A_COMMUNITY_M, HALF_A_STREET_M = 180, 300
NEIGHBOURHOOD = 10
"""Communities that a town has; those that are looked at are the nearest of them to one."""
MERCHANTS = 12


@dataclass(frozen=True, slots=True)
class Town:
    """Communities that are neighbours of each other, nearest first, and the merchants in their street."""

    buildings: tuple[tuple[Place, ...], ...]
    merchants: tuple[Place, ...]
    seed: int

    def with_orders(self, communities: int, orders_each: int) -> tuple[Community, ...]:
        """This will give some of the communities so many orders each, spread over their buildings by chance."""
        chance = random.Random(f"{self.seed} {orders_each}")  # noqa: S311 - a model, no secret
        found = []
        for houses in self.buildings[:communities]:
            orders = [0] * len(houses)
            for _ in range(orders_each):
                orders[chance.randrange(len(houses))] += 1
            found.append(Community(houses, tuple(orders)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Answer:
    """What delivery to some communities comes to in one slot. Money in fen, per order where it says so.

    `break_even` is how many orders each community needs in a slot for an order to earn its delivery; None if too many.
    """

    communities: int
    orders_each: int
    pooled_fen_per_order: float
    alone_fen_per_order: float
    saving_fen: float
    is_pooled: bool
    couriers_pooled: float
    couriers_alone: float
    drop_fen: float
    free_from_fen: int
    break_even: int | None


def make_town(communities: int, *, buildings: int = 15, seed: int = 0) -> Town:
    """This will make a town around a street of merchants: communities at 0.6 to 4 km, at least 500 m apart."""
    chance = random.Random(f"town {seed}")  # noqa: S311 - a model, no secret
    centres: list[Place] = []
    while len(centres) < max(NEIGHBOURHOOD, communities):
        away, turn = chance.uniform(NEAREST_M, FARTHEST_M), chance.uniform(0, math.tau)
        here = (away * math.cos(turn), away * math.sin(turn))
        if all(math.dist(here, other) > APART_M for other in centres):
            centres.append(here)
    first = centres[0]
    centres.sort(key=lambda place: math.dist(place, first))
    return Town(
        tuple(tuple(_near(c, HALF_A_COMMUNITY_M, chance) for _ in range(buildings)) for c in centres[:communities]),
        tuple(_near((0.0, 0.0), HALF_A_STREET_M, chance) for _ in range(MERCHANTS)),
        seed,
    )


def _near(place: Place, most_m: int, chance: random.Random) -> Place:
    return place[0] + chance.uniform(-most_m, most_m), place[1] + chance.uniform(-most_m, most_m)


def ask(
    towns: Sequence[Town],
    communities: int,
    orders_each: int,
    costs: Costs,
    planner: Planner,
    *,
    earned_fen: int,
    margin_bp: int,
) -> Answer:
    """This will answer a what-if with the mean of some towns; `earned_fen` is what an order brings for its delivery."""
    choices = [choose(t.with_orders(communities, orders_each), t.merchants, costs, planner) for t in towns]
    drops = [marginal_drop_fen(t.with_orders(communities, orders_each), t.merchants, costs, planner) for t in towns[:1]]
    first = towns[0]

    def fen_at(orders: int) -> float:
        return bill(first.with_orders(communities, orders), first.merchants, costs, planner).fen_per_order

    many = len(choices)
    pooled = sum(c.pooled.fen_per_order for c in choices) / many
    alone = sum(c.alone_fen_per_order for c in choices) / many
    drop = sum(drops) / len(drops)
    return Answer(
        communities=communities,
        orders_each=orders_each,
        pooled_fen_per_order=round(pooled, 1),
        alone_fen_per_order=round(alone, 1),
        saving_fen=round(sum(c.saving_fen for c in choices) / many, 1),
        is_pooled=pooled <= alone,
        couriers_pooled=sum(c.pooled.couriers for c in choices) / many,
        couriers_alone=sum(sum(b.couriers for b in c.alone) for c in choices) / many,
        drop_fen=round(drop, 1),
        free_from_fen=free_delivery_from_fen(drop, margin_bp),
        break_even=break_even_orders(fen_at, earned_fen, most=60),
    )
