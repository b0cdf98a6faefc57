"""Parts of a wave: the routes of a region to be improved by themselves, and districts that are planned apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from linli.trade.delivery.rules.waves.plan import Plan, Route, Visit
from linli.trade.delivery.rules.waves.problem import Problem


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a problem as a problem of its own: its n-th stop and vehicle are `stops[n]` and `vehicles[n]` there."""

    problem: Problem
    stops: tuple[int, ...]
    vehicles: tuple[int, ...]
    plan: Plan = field(default_factory=Plan)

    def put_back(self, whole: Plan, planned: Plan) -> Plan:
        """This will give the whole plan with the routes of this part replaced."""
        others = tuple(route for route in whole.routes if route.vehicle not in self.vehicles)
        own = {*self.stops}
        left_out = [stop for stop in whole.left_out if stop not in own]
        left_out += [self.stops[stop] for stop in planned.left_out]
        return replace(whole, routes=others + self.routes_of(planned), left_out=tuple(sorted(left_out)))

    def of_whole(self, planned: Plan, stops: int) -> Plan:
        """This will say a plan of this part as one of the whole, of so many stops, which leaves out all others."""
        missed = {*range(stops)} - {self.stops[stop] for route in planned.routes for stop in route.stops}
        return replace(planned, routes=self.routes_of(planned), left_out=tuple(sorted(missed)))

    def routes_of(self, planned: Plan) -> tuple[Route, ...]:
        """This will say the routes of a plan of this part in the words of the whole."""
        return tuple(
            Route(
                self.vehicles[route.vehicle],
                tuple(Visit(self.stops[visit.stop], visit.act) for visit in route.visits),
                route.leaves_at,
            )
            for route in planned.routes
        )


def a_part(problem: Problem, stops: Sequence[int], vehicles: Sequence[int]) -> Part:
    """This will make a problem of some stops and vehicles of a problem."""
    smaller = replace(
        problem,
        stops=tuple(problem.stops[stop] for stop in stops),
        vehicles=tuple(problem.vehicles[vehicle] for vehicle in vehicles),
    )
    return Part(smaller, tuple(stops), tuple(vehicles))


def part_of(problem: Problem, plan: Plan, routes: Sequence[int]) -> Part:
    """This will make a problem of some routes of a plan, with their part of the plan."""
    chosen = [plan.routes[route] for route in routes]
    part = a_part(problem, [stop for route in chosen for stop in route.stops], [route.vehicle for route in chosen])
    index = {stop: n for n, stop in enumerate(part.stops)}
    own = tuple(
        Route(n, tuple(Visit(index[visit.stop], visit.act) for visit in route.visits)) for n, route in enumerate(chosen)
    )
    return replace(part, plan=Plan(own))


def region(problem: Problem, plan: Plan, seed_route: int, most_stops: int) -> tuple[int, ...]:
    """This will choose the routes around one of a plan, the nearest first, of at most so many stops together.

    How near a route is to another is the mean way from the nearest third of its doors to the other's nearest door.
    """
    home = [problem.stops[stop].place for stop in plan.routes[seed_route].stops]

    def away(route: Route) -> float:
        ways = sorted(min(problem.travel[problem.stops[stop].place][to] for to in home) for stop in route.stops)
        near = ways[: max(3, len(ways) // 3)]
        return sum(near) / max(1, len(near))

    by_nearness = sorted(range(len(plan.routes)), key=lambda n: (n != seed_route, away(plan.routes[n]), n))
    chosen: list[int] = []
    stops = 0
    for route in by_nearness:
        stops += len(plan.routes[route].stops)
        if chosen and stops > most_stops:
            break
        chosen.append(route)
    return tuple(chosen)
