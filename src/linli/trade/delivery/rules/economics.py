"""What pooling costs and saves: per slot, an order alone and pooled, and one drop more.

The model is that of docs/rules/pooling.md. A wave's cost is that of its couriers' minutes and kilometres and of each
departure, and of the milk run that collects the goods from the merchants. Whatever can be planned is planned by the
engine of waves; nothing is estimated from averages. All money is whole fen; rates are per unit as their names say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linli.trade.delivery.rules.waves import (
    TICKS_PER_MIN,
    UNITS_PER_FEN,
    Plan,
    Problem,
    Rates,
    Stop,
    Vehicle,
    cost,
    timetable,
)

Place = tuple[float, float]
"""East and north of the merchants' street, in metres."""
Planner = Callable[[Problem], Plan]
"""Plans a wave; the caller decides how long it may think."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What things cost and how long they take: a cargo trike at 15 km/h for 30 CNY an hour, unless told otherwise."""

    courier_fen_per_h: int = 3_000
    fen_per_km: int = 30
    departure_fen: int = 400
    speed_m_per_min: int = 250
    detour: float = 1.3
    orders_per_vehicle: int = 60
    stop_min: float = 1.5
    order_min: float = 0.75
    merchant_min: float = 3.0
    collected_orders: int = 120
    slot_min: int = 75
    late_return_min: int = 40

    def ticks(self, minutes: float) -> int:
        """This will say minutes in the ticks of waves."""
        return int(minutes * TICKS_PER_MIN)

    @property
    def rates(self) -> Rates:
        """What a minute on duty and a metre cost, in the units of waves."""
        tick = round(self.courier_fen_per_h * UNITS_PER_FEN / (60 * TICKS_PER_MIN))
        return Rates(duty_tick=tick, metre=round(self.fen_per_km * UNITS_PER_FEN / 1_000))


@dataclass(frozen=True, slots=True)
class Community:
    """The orders of one community in one slot: of each of its buildings, where it stands and how many."""

    buildings: tuple[Place, ...]
    orders: tuple[int, ...]

    @property
    def order_count(self) -> int:
        """Orders in all."""
        return sum(self.orders)


@dataclass(frozen=True, slots=True)
class Bill:
    """What bringing some orders comes to, collection included, in fen; `couriers` are vehicles that leave."""

    fen: int
    orders: int
    couriers: int
    minutes: float
    km: float

    @property
    def fen_per_order(self) -> float:
        """The cost of one order; 0 where there is none."""
        return self.fen / self.orders if self.orders else 0.0


@dataclass(frozen=True, slots=True)
class SlotChoice:
    """Whether a slot's communities travel together, and what that saves: `saving_fen` is below zero where it costs."""

    pooled: Bill
    alone: tuple[Bill, ...]

    @property
    def alone_fen(self) -> int:
        """What each community by itself comes to, in all."""
        return sum(bill.fen for bill in self.alone)

    @property
    def alone_fen_per_order(self) -> float:
        """The cost of an order when no community shares a run."""
        orders = sum(bill.orders for bill in self.alone)
        return self.alone_fen / orders if orders else 0.0

    @property
    def is_pooled(self) -> bool:
        """Pooled only where it is not dearer than separate."""
        return self.pooled.fen <= self.alone_fen

    @property
    def saving_fen(self) -> int:
        """What pooling saves in this slot."""
        return self.alone_fen - self.pooled.fen


