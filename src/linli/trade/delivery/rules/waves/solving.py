"""The plan of a wave within a CPU budget: solvers where they help, our own heuristic where they do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from linli.trade.delivery.rules.waves import levels, searching
from linli.trade.delivery.rules.waves.clock import CpuBudget
from linli.trade.delivery.rules.waves.costing import cost
from linli.trade.delivery.rules.waves.faults import Wrong, faults
from linli.trade.delivery.rules.waves.plan import Plan
from linli.trade.delivery.rules.waves.problem import Problem
from linli.trade.delivery.rules.waves.regions import a_part
from linli.trade.delivery.rules.waves.simple import insert, simple
from linli.trade.delivery.rules.waves.splitting import MOST_STOPS, joined, split

APART_SHARE = 0.8
"""Of the CPU seconds of a wave that is planned by districts; the others go to the ways between them."""


def solve(problem: Problem, *, cpu_s: float, seed: int, start: Plan | None = None) -> Plan:
    """This will plan a wave within about `cpu_s` CPU seconds; the same seed and as many iterations give the same plan.

    It goes on from `start` where one is given, and never answers anything worse. What it answers can always be driven
    (`is_drivable`); `left_out` names what nobody can reach in time.
    """
    if not problem.stops:
        return Plan(made_by="nothing to deliver", seed=seed)
    budget = CpuBudget(cpu_s)
    part = a_part(problem, reachable(problem), range(len(problem.vehicles)))
    if not part.stops:
        found = Plan()
    elif len(part.stops) < len(problem.stops):
        found = part.of_whole(solve(part.problem, cpu_s=cpu_s, seed=seed), len(problem.stops))
    else:
        found = _found(problem, budget, seed, start)
    candidates = [found, *([start] if start is not None else [])]
    if all(merit(problem, plan)[:2] != (0, 0) for plan in candidates):
        candidates.append(simple(problem))
    return replace(best_of(problem, candidates), seed=seed, iterations=found.iterations)


def reachable(problem: Problem) -> list[int]:
    """This will list the stops that some vehicle could serve if it had nothing else to do."""
    return [stop for stop in range(len(problem.stops)) if insert(problem, [], stop, at_any_price=True)]


def _found(problem: Problem, budget: CpuBudget, seed: int, start: Plan | None) -> Plan:
    if len(problem.stops) <= MOST_STOPS:
        return levels.search(problem, start, budget, seed=seed)
    if start is None:
        start = _apart(problem, budget.part(APART_SHARE), seed)
    whole = searching.improve(problem, start, budget, seed=seed)
    return replace(whole, iterations=whole.iterations + start.iterations)


def _apart(problem: Problem, budget: CpuBudget, seed: int) -> Plan:
    """Every district planned by itself, with CPU seconds by its stops."""
    planned, stops_left = [], len(problem.stops)
    for part in split(problem):
        own = budget.part(len(part.stops) / stops_left)
        stops_left -= len(part.stops)
        planned.append((part, solve(part.problem, cpu_s=own.seconds, seed=seed)))
    return joined(problem, planned)


def best_of(problem: Problem, plans: Iterable[Plan]) -> Plan:
    """This will choose the best of some plans: one that can be driven, reaches most orders, and costs least."""
    return min(plans, key=lambda plan: merit(problem, plan))


def merit(problem: Problem, plan: Plan) -> tuple[int, int, int]:
    """This will order plans, the least being the best: what forbids driving, orders not reached, cost."""
    found = faults(problem, plan)
    forbidding = sum(fault.wrong is not Wrong.UNSERVED for fault in found)
    if forbidding:
        return forbidding, 0, 0
    return 0, sum(fault.by for fault in found), cost(problem, plan).total
