"""Waves and plans as JSON files, and what a plan is worth: the formats that other planners read and write, too.

A wave: `name`, `unit` (1/100 minute), `capacity` (orders a vehicle), `fixed_cost_per_vehicle`, `max_vehicles`,
`best_known` (the least cost anybody found, or null) and, with index 0 for the hub, `xy` (metres), `demand` (orders),
`tw` (service starts within), `service` and `matrix` (travel). A plan: `{"routes": [[stop, ...], ...]}`, every
route from the hub and back. Its cost is the fixed cost of each vehicle that leaves, and travel.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from linli.trade.delivery.rules.waves import Plan, Problem, Rates, Stop, Vehicle, cost, faults

Shape = TypeVar("Shape")


class NotAWave(Exception):
    """The file is no wave or no plan; the words say what is wrong."""


class WaveFile(msgspec.Struct):
    """A wave as it stands in a file."""

    name: str
    capacity: int
    fixed_cost_per_vehicle: int
    max_vehicles: int
    xy: list[tuple[float, float]]
    demand: list[int]
    tw: list[tuple[int, int]]
    service: list[int]
    matrix: list[list[int]]
    unit: str = "1/100 minute"
    best_known: int | None = None


class PlanFile(msgspec.Struct):
    """A plan as it stands in a file; everything but the routes is said for whoever reads it."""

    routes: list[list[int]]
    made_by: str = ""
    seed: int = 0
    iterations: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """What a plan is worth: `gap_pct` is how much dearer it is than the best known plan, where one is known."""

    feasible: bool
    errors: tuple[str, ...]
    vehicles: int
    cost: int
    gap_pct: float | None


def read_wave(path: Path) -> WaveFile:
    """This will read a wave, or raise `NotAWave`."""
    wave = _read(path, WaveFile)
    if len({len(wave.xy), len(wave.demand), len(wave.tw), len(wave.service), len(wave.matrix)}) != 1:
        raise NotAWave(f"{path}: its lists have different lengths")
    return wave


def read_plan(path: Path) -> PlanFile:
    """This will read a plan, or raise `NotAWave`."""
    return _read(path, PlanFile)


def _read(path: Path, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(path.read_bytes(), type=shape)
    except (OSError, msgspec.MsgspecError) as reason:
        raise NotAWave(f"{path}: {reason}") from None


def problem_of(wave: WaveFile) -> Problem:
    """This will say a wave of a file as a problem: stop n of the file is stop n - 1 of the problem."""
    lists = zip(wave.demand, wave.tw, wave.service, strict=True)
    stops = [
        Stop(place=place, orders=orders, window=window, service=service)
        for place, (orders, window, service) in enumerate(lists)
    ]
    trike = Vehicle(start=0, end=0, capacity=wave.capacity, shift=wave.tw[0], fixed_cost=wave.fixed_cost_per_vehicle)
    try:
        return Problem(
            stops=tuple(stops[1:]),
            vehicles=(trike,) * wave.max_vehicles,
            travel=wave.matrix,
            rates=Rates(travel_tick=1),
        )
    except ValueError as reason:
        raise NotAWave(f"{wave.name}: {reason}") from None


def file_of(plan: Plan) -> PlanFile:
    """This will say a plan as a file."""
    routes = [[stop + 1 for stop in route.stops] for route in plan.routes]
    return PlanFile(routes=routes, made_by=plan.made_by, seed=plan.seed, iterations=plan.iterations)


def score(wave: WaveFile, plan: PlanFile) -> Score:
    """This will validate and price a plan."""
    problem = problem_of(wave)
    routes = [[stop - 1 for stop in row] for row in plan.routes if row]
    kept = Plan.of_stops(routes)
    found = faults(problem, kept)
    errors = tuple(
        f"{fault.wrong}: vehicle {fault.vehicle}, stop {None if fault.stop is None else fault.stop + 1}, by {fault.by}"
        for fault in found
    )
    known = all(stop in range(len(problem.stops)) for row in routes for stop in row)
    worth = cost(problem, kept).total if known and len(routes) <= len(problem.vehicles) else 0
    gap = round(100 * (worth / wave.best_known - 1), 3) if wave.best_known and worth else None
    return Score(not errors, errors[:5], len(routes), worth, gap)
