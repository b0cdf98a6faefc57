"""Why a plan is as it is: why this courier, this order of stops, this cost. As values; faces find the words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from linli.trade.delivery.rules.waves.costing import Cost, route_cost
from linli.trade.delivery.rules.waves.plan import Act, Plan, Route
from linli.trade.delivery.rules.waves.problem import Problem
from linli.trade.delivery.rules.waves.simple import Tour, fits, insert
from linli.trade.delivery.rules.waves.timetable import timetable


@dataclass(frozen=True, slots=True)
class Instead:
    """The cheapest other courier for a stop: `dearer_by` units in all; None of both where nobody else can bring it."""

    vehicle: int | None
    dearer_by: int | None


@dataclass(frozen=True, slots=True)
class StopReason:
    """Why a stop is where it is in its route. All in ticks and units.

    `costs` is what the route would save without it. `later_costs` is what it would cost more to serve it after the
    next one; None where it is the last or somebody would then be served too late. `spare` is the time until its window
    closes when service begins.
    """

    stop: int
    arrives_at: int
    begins_at: int
    spare: int
    costs: int
    later_costs: int | None
    instead: Instead


@dataclass(frozen=True, slots=True)
class RouteReason:
    """What a route carries and costs, of which parts, and why each of its stops is there."""

    vehicle: int
    orders: int
    capacity: int
    leaves_at: int
    back_at: int
    waiting: int
    cost: Cost
    stops: tuple[StopReason, ...]


def explain(problem: Problem, plan: Plan, *, vehicle: int) -> RouteReason:
    """This will tell why the route of a vehicle is as it is; KeyError where it has none."""
    route = next((route for route in plan.routes if route.vehicle == vehicle and route.visits), None)
    if route is None:
        raise KeyError(vehicle)
    timed = timetable(problem, route)
    calls = {call.visit.stop: call for call in timed.calls if call.visit.act is Act.DELIVER}
    whole = route_cost(problem, route)
    return RouteReason(
        vehicle=vehicle,
        orders=sum(problem.stops[stop].orders for stop in route.stops),
        capacity=problem.vehicles[vehicle].capacity,
        leaves_at=timed.leaves_at,
        back_at=timed.back_at,
        waiting=timed.waiting,
        cost=whole,
        stops=tuple(
            StopReason(
                stop=stop,
                arrives_at=calls[stop].arrives_at,
                begins_at=calls[stop].begins_at,
                spare=calls[stop].closes_at - calls[stop].begins_at,
                costs=(saved := whole.total - _cost_without(problem, route, stop)),
                later_costs=_later_costs(problem, route, stop),
                instead=_instead(problem, plan, route, stop, saved),
            )
            for stop in route.stops
        ),
    )


def _without(route: Route, stop: int) -> Route:
    return replace(route, visits=tuple(visit for visit in route.visits if visit.stop != stop))


def _cost_without(problem: Problem, route: Route, stop: int) -> int:
    rest = _without(route, stop)
    return route_cost(problem, rest).total if rest.visits else 0


def _later_costs(problem: Problem, route: Route, stop: int) -> int | None:
    visits = list(route.visits)
    at = next(n for n, visit in enumerate(visits) if visit.stop == stop and visit.act is Act.DELIVER)
    if at + 1 == len(visits) or visits[at + 1].act is Act.COLLECT:
        return None
    visits[at], visits[at + 1] = visits[at + 1], visits[at]
    swapped = replace(route, visits=tuple(visits))
    if not fits(problem, swapped):
        return None
    return route_cost(problem, swapped).total - route_cost(problem, route).total


def _instead(problem: Problem, plan: Plan, own: Route, stop: int, saved: int) -> Instead:
    offers = []
    for other in plan.routes:
        tour = Tour(other.vehicle, list(other.visits))
        if other.vehicle != own.vehicle and insert(problem, [tour], stop, may_open=False, at_any_price=True):
            added = route_cost(problem, tour.as_route()).total - route_cost(problem, other).total
            offers.append((added - saved, other.vehicle))
    if not offers:
        return Instead(None, None)
    dearer_by, vehicle = min(offers)
    return Instead(vehicle, dearer_by)
