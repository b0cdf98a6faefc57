"""From a slot's orders to a wave and back: what is put to the engine of waves, and the runs that its plan stands for.

A stop is what one shop sends to one door, fetched there when it is ready; the couriers who are on shift come first, and
others may be called in at a price, so that a wave is planned however few are there yet.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from linli.kernel.ids import CommunityId, PartyId, ShopId, TaskId
from linli.trade.delivery.rules.asked import Run, StopKind
from linli.trade.delivery.rules.asked import Stop as RunStop
from linli.trade.delivery.rules.couriers import CAPACITY
from linli.trade.delivery.rules.couriers import Vehicle as Rides
from linli.trade.delivery.rules.distances import Point, riding_m
from linli.trade.delivery.rules.economics import Costs
from linli.trade.delivery.rules.waves import (
    TICKS_PER_MIN,
    UNITS_PER_FEN,
    Act,
    Collection,
    Plan,
    Problem,
    Route,
    Stop,
    Vehicle,
    Visit,
    cost,
    timetable,
)
from linli.trade.delivery.rules.waves.costing import metres
from linli.trade.delivery.rules.waves.regions import a_part

CALL_IN_FEN = 300
"""What it costs to find a courier who is not on shift; so those who are go first."""
COLLECT_MIN = 0.5
"""At the shop, for each order: looking for it and scanning it. `Costs.merchant_min` is for coming there at all."""
MOST_SPARE = 60
OVERDUE = timedelta(hours=1)
"""What could not be planned before its slot was over is still brought, within this time."""

Metres = Mapping[tuple[UUID, UUID], int]
Decide = Callable[[Problem], Plan]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBring:
    """One order of a slot: from which shop, to which door, from when on."""

    task: TaskId
    shop: ShopId
    community: CommunityId
    door: UUID
    portions: int
    from_: tuple[float, float]
    to: tuple[float, float]
    ready_at: datetime
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AtHand:
    """A courier who is on shift during the slot. No communities: all of them."""

    person: PartyId
    capacity: int
    communities: frozenset[CommunityId]
    from_at: datetime
    until_at: datetime
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Built:
    """A wave with what its numbers mean: per stop its orders, door and shop, per vehicle its courier or nobody yet."""

    problem: Problem
    zero_at: datetime
    tasks: tuple[tuple[TaskId, ...], ...]
    doors: tuple[UUID, ...]
    shops: tuple[ShopId, ...]
    couriers: tuple[PartyId | None, ...]

    def at(self, tick: int) -> datetime:
        """This will say a tick of the wave as an instant, to the second."""
        return self.zero_at + timedelta(seconds=tick * 60 // TICKS_PER_MIN)


@dataclass(frozen=True, slots=True)
class Priced:
    """What a plan comes to."""

    fen: int
    metres: int


def build(
    orders: Sequence[ToBring],
    couriers: Sequence[AtHand],
    *,
    hub: Point,
    start_at: datetime,
    end_at: datetime,
    zero_at: datetime,
    metres: Metres,
    costs: Costs,
) -> Built:
    """This will make the wave of a slot whose runs may leave from `zero_at` on.

    Distances are those measured in the zone; where a pair is missing, the beeline and three tenths more.
    """
    end_at = max(end_at, zero_at + OVERDUE)
    window = (_tick(start_at, zero_at), _tick(end_at, zero_at))
    boxes = _boxes(orders, most=max([CAPACITY[Rides.TRIKE], *(each.capacity for each in couriers)]))
    points = {hub.place: hub}
    for box in boxes:
        points.setdefault(box[0].shop, Point(box[0].shop, *box[0].from_))
        points.setdefault(box[0].door, Point(box[0].door, *box[0].to))
    rows = {place: n for n, place in enumerate(points)}
    ways = _ways(list(points.values()), metres)
    by_tick = costs.speed_m_per_min / TICKS_PER_MIN
    counter = {rows[box[0].shop] for box in boxes}
    coming = costs.ticks(costs.merchant_min)
    travel = tuple(
        tuple(round(way / by_tick) + (coming if b in counter and a != b else 0) for b, way in enumerate(row))
        for a, row in enumerate(ways)
    )
    names: dict[str, int] = defaultdict(int)
    stops = tuple(_stop(box, rows, window, zero_at, costs, names) for box in boxes)
    fleet = _fleet(boxes, couriers, zero_at, end_at, costs)
    return Built(
        problem=Problem(
            stops=stops,
            vehicles=tuple(vehicle for vehicle, _person in fleet),
            travel=travel,
            rates=costs.rates,
            distance_m=ways,
        ),
        zero_at=zero_at,
        tasks=tuple(tuple(each.task for each in box) for box in boxes),
        doors=tuple(box[0].door for box in boxes),
        shops=tuple(box[0].shop for box in boxes),
        couriers=tuple(person for _vehicle, person in fleet),
    )


def _boxes(orders: Sequence[ToBring], *, most: int) -> list[list[ToBring]]:
    """What one shop sends to one door, in as many parts as the largest vehicle makes of it."""
    by_way: dict[tuple[UUID, UUID], list[ToBring]] = defaultdict(list)
    for order in sorted(orders, key=lambda order: order.task):
        by_way[order.door, order.shop].append(order)
    boxes: list[list[ToBring]] = []
    for theirs in by_way.values():
        boxes.append([])
        for order in theirs:
            if boxes[-1] and sum(each.portions for each in boxes[-1]) + order.portions > most:
                boxes.append([])
            boxes[-1].append(order)
    return boxes


def _stop(
    box: Sequence[ToBring],
    rows: Mapping[UUID, int],
    window: tuple[int, int],
    zero_at: datetime,
    costs: Costs,
    names: dict[str, int],
) -> Stop:
    first = box[0]
    name = f"{first.door}:{first.shop}"
    names[name] += 1
    ready = max(_tick(order.ready_at, zero_at) for order in box)
    return Stop(
        place=rows[first.door],
        orders=sum(order.portions for order in box),
        window=window,
        service=costs.ticks(costs.stop_min + costs.order_min * len(box)),
        collection=Collection(place=rows[first.shop], ready_at=ready, service=costs.ticks(COLLECT_MIN * len(box))),
        skills=frozenset({str(first.community)}).union(*(order.needs for order in box)),
        district=str(first.community),
        name=f"{name}:{names[name]}",
    )


def _ways(points: Sequence[Point], known: Metres) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(0 if a.place == b.place else known.get((a.place, b.place)) or riding_m(a, b) for b in points)
        for a in points
    )


def _fleet(
    boxes: Sequence[Sequence[ToBring]],
    couriers: Sequence[AtHand],
    zero_at: datetime,
    end_at: datetime,
    costs: Costs,
) -> list[tuple[Vehicle, PartyId | None]]:
    """Those on shift, and trikes that somebody has to be found for: enough for everything in two rounds' room."""
    everywhere = frozenset(str(box[0].community) for box in boxes)
    back = _tick(end_at, zero_at) + costs.ticks(costs.late_return_min)
    departure = costs.departure_fen * UNITS_PER_FEN
    fleet: list[tuple[Vehicle, PartyId | None]] = []
    for each in couriers:
        begins, ends = _tick(each.from_at, zero_at), min(back, _tick(each.until_at, zero_at))
        if ends > begins:
            own = (frozenset(map(str, each.communities)) or everywhere) | each.skills
            trike = Vehicle(
                start=0, end=0, capacity=each.capacity, shift=(begins, ends), fixed_cost=departure, skills=own,
                name=str(each.person),
            )  # fmt: skip
            fleet.append((trike, each.person))
    anything = everywhere.union(*(order.needs for box in boxes for order in box))
    portions = sum(order.portions for box in boxes for order in box)
    spare = min(MOST_SPARE, 2 + math.ceil(2 * portions / costs.orders_per_vehicle) + len(everywhere))
    extra = departure + CALL_IN_FEN * UNITS_PER_FEN
    for n in range(1, spare + 1):
        called_in = Vehicle(
            start=0, end=0, capacity=costs.orders_per_vehicle, shift=(0, back), fixed_cost=extra, skills=anything,
            name=f"spare:{n}",
        )  # fmt: skip
        fleet.append((called_in, None))
    return fleet


