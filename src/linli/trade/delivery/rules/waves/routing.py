"""A wave in PyVRP's words, and a plan back in ours. Nothing else in the house knows those words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linli.trade.delivery.rules.waves.plan import Act, Plan, Route, Visit
from linli.trade.delivery.rules.waves.problem import Problem, Stop, Vehicle

if TYPE_CHECKING:
    from typing import Any

    import pyvrp
    from numpy import dtype, int64, ndarray

    Whole = ndarray[Any, dtype[int64]]

FORBIDDEN = 10**9
"""The distance to a door that a vehicle has not the skills for: farther than any of its routes may be."""
FARTHEST = FORBIDDEN - 1


@dataclass(frozen=True, slots=True)
class Translated:
    """A problem as PyVRP reads it, and which of our stops and vehicles its numbers mean."""

    data: pyvrp.ProblemData
    clients: tuple[int, ...]
    shipments: tuple[int, ...]
    fleets: tuple[tuple[int, ...], ...]

    def plan(self, solution: pyvrp.Solution) -> Plan:
        """This will read a solution as a plan; vehicles of one kind are taken in their order."""
        waiting = [list(reversed(fleet)) for fleet in self.fleets]
        routes = []
        for route in solution.routes():
            visits = tuple(self._visit(each) for each in route if not each.is_depot())
            if visits:
                routes.append(Route(waiting[route.vehicle_type()].pop(), visits))
        served = {visit.stop for route in routes for visit in route.visits}
        left_out = sorted({*self.clients, *self.shipments} - served)
        return Plan(tuple(routes), tuple(left_out))

    def solution(self, plan: Plan) -> pyvrp.Solution:
        """This will say a plan in PyVRP's words, as a start for its search."""
        import pyvrp

        kind_of = {vehicle: kind for kind, fleet in enumerate(self.fleets) for vehicle in fleet}
        client_of = {stop: n for n, stop in enumerate(self.clients)}
        shipment_of = {stop: n for n, stop in enumerate(self.shipments)}

        def activity(visit: Visit) -> pyvrp.Activity:
            if visit.stop in client_of:
                return pyvrp.Activity(pyvrp.ActivityType.CLIENT, client_of[visit.stop])
            kind = pyvrp.ActivityType.PICKUP if visit.act is Act.COLLECT else pyvrp.ActivityType.DELIVERY
            return pyvrp.Activity(kind, shipment_of[visit.stop])

        return pyvrp.Solution(
            self.data,
            [
                pyvrp.Route(self.data, [activity(visit) for visit in route.visits], kind_of[route.vehicle])
                for route in plan.routes
                if route.visits
            ],
        )

    def _visit(self, activity: pyvrp.Activity) -> Visit:
        if activity.is_client():
            return Visit(self.clients[activity.idx])
        return Visit(self.shipments[activity.idx], Act.COLLECT if activity.is_pickup() else Act.DELIVER)


def translated(problem: Problem, *, most_vehicles: int | None = None, all_optional: int | None = None) -> Translated:
    """This will say a problem in PyVRP's words.

    `most_vehicles` limits the vehicles of each kind. `all_optional` gives every stop that must be served this price
    instead, so that a search comes to something where not everybody can be reached.
    """
    import pyvrp

    kinds = _kinds(problem.vehicles)
    depots = sorted({place for vehicle, _ in kinds for place in (vehicle.start, vehicle.end)})
    places = [*depots, *(stop.place for stop in problem.stops)]
    clients = tuple(n for n, stop in enumerate(problem.stops) if stop.collection is None)
    shipments = tuple(n for n, stop in enumerate(problem.stops) if stop.collection is not None)
    shops = [collection.place for n in shipments if (collection := problem.stops[n].collection) is not None]
    door = {n: len(depots) + n for n in range(len(problem.stops))}
    shop = {n: len(depots) + len(problem.stops) + k for k, n in enumerate(shipments)}
    kit = tuple(dict.fromkeys(vehicle.skills for vehicle, _ in kinds))
    travel, arcs = _matrices(problem, [*places, *shops])
    needs = {door[n]: stop.skills for n, stop in enumerate(problem.stops) if stop.skills}
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in [*places, *shops]],
        clients=[_client(problem.stops[n], door[n], all_optional) for n in clients],
        depots=[pyvrp.Depot(location) for location in range(len(depots))],
        vehicle_types=[
            _vehicle_type(problem, vehicle, min(len(fleet), most_vehicles or len(fleet)), depots, kit)
            for vehicle, fleet in kinds
        ],
        distance_matrices=[_with_forbidden(arcs, needs, skills) for skills in kit],
        duration_matrices=[travel for _ in kit],
        shipments=[_shipment(problem.stops[n], shop[n], door[n], all_optional) for n in shipments],
    )
    return Translated(data, clients, shipments, tuple(fleet for _, fleet in kinds))


