"""When a vehicle is where: the one schedule that a route stands for."""

from __future__ import annotations

from dataclasses import dataclass

from linli.trade.delivery.rules.waves.plan import Act, Route, Visit
from linli.trade.delivery.rules.waves.problem import Problem


@dataclass(frozen=True, slots=True)
class Call:
    """One visit in time: the vehicle arrives, waits until service may begin, and goes on. All in ticks."""

    visit: Visit
    arrives_at: int
    begins_at: int
    ends_at: int
    closes_at: int

    @property
    def late(self) -> int:
        """Ticks by which service begins after its window."""
        return max(0, self.begins_at - self.closes_at)


@dataclass(frozen=True, slots=True)
class Timetable:
    """A route in time, from leaving its start to being back at its end."""

    leaves_at: int
    calls: tuple[Call, ...]
    back_at: int
    travel: int

    @property
    def duty(self) -> int:
        """Ticks between leaving and being back."""
        return self.back_at - self.leaves_at

    @property
    def waiting(self) -> int:
        """Ticks spent before doors that are not open yet."""
        return sum(call.begins_at - call.arrives_at for call in self.calls)


def timetable(problem: Problem, route: Route) -> Timetable:
    """This will time a route. A route without `leaves_at` leaves as late as it may without being back any later."""
    if route.leaves_at is not None:
        return _timed(problem, route, route.leaves_at)
    first = _timed(problem, route, earliest_leave(problem, route))
    later = _harmless_delay(first)
    return _timed(problem, route, first.leaves_at + later) if later else first


def earliest_leave(problem: Problem, route: Route) -> int:
    """This will tell when a vehicle may leave: its shift has begun and all it carries from its start is there."""
    loaded = (problem.stops[v.stop] for v in route.visits if v.act is Act.DELIVER)
    ready = (stop.ready_at for stop in loaded if stop.collection is None)
    return max([problem.vehicles[route.vehicle].shift[0], *ready])


def whereabouts(problem: Problem, visit: Visit) -> tuple[int, int, int, int]:
    """This will tell of a visit its place, the first and the last tick at which service may begin, and how long."""
    stop = problem.stops[visit.stop]
    if visit.act is Act.DELIVER:
        return stop.place, stop.window[0], stop.window[1], stop.service
    if stop.collection is None:
        raise ValueError(f"stop {visit.stop} has nothing to be collected")
    return stop.collection.place, stop.collection.ready_at, stop.window[1], stop.collection.service


def _timed(problem: Problem, route: Route, leaves_at: int) -> Timetable:
    vehicle = problem.vehicles[route.vehicle]
    at, place, travel, calls = leaves_at, vehicle.start, 0, []
    for visit in route.visits:
        to, opens_at, closes_at, service = whereabouts(problem, visit)
        way = problem.travel[place][to]
        arrives_at = at + way
        begins_at = max(arrives_at, opens_at)
        at, place, travel = begins_at + service, to, travel + way
        calls.append(Call(visit, arrives_at, begins_at, at, closes_at))
    way = problem.travel[place][vehicle.end]
    return Timetable(leaves_at, tuple(calls), at + way, travel + way)


def _harmless_delay(timed: Timetable) -> int:
    """How much later it can leave: up to all its waiting, while nobody on the way is served too late for it."""
    waited, spare = 0, timed.back_at
    for call in timed.calls:
        waited += call.begins_at - call.arrives_at
        spare = min(spare, max(0, call.closes_at - call.begins_at) + waited)
    return min(waited, spare)
