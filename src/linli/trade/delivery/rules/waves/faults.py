"""The independent validator: what is wrong with a plan, worked out from the problem alone.

It shares no code with the solvers, with `simple` or with the timetable, so that a mistake of theirs is not its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from linli.trade.delivery.rules.waves.plan import Act, Plan, Route
from linli.trade.delivery.rules.waves.problem import Problem


class Wrong(StrEnum):
    """What can be wrong. A plan that only leaves stops `UNSERVED` can be driven; any other must not be."""

    UNKNOWN = "unknown"  # a stop or vehicle that the problem does not have
    FLEET = "fleet"  # a vehicle with two routes
    UNSERVED = "unserved"  # a stop that must be served, and is not
    REPEATED = "repeated"  # a stop served or collected twice
    UNCOLLECTED = "uncollected"  # goods handed over before they were fetched, by somebody else, or fetched for nobody
    OVERLOADED = "overloaded"
    UNREADY = "unready"  # left before the goods were there
    LATE = "late"  # service begins after the window
    SHIFT = "shift"  # left before the shift began or back after it ended
    HOURS = "hours"  # longer on duty than the driver may be
    SKILL = "skill"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `stop` and `vehicle` are indexes, `by` tells by how many ticks or orders."""

    wrong: Wrong
    stop: int | None = None
    vehicle: int | None = None
    by: int = 0


def faults(problem: Problem, plan: Plan) -> tuple[Fault, ...]:
    """This will name everything that is wrong with a plan; an empty answer means that it can be driven as it is."""
    unknown = tuple(_unknown(problem, plan))
    if unknown:
        return unknown
    found = list(_miscounted(problem, plan))
    for route in plan.routes:
        found += _badly_loaded(problem, route)
        found += _badly_timed(problem, route)
    return tuple(found)


def is_drivable(problem: Problem, plan: Plan) -> bool:
    """This will tell whether couriers can be sent out with the plan, though it may not reach everybody."""
    return all(fault.wrong is Wrong.UNSERVED for fault in faults(problem, plan))


def _unknown(problem: Problem, plan: Plan) -> Iterator[Fault]:
    known = range(len(problem.stops))
    for route in plan.routes:
        if route.vehicle not in range(len(problem.vehicles)):
            yield Fault(Wrong.UNKNOWN, vehicle=route.vehicle)
        for visit in route.visits:
            if visit.stop not in known or (visit.act is Act.COLLECT and problem.stops[visit.stop].collection is None):
                yield Fault(Wrong.UNKNOWN, stop=visit.stop, vehicle=route.vehicle)
    for stop in plan.left_out:
        if stop not in known:
            yield Fault(Wrong.UNKNOWN, stop=stop)


def _miscounted(problem: Problem, plan: Plan) -> Iterator[Fault]:
    used = Counter(route.vehicle for route in plan.routes if route.visits)
    yield from (Fault(Wrong.FLEET, vehicle=vehicle, by=n - 1) for vehicle, n in used.items() if n > 1)
    done = Counter(visit for route in plan.routes for visit in route.visits)
    yield from (Fault(Wrong.REPEATED, stop=visit.stop, by=n - 1) for visit, n in done.items() if n > 1)
    served = {visit.stop for visit in done if visit.act is Act.DELIVER}
    for index, stop in enumerate(problem.stops):
        if index not in served and stop.price is None:
            yield Fault(Wrong.UNSERVED, stop=index, by=stop.orders)
        if index in served and index in plan.left_out:
            yield Fault(Wrong.REPEATED, stop=index)
        if index not in served and stop.price is not None and index not in plan.left_out:
            yield Fault(Wrong.UNSERVED, stop=index, by=stop.orders)


def _badly_loaded(problem: Problem, route: Route) -> Iterator[Fault]:
    vehicle = problem.vehicles[route.vehicle]
    delivered = [problem.stops[v.stop] for v in route.visits if v.act is Act.DELIVER]
    load = sum(stop.orders for stop in delivered if stop.collection is None)
    if load > vehicle.capacity:
        yield Fault(Wrong.OVERLOADED, vehicle=route.vehicle, by=load - vehicle.capacity)
    aboard: set[int] = set()
    for visit in route.visits:
        stop = problem.stops[visit.stop]
        if not stop.skills <= vehicle.skills:
            yield Fault(Wrong.SKILL, stop=visit.stop, vehicle=route.vehicle)
        if visit.act is Act.COLLECT:
            aboard.add(visit.stop)
            load += stop.orders
            if load > vehicle.capacity:
                yield Fault(Wrong.OVERLOADED, stop=visit.stop, vehicle=route.vehicle, by=load - vehicle.capacity)
            continue
        if stop.collection is not None:
            if visit.stop not in aboard:
                yield Fault(Wrong.UNCOLLECTED, stop=visit.stop, vehicle=route.vehicle)
            aboard.discard(visit.stop)
        load -= stop.orders
    yield from (Fault(Wrong.UNCOLLECTED, stop=stop, vehicle=route.vehicle) for stop in sorted(aboard))


def _badly_timed(problem: Problem, route: Route) -> Iterator[Fault]:
    if not route.visits:
        return
    vehicle = problem.vehicles[route.vehicle]
    loaded = [problem.stops[v.stop] for v in route.visits if v.act is Act.DELIVER]
    ready = max((stop.ready_at for stop in loaded if stop.collection is None), default=0)
    leaves = max(ready, vehicle.shift[0]) if route.leaves_at is None else route.leaves_at
    if leaves < ready:
        yield Fault(Wrong.UNREADY, vehicle=route.vehicle, by=ready - leaves)
    if leaves < vehicle.shift[0]:
        yield Fault(Wrong.SHIFT, vehicle=route.vehicle, by=vehicle.shift[0] - leaves)
    clock, here = leaves, vehicle.start
    slack, waited = None, 0
    for visit in route.visits:
        stop = problem.stops[visit.stop]
        there, opens, service = stop.place, stop.window[0], stop.service
        if visit.act is Act.COLLECT and stop.collection is not None:
            there, opens, service = stop.collection.place, stop.collection.ready_at, stop.collection.service
        clock += problem.travel[here][there]
        if clock < opens:
            waited, clock = waited + opens - clock, opens
        if clock > stop.window[1]:
            yield Fault(Wrong.LATE, stop=visit.stop, vehicle=route.vehicle, by=clock - stop.window[1])
        room = max(0, stop.window[1] - clock) + waited
        slack = room if slack is None else min(slack, room)
        clock, here = clock + service, there
    clock += problem.travel[here][vehicle.end]
    if clock > vehicle.shift[1]:
        yield Fault(Wrong.SHIFT, vehicle=route.vehicle, by=clock - vehicle.shift[1])
    if route.leaves_at is None:  # it may leave later by what it would wait, as far as the windows let it
        leaves += min(waited, slack or 0)
    if vehicle.most_duty is not None and clock - leaves > vehicle.most_duty:
        yield Fault(Wrong.HOURS, vehicle=route.vehicle, by=clock - leaves - vehicle.most_duty)
