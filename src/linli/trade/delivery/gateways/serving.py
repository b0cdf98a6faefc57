"""A plan that can be driven, whatever the solver does: its own, else the last good one, else our heuristic's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from linli.trade.delivery.gateways.solver import Solver, SolverFailed, Trouble
from linli.trade.delivery.rules.waves import Fault, Plan, Problem, faults, is_drivable, merit, simple


@dataclass(frozen=True, slots=True)
class Served:
    """The plan that serves, and how it came to. `trouble` and `words` say why it is not the solver's, if it is not.

    `unserved` are the stops that nobody reaches in time, though they must be served: someone has to be told.
    """

    plan: Plan
    trouble: Trouble | None
    words: str
    unserved: tuple[Fault, ...]


def plan_wave(solver: Solver, problem: Problem, *, cpu_s: float, seed: int, last_good: Plan | None = None) -> Served:
    """This will plan a wave and always come to a plan that passes the validator.

    Where the solver fails or its plan is refused, the last good plan serves if it still fits the problem, or else the
    plan of `simple`; where the solver's plan is worse than the last good one, that one stays.
    """
    trouble, words, candidates = None, "", []
    try:
        plan = solver.solve(problem, cpu_s=cpu_s, seed=seed, start=last_good)
        if is_drivable(problem, plan):
            candidates.append(plan)
        else:
            trouble, words = Trouble.REFUSED, _in_words(faults(problem, plan))
    except SolverFailed as reason:
        trouble, words = reason.trouble, str(reason)
    if last_good is not None and is_drivable(problem, last_good):
        candidates.append(last_good)
    if not candidates:
        candidates.append(simple(problem))
    best = min(candidates, key=lambda plan: merit(problem, plan))
    return Served(best, trouble, words, faults(problem, best))


def _in_words(found: tuple[Fault, ...]) -> str:
    counted = Counter(fault.wrong for fault in found)
    return "refused: " + ", ".join(f"{many} {wrong}" for wrong, many in counted.items())
