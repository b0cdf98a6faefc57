"""Planning a wave again after a cancellation or a late order: quickly, and with nearly everybody's courier kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from linli.trade.delivery.rules.waves.clock import CpuBudget
from linli.trade.delivery.rules.waves.faults import is_drivable
from linli.trade.delivery.rules.waves.plan import Plan, Route, Visit
from linli.trade.delivery.rules.waves.problem import Problem, Stop
from linli.trade.delivery.rules.waves.regions import Part, part_of, region
from linli.trade.delivery.rules.waves.simple import Tour, by_difficulty, insert
from linli.trade.delivery.rules.waves.solving import merit

MOST_MOVED = 0.10
"""The part of the stops that may change courier when a wave is planned again."""
REGION_STOPS = 60


@dataclass(frozen=True, slots=True)
class Repaired:
    """The changed wave with its plan; `moved` are those of its stops that had another courier before.

    Stops that were removed are gone, so that the others have new indexes; added ones come last.
    """

    problem: Problem
    plan: Plan
    moved: tuple[int, ...]


def repair(
    problem: Problem,
    plan: Plan,
    *,
    removed: Collection[int] = (),
    added: Sequence[Stop] = (),
    cpu_s: float = 0.4,
    seed: int = 0,
) -> Repaired:
    """This will take stops out of a plan and put others in, and improve what is around them for `cpu_s` CPU seconds.

    At most `MOST_MOVED` of the stops change courier. The places of added stops have rows in the travel matrix already.
    """
    budget = CpuBudget(cpu_s)
    kept = [n for n in range(len(problem.stops)) if n not in removed]
    now = {old: new for new, old in enumerate(kept)}
    changed = replace(problem, stops=tuple(problem.stops[n] for n in kept) + tuple(added))
    tours = [
        Tour(route.vehicle, [Visit(now[v.stop], v.act) for v in route.visits if v.stop in now]) for route in plan.routes
    ]
    before = {visit.stop: tour.vehicle for tour in tours for visit in tour.visits}
    touched = {route.vehicle for route in plan.routes if any(v.stop in removed for v in route.visits)}
    tours = [tour for tour in tours if tour.visits]
    waiting = [n for n in range(len(changed.stops)) if n not in before]
    left_out = [stop for stop in by_difficulty(changed, waiting) if not insert(changed, tours, stop)]
    quick = Plan(tuple(tour.as_route() for tour in tours), tuple(sorted(left_out)), f"{plan.made_by}, repaired", seed)
    touched |= {quick.courier_of[stop] for stop in waiting if stop in quick.courier_of}
    better = _improved(changed, quick, before, touched, budget, seed)
    return Repaired(changed, better, _moved(better, before))


def _moved(plan: Plan, before: Mapping[int, int]) -> tuple[int, ...]:
    after = plan.courier_of
    return tuple(sorted(stop for stop, vehicle in before.items() if after.get(stop) != vehicle))


def _improved(
    problem: Problem, plan: Plan, before: Mapping[int, int], touched: Collection[int], budget: CpuBudget, seed: int
) -> Plan:
    """The plan with the surroundings of what was touched searched anew, as long as few enough stops move for it."""
    from linli.trade.delivery.rules.waves import levels

    allowed = int(MOST_MOVED * len(before))
    for turn, vehicle in enumerate(sorted(touched)):
        index = next((n for n, route in enumerate(plan.routes) if route.vehicle == vehicle), None)
        if budget.is_over or index is None:
            continue
        share = budget.part(1 / (len(touched) - turn))
        for most in (REGION_STOPS, 1):  # the one route alone moves nobody
            part = part_of(problem, plan, region(problem, plan, index, most))
            found = levels.search(part.problem, part.plan, share.part(0.6), seed=seed)
            offered = part.put_back(plan, with_couriers_kept(part, found))
            is_good = is_drivable(problem, offered) and merit(problem, offered) < merit(problem, plan)
            if is_good and len(_moved(offered, before)) <= allowed:
                plan = offered
                break
    return plan


def with_couriers_kept(part: Part, found: Plan) -> Plan:
    """This will give each route to the courier of its own kind who had most of its stops before."""
    had = part.plan.courier_of
    kind_of = [replace(vehicle, name="") for vehicle in part.problem.vehicles]
    pairs = sorted(
        (-sum(had.get(stop) == vehicle for stop in route.stops), n, vehicle)
        for n, route in enumerate(found.routes)
        for vehicle in range(len(kind_of))
        if kind_of[vehicle] == kind_of[route.vehicle]
    )
    taken: dict[int, int] = {}
    for _, n, vehicle in pairs:
        if n not in taken and vehicle not in taken.values():
            taken[n] = vehicle
    routes = tuple(Route(taken[n], route.visits, route.leaves_at) for n, route in enumerate(found.routes))
    return replace(found, routes=routes)
