"""What is kept of a planned wave: its plan in names that outlive it, and why it is so, in fen and instants."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from linli.kernel.ids import TaskId
from linli.trade.delivery.rules.wave_building import Built
from linli.trade.delivery.rules.waves import (
    TICKS_PER_MIN,
    UNITS_PER_FEN,
    Act,
    Instead,
    Plan,
    Route,
    StopReason,
    Visit,
    explain,
)

MOST_EXPLAINED = 200
"""Stops whose place in the plan is explained one by one; beyond, only what each run carries and costs."""


def kept(built: Built, plan: Plan) -> dict[str, Any]:
    """This will say a plan in the names of stops and vehicles, by which another wave of the slot knows them again."""
    stops, vehicles = built.problem.stops, built.problem.vehicles
    return {
        "made_by": plan.made_by,
        "iterations": plan.iterations,
        "zero_at": built.zero_at.isoformat(),
        "left_out": [stops[stop].name for stop in plan.left_out],
        "routes": [
            {
                "vehicle": vehicles[route.vehicle].name,
                "visits": [[stops[visit.stop].name, visit.act.value] for visit in route.visits],
            }
            for route in plan.routes
        ],
    }


def recalled(built: Built, record: dict[str, Any]) -> Plan:
    """This will say a kept plan in the numbers of a wave built later; what is not there any more is left away."""
    stop_of = {stop.name: n for n, stop in enumerate(built.problem.stops)}
    vehicle_of = {vehicle.name: n for n, vehicle in enumerate(built.problem.vehicles)}
    routes = []
    for route in record.get("routes", []):
        visits = tuple(Visit(stop_of[name], Act(act)) for name, act in route["visits"] if name in stop_of)
        if visits and route["vehicle"] in vehicle_of:
            routes.append(Route(vehicle_of[route["vehicle"]], visits))
    return Plan(tuple(routes), made_by=str(record.get("made_by", "")))


def reasons(built: Built, plan: Plan, unserved: Collection[int]) -> dict[str, Any]:
    """This will tell why each run of a plan is as it is, and which orders nobody reaches in time."""
    missed: list[TaskId] = [task for stop in sorted(unserved) for task in built.tasks[stop]]
    in_full = len(built.problem.stops) <= MOST_EXPLAINED
    return {
        "unserved": [str(task) for task in missed],
        "runs": [_run(built, plan, route.vehicle, in_full=in_full) for route in plan.routes if route.visits],
    }


def _run(built: Built, plan: Plan, vehicle: int, *, in_full: bool) -> dict[str, Any]:
    why = explain(built.problem, plan if in_full else _alone(plan, vehicle), vehicle=vehicle)
    person = built.couriers[vehicle]
    return {
        "courier": str(person) if person else None,
        "orders": sum(len(built.tasks[stop.stop]) for stop in why.stops),
        "portions": why.orders,
        "capacity": why.capacity,
        "leaves_at": built.at(why.leaves_at).isoformat(),
        "back_at": built.at(why.back_at).isoformat(),
        "waiting_min": why.waiting // TICKS_PER_MIN,
        "fixed_fen": why.cost.fixed // UNITS_PER_FEN,
        "distance_fen": why.cost.distance // UNITS_PER_FEN,
        "duty_fen": why.cost.duty // UNITS_PER_FEN,
        "fen": why.cost.total // UNITS_PER_FEN,
        "stops": [_stop(built, stop, in_full=in_full) for stop in why.stops],
    }


def _alone(plan: Plan, vehicle: int) -> Plan:
    return Plan(tuple(route for route in plan.routes if route.vehicle == vehicle))


def _stop(built: Built, why: StopReason, *, in_full: bool) -> dict[str, Any]:
    stop = built.problem.stops[why.stop]
    return {
        "door": str(built.doors[why.stop]),
        "shop": str(built.shops[why.stop]),
        "community": stop.district,
        "orders": len(built.tasks[why.stop]),
        "at": built.at(why.begins_at).isoformat(),
        "spare_min": why.spare // TICKS_PER_MIN,
        "costs_fen": why.costs // UNITS_PER_FEN,
        "later_fen": None if why.later_costs is None else why.later_costs // UNITS_PER_FEN,
        **(_instead(built, why.instead) if in_full else {}),
    }


def _instead(built: Built, instead: Instead) -> dict[str, Any]:
    if instead.vehicle is None or instead.dearer_by is None:
        return {"instead": None, "dearer_fen": None}
    return {
        "instead": str(built.couriers[instead.vehicle] or built.problem.vehicles[instead.vehicle].name),
        "dearer_fen": instead.dearer_by // UNITS_PER_FEN,
    }