def _kinds(vehicles: Sequence[Vehicle]) -> list[tuple[Vehicle, tuple[int, ...]]]:
    fleets: dict[Vehicle, list[int]] = {}
    for index, vehicle in enumerate(vehicles):
        fleets.setdefault(replace(vehicle, name=""), []).append(index)
    return [(vehicle, tuple(fleet)) for vehicle, fleet in fleets.items()]


def _matrices(problem: Problem, places: Sequence[int]) -> tuple[Whole, Whole]:
    """Travel in ticks and the price of each way in units, with a row for every location."""
    import numpy

    here = numpy.asarray(places)
    travel = numpy.asarray(problem.travel, dtype=numpy.int64)[numpy.ix_(here, here)]
    arcs = problem.rates.travel_tick * travel
    if problem.distance_m is not None and problem.rates.metre:
        metres = numpy.asarray(problem.distance_m, dtype=numpy.int64)[numpy.ix_(here, here)]
        arcs = arcs + problem.rates.metre * metres
    for matrix in (travel, arcs):
        numpy.fill_diagonal(matrix, 0)
    return travel, arcs


def _with_forbidden(arcs: Whole, needs: dict[int, frozenset[str]], skills: frozenset[str]) -> Whole:
    forbidden = [location for location, needed in needs.items() if not needed <= skills]
    if not forbidden:
        return arcs
    marked = arcs.copy()
    marked[forbidden, :] = FORBIDDEN
    marked[:, forbidden] = FORBIDDEN
    marked[forbidden, forbidden] = 0
    return marked


def _client(stop: Stop, location: int, all_optional: int | None) -> pyvrp.Client:
    import pyvrp

    price = all_optional if stop.price is None else stop.price
    return pyvrp.Client(
        location,
        delivery=[stop.orders],
        service_duration=stop.service,
        tw_early=stop.window[0],
        tw_late=stop.window[1],
        release_time=stop.ready_at,
        prize=price or 0,
        required=price is None,
    )


def _shipment(stop: Stop, shop: int, door: int, all_optional: int | None) -> pyvrp.Shipment:
    import pyvrp

    collection = stop.collection
    if collection is None:
        raise ValueError("a stop without a collection is no shipment")
    price = all_optional if stop.price is None else stop.price
    return pyvrp.Shipment(
        shop,
        door,
        pickup_tw_early=collection.ready_at,
        pickup_tw_late=max(stop.window[1], collection.ready_at),
        pickup_service_duration=collection.service,
        delivery_tw_early=stop.window[0],
        delivery_tw_late=stop.window[1],
        delivery_service_duration=stop.service,
        amount=[stop.orders],
        prize=price or 0,
        required=price is None,
    )


def _vehicle_type(
    problem: Problem, vehicle: Vehicle, available: int, depots: Sequence[int], kit: Sequence[frozenset[str]]
) -> pyvrp.VehicleType:
    import pyvrp

    kind = pyvrp.VehicleType(
        available,
        capacity=[vehicle.capacity],
        start_depot=depots.index(vehicle.start),
        end_depot=depots.index(vehicle.end),
        fixed_cost=vehicle.fixed_cost,
        tw_early=vehicle.shift[0],
        tw_late=vehicle.shift[1],
        unit_distance_cost=1,
        unit_duration_cost=problem.rates.duty_tick,
        profile=kit.index(vehicle.skills),
    )
    far = kind.replace(max_distance=FARTHEST) if len(kit) > 1 else kind
    return far if vehicle.most_duty is None else far.replace(shift_duration=vehicle.most_duty)