def _tick(at: datetime, zero_at: datetime) -> int:
    return max(0, math.ceil((at - zero_at).total_seconds() * TICKS_PER_MIN / 60))


def apart(problem: Problem, decide: Decide) -> Plan:
    """This will plan every community by itself, no run shared, with the couriers that the ones before left."""
    districts = list(dict.fromkeys(stop.district for stop in problem.stops))
    free = list(range(len(problem.vehicles)))
    routes: tuple[Route, ...] = ()
    left_out: list[int] = []
    for district in districts:
        part = a_part(problem, [n for n, stop in enumerate(problem.stops) if stop.district == district], free)
        plan = decide(part.problem)
        routes += (own := part.routes_of(plan))
        left_out += [part.stops[stop] for stop in plan.left_out]
        taken = {route.vehicle for route in own}
        free = [vehicle for vehicle in free if vehicle not in taken]
    return Plan(routes, tuple(sorted(left_out)), "apart")


def priced(built: Built, plan: Plan) -> Priced:
    """This will say what a plan costs, in whole fen, and how far its couriers ride."""
    return Priced(
        math.ceil(cost(built.problem, plan).total / UNITS_PER_FEN),
        sum(metres(built.problem, route) for route in plan.routes),
    )


def runs_of(built: Built, plan: Plan) -> tuple[Run, ...]:
    """This will say a plan as runs: what is done at one place in a row is one stop, with the orders it is about."""
    return tuple(_run(built, route) for route in plan.routes if route.visits)


def _run(built: Built, route: Route) -> Run:
    calls = timetable(built.problem, route).calls
    stops = []
    for (act, place), group in groupby(calls, key=lambda call: (call.visit.act, _place(built, call.visit))):
        there = list(group)
        tasks = tuple(task for call in there for task in built.tasks[call.visit.stop])
        kind = StopKind.COLLECT if act is Act.COLLECT else StopKind.DROP
        stops.append(RunStop(kind, place, tasks, built.at(there[0].begins_at), built.at(there[-1].ends_at)))
    return Run(
        courier=built.couriers[route.vehicle],
        stops=tuple(stops),
        distance_m=metres(built.problem, route),
        why="wave",
    )


def _place(built: Built, visit: Visit) -> UUID:
    return built.shops[visit.stop] if visit.act is Act.COLLECT else built.doors[visit.stop]


def only(runs: Sequence[Run], tasks: frozenset[TaskId]) -> tuple[Run, ...]:
    """This will take out of runs what is no longer to be brought; stops and runs for nothing go."""
    kept = []
    for run in runs:
        stops = tuple(
            replace(stop, tasks=left) for stop in run.stops if (left := tuple(t for t in stop.tasks if t in tasks))
        )
        if stops:
            kept.append(replace(run, stops=stops))
    return tuple(kept)
