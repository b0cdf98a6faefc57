"""A heuristic of our own that always serves: the farthest stop first, each where it costs least.

It needs no solver. What no vehicle can reach in time stays out and is named, which `faults` calls unserved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from linli.trade.delivery.rules.waves.plan import Act, Plan, Route, Visit
from linli.trade.delivery.rules.waves.problem import Problem, Stop, Vehicle
from linli.trade.delivery.rules.waves.timetable import timetable, whereabouts


@dataclass(slots=True)
class Tour:
    """A route that is still being made."""

    vehicle: int
    visits: list[Visit] = field(default_factory=list)

    def as_route(self) -> Route:
        """This will give the route as it stands."""
        return Route(self.vehicle, tuple(self.visits))


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a stop could go: before position `deliver` of a tour, its goods collected before position `collect`."""

    added: int
    tour: int
    deliver: int
    collect: int


def simple(problem: Problem) -> Plan:
    """This will plan a wave without any solver, in well under a second for some hundred stops."""
    tours: list[Tour] = []
    hardest_first = by_difficulty(problem, range(len(problem.stops)))
    left_out = [stop for stop in hardest_first if not insert(problem, tours, stop)]
    return Plan(tuple(tour.as_route() for tour in tours if tour.visits), tuple(sorted(left_out)), made_by="simple")


def by_difficulty(problem: Problem, stops: Sequence[int] | range) -> list[int]:
    """This will sort stops by what makes them hard to add late: having to be served, few skills, far away."""
    starts = {vehicle.start for vehicle in problem.vehicles}

    def key(index: int) -> tuple[bool, int, int, int]:
        stop = problem.stops[index]
        away = min((problem.travel[start][stop.place] for start in starts), default=0)
        return stop.price is not None, -len(stop.skills), -away, index

    return sorted(stops, key=key)


def insert(
    problem: Problem, tours: list[Tour], stop: int, *, may_open: bool = True, at_any_price: bool = False
) -> bool:
    """This will put a stop where it costs least, into a tour or a new one; False where it fits nowhere.

    A stop with a price that costs more than that to serve stays out, unless it is put in `at_any_price`. Without
    `may_open` no unused vehicle is taken.
    """
    price = problem.stops[stop].price
    fresh = [Tour(vehicle) for vehicle in _unused_kinds(problem, tours)] if may_open else []
    open_tours = [*tours, *fresh]
    for place in sorted(_places(problem, open_tours, stop)):
        if not at_any_price and price is not None and place.added > price:
            return False
        tour = open_tours[place.tour]
        visits = with_stop(problem, tour.visits, stop, place)
        if fits(problem, Route(tour.vehicle, tuple(visits))):
            tour.visits = visits
            if place.tour >= len(tours):
                tours.append(tour)
            return True
    return False


def with_stop(problem: Problem, visits: Sequence[Visit], stop: int, place: Place) -> list[Visit]:
    """This will give the visits with a stop put in its place."""
    new = [*visits[: place.deliver], Visit(stop), *visits[place.deliver :]]
    if problem.stops[stop].collection is not None:
        new.insert(place.collect, Visit(stop, Act.COLLECT))
    return new


def fits(problem: Problem, route: Route) -> bool:
    """This will tell whether a vehicle can drive a route: load, windows, shift and hours; skills are asked before."""
    vehicle = problem.vehicles[route.vehicle]
    stops = [problem.stops[visit.stop] for visit in route.visits]
    load = sum(s.orders for s, v in zip(stops, route.visits, strict=True) if v.act is Act.DELIVER and not s.collection)
    for stop, visit in zip(stops, route.visits, strict=True):
        if load > vehicle.capacity:
            return False
        load += stop.orders if visit.act is Act.COLLECT else -stop.orders
    timed = timetable(problem, route)
    if timed.back_at > vehicle.shift[1] or any(call.late for call in timed.calls):
        return False
    return vehicle.most_duty is None or timed.duty <= vehicle.most_duty


def _unused_kinds(problem: Problem, tours: Sequence[Tour]) -> list[int]:
    """One vehicle that has no tour yet of every kind; those that differ only in name are of one kind."""
    used = {tour.vehicle for tour in tours}
    first: dict[Vehicle, int] = {}
    for index, vehicle in enumerate(problem.vehicles):
        if index not in used:
            first.setdefault(replace(vehicle, name=""), index)
    return list(first.values())


def _places(problem: Problem, tours: Sequence[Tour], stop: int) -> Iterator[Place]:
    wanted = problem.stops[stop]
    for index, tour in enumerate(tours):
        vehicle = problem.vehicles[tour.vehicle]
        if not wanted.skills <= vehicle.skills:
            continue
        carried = sum(problem.stops[v.stop].orders for v in tour.visits if v.act is Act.DELIVER)
        if wanted.collection is None and carried + wanted.orders > vehicle.capacity and _all_loaded(problem, tour):
            continue
        fixed = 0 if tour.visits else vehicle.fixed_cost - _idle_round(problem, vehicle)
        path = [vehicle.start, *(whereabouts(problem, visit)[0] for visit in tour.visits), vehicle.end]
        yield from (
            Place(fixed + added, index, deliver, collect) for added, deliver, collect in _gaps(problem, path, wanted)
        )


def _all_loaded(problem: Problem, tour: Tour) -> bool:
    return all(problem.stops[visit.stop].collection is None for visit in tour.visits)


def _idle_round(problem: Problem, vehicle: Vehicle) -> int:
    """What a vehicle that stays at home does not pay: the way from its start straight to its end."""
    return _way(problem, vehicle.start, vehicle.end)


def _way(problem: Problem, start: int, end: int) -> int:
    return problem.arc(start, end) + problem.rates.duty_tick * problem.travel[start][end]


def _gaps(problem: Problem, path: Sequence[int], stop: Stop) -> Iterator[tuple[int, int, int]]:
    """What it adds to put a stop into every gap of a path (and its collection into an earlier or the same one)."""
    duty = problem.rates.duty_tick
    handing = duty * stop.service
    to = stop.place
    for gap in range(len(path) - 1):
        before, after = path[gap], path[gap + 1]
        here = _way(problem, before, to) + _way(problem, to, after) - _way(problem, before, after) + handing
        if stop.collection is None:
            yield here, gap, gap
            continue
        shop, taking = stop.collection.place, duty * stop.collection.service
        together = _way(problem, before, shop) + _way(problem, shop, to) + _way(problem, to, after)
        yield together - _way(problem, before, after) + handing + taking, gap, gap
        for sooner in range(gap):
            one, two = path[sooner], path[sooner + 1]
            there = _way(problem, one, shop) + _way(problem, shop, two) - _way(problem, one, two) + taking
            yield here + there, gap, sooner
