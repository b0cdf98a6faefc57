"""The plan of a wave within a CPU budget: solvers where they help, our own heuristic where they do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from linli.trade.delivery.rules.waves import searching
from linli.trade.delivery.rules.waves.clock import CpuBudget
from linli.trade.delivery.rules.waves.costing import cost
from linli.trade.delivery.rules.waves.faults import Wrong, faults
from linli.trade.delivery.rules.waves.plan import Plan
from linli.trade.delivery.rules.waves.problem import Problem
from linli.trade.delivery.rules.waves.simple import simple


def solve(problem: Problem, *, cpu_s: float, seed: int, start: Plan | None = None) -> Plan:
    """This will plan a wave within about `cpu_s` CPU seconds; the same seed and as many iterations give the same plan.

    It goes on from `start` where one is given, and never answers anything worse. What it answers can always be driven
    (`is_drivable`); `left_out` names what nobody can reach in time.
    """
    if not problem.stops:
        return Plan(made_by="nothing to deliver", seed=seed)
    budget = CpuBudget(cpu_s)
    found = searching.search(problem, start, budget, seed=seed) if problem.vehicles else Plan()
    candidates = [found, *([start] if start is not None else [])]
    if all(merit(problem, plan)[:2] != (0, 0) for plan in candidates):
        candidates.append(simple(problem))
    return replace(best_of(problem, candidates), seed=seed, iterations=found.iterations)


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
