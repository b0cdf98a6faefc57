"""What a plan costs, and of which parts."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from linli.trade.delivery.rules.waves.plan import Plan, Route
from linli.trade.delivery.rules.waves.problem import Problem
from linli.trade.delivery.rules.waves.timetable import timetable, whereabouts


@dataclass(frozen=True, slots=True)
class Cost:
    """The parts of a plan's cost, in the problem's units."""

    fixed: int = 0
    travel: int = 0
    distance: int = 0
    duty: int = 0
    left_out: int = 0

    @property
    def total(self) -> int:
        """What is minimised."""
        return self.fixed + self.travel + self.distance + self.duty + self.left_out

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.fixed + other.fixed,
            self.travel + other.travel,
            self.distance + other.distance,
            self.duty + other.duty,
            self.left_out + other.left_out,
        )


def cost(problem: Problem, plan: Plan) -> Cost:
    """This will price a plan: its vehicles, the ways between stops, duty, and the prices of what is left out."""
    prices = sum(problem.stops[stop].price or 0 for stop in plan.left_out)
    return sum((route_cost(problem, route) for route in plan.routes if route.visits), Cost(left_out=prices))


def route_cost(problem: Problem, route: Route) -> Cost:
    """This will price one route that leaves the vehicle's start."""
    vehicle, timed = problem.vehicles[route.vehicle], timetable(problem, route)
    return Cost(
        fixed=vehicle.fixed_cost,
        travel=problem.rates.travel_tick * timed.travel,
        distance=problem.rates.metre * metres(problem, route),
        duty=problem.rates.duty_tick * timed.duty,
    )


def metres(problem: Problem, route: Route) -> int:
    """This will measure a route from start to end; 0 where the problem has no distances."""
    if problem.distance_m is None:
        return 0
    vehicle = problem.vehicles[route.vehicle]
    places = [vehicle.start, *(whereabouts(problem, visit)[0] for visit in route.visits), vehicle.end]
    return sum(problem.distance_m[a][b] for a, b in itertools.pairwise(places))