def wave_of(communities: Sequence[Community], costs: Costs, *, vehicles: int | None = None) -> Problem:
    """This will make the wave of a slot: a stop for every building with orders, the merchants' street as the hub."""
    doors = [
        (place, orders, str(n))
        for n, community in enumerate(communities)
        for place, orders in zip(community.buildings, community.orders, strict=True)
        if orders
    ]
    places: list[Place] = [(0.0, 0.0), *(place for place, _, _ in doors)]
    metres = [[round(costs.detour * math.dist(a, b)) for b in places] for a in places]
    ticks_per_m = costs.detour / costs.speed_m_per_min * TICKS_PER_MIN
    minutes = [[round(ticks_per_m * math.dist(a, b)) for b in places] for a in places]
    slot = (0, costs.ticks(costs.slot_min))
    many = sum(orders for _, orders, _ in doors)
    trike = Vehicle(
        start=0,
        end=0,
        capacity=costs.orders_per_vehicle,
        shift=(0, costs.ticks(costs.slot_min + costs.late_return_min)),
        fixed_cost=costs.departure_fen * UNITS_PER_FEN,
    )
    return Problem(
        stops=tuple(
            Stop(
                place=1 + n,
                orders=orders,
                window=slot,
                service=costs.ticks(costs.stop_min + costs.order_min * orders),
                district=district,
            )
            for n, (_, orders, district) in enumerate(doors)
        ),
        vehicles=(trike,) * (vehicles or max(3, many * 2 // costs.orders_per_vehicle + 6)),
        travel=minutes,
        rates=costs.rates,
        distance_m=metres,
    )


def bill(communities: Sequence[Community], merchants: Sequence[Place], costs: Costs, planner: Planner) -> Bill:
    """This will plan a slot's delivery to some communities in one wave and price it, with its collection."""
    orders = sum(community.order_count for community in communities)
    if not orders:
        return Bill(0, 0, 0, 0.0, 0.0)
    problem = wave_of(communities, costs)
    plan = planner(problem)
    tours = math.ceil(orders / costs.collected_orders)
    run_minutes, run_m = milk_run(merchants, costs)
    collecting = tours * (run_minutes * costs.courier_fen_per_h / 60 + run_m * costs.fen_per_km / 1_000)
    times = [timetable(problem, route) for route in plan.routes]
    metres = cost(problem, plan).distance / max(1, problem.rates.metre)
    return Bill(
        fen=round(cost(problem, plan).total / UNITS_PER_FEN + collecting),
        orders=orders,
        couriers=len(plan.routes),
        minutes=sum(timed.duty for timed in times) / TICKS_PER_MIN + tours * run_minutes,
        km=(metres + tours * run_m) / 1_000,
    )


def choose(communities: Sequence[Community], merchants: Sequence[Place], costs: Costs, planner: Planner) -> SlotChoice:
    """This will compare a slot's communities pooled in one wave with each in a wave and a collection of its own."""
    pooled = bill(communities, merchants, costs, planner)
    alone = tuple(bill((community,), merchants, costs, planner) for community in communities)
    return SlotChoice(pooled, alone)


def milk_run(merchants: Sequence[Place], costs: Costs) -> tuple[float, float]:
    """This will tell minutes and metres of collecting from all merchants: to the nearest next, then untangled."""
    tour = [(0.0, 0.0)]
    left = list(merchants)
    while left:
        nearest = min(left, key=lambda place: math.dist(tour[-1], place))
        left.remove(nearest)
        tour.append(nearest)
    tour = _untangled(tour)
    metres = costs.detour * _round_m(tour)
    return metres / costs.speed_m_per_min + costs.merchant_min * len(merchants), metres


def _round_m(tour: Sequence[Place]) -> float:
    return sum(math.dist(a, b) for a, b in zip(tour, [*tour[1:], tour[0]], strict=True))


def _untangled(tour: list[Place]) -> list[Place]:
    """The round with crossings undone: parts are turned round as long as that shortens it."""
    best, length = tour, _round_m(tour)
    improved = True
    while improved:
        improved = False
        for i in range(1, len(best) - 1):
            for j in range(i + 1, len(best)):
                turned = [*best[:i], *reversed(best[i : j + 1]), *best[j + 1 :]]
                if (shorter := _round_m(turned)) < length - 1e-9:
                    best, length, improved = turned, shorter, True
    return best


def marginal_drop_fen(
    communities: Sequence[Community], merchants: Sequence[Place], costs: Costs, planner: Planner, *, more: int = 5
) -> float:
    """This will tell what one drop more costs, at the demand there is: the mean of `more` spread over the buildings."""
    before = bill(communities, merchants, costs, planner)
    return max(0.0, (bill(_with_more(communities, more), merchants, costs, planner).fen - before.fen) / more)


def _with_more(communities: Sequence[Community], more: int) -> list[Community]:
    grown = [list(community.orders) for community in communities]
    for n in range(more):
        orders = grown[n % len(grown)]
        fewest = min(range(len(orders)), key=lambda b: (orders[b], b))
        orders[fewest] += 1
    return [Community(c.buildings, tuple(orders)) for c, orders in zip(communities, grown, strict=True)]


def break_even_orders(fen_at: Callable[[int], float], earned_fen: int, *, most: int = 200) -> int | None:
    """This will find the fewest orders of a slot at which an order earns what it costs; None where it never does.

    `fen_at` tells the cost per order at a number of orders, which must not rise with it but for planning noise.
    """
    low, high = 1, most
    if fen_at(high) > earned_fen:
        return None
    while low < high:
        middle = (low + high) // 2
        if fen_at(middle) <= earned_fen:
            high = middle
        else:
            low = middle + 1
    return low
