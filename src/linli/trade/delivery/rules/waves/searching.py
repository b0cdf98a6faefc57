"""PyVRP's iterated local search, set up for waves: many stops a vehicle, tight slots, little time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linli.trade.delivery.rules.waves.clock import CpuBudget
from linli.trade.delivery.rules.waves.plan import Plan
from linli.trade.delivery.rules.waves.problem import Problem
from linli.trade.delivery.rules.waves.routing import Translated, translated

if TYPE_CHECKING:
    import pyvrp


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How the search goes about.

    PyVRP begins with penalties halfway to its greatest (50,000), which a short search never gets down from: it then
    stays among plans that break nothing, and finds no way to fewer vehicles. Ours begin near where they end up.
    """

    load_penalty: float = 50.0
    late_penalty: float = 5.0
    far_penalty: float = 1.0
    neighbours: int = 50
    memory: int = 300
    most_perturbations: int = 25


AS_A_RULE = Manner()


def search(problem: Problem, start: Plan, budget: CpuBudget, *, seed: int, manner: Manner = AS_A_RULE) -> Plan:
    """This will go on from a plan until the budget is used up, and give the best plan found."""
    said = translated(problem)
    found, iterations = _searched(said, said.solution(start), budget, seed=seed, manner=manner)
    return replace(said.plan(found), made_by="pyvrp", seed=seed, iterations=iterations)


def _searched(
    said: Translated, start: pyvrp.Solution, budget: CpuBudget, *, seed: int, manner: Manner
) -> tuple[pyvrp.Solution, int]:
    import pyvrp
    from pyvrp.search import (
        OPERATORS,
        LocalSearch,
        NeighbourhoodParams,
        PerturbationManager,
        PerturbationParams,
        compute_neighbours,
    )

    data = said.data
    near = compute_neighbours(data, NeighbourhoodParams(num_neighbours=manner.neighbours))
    perturbing = PerturbationManager(PerturbationParams(1, manner.most_perturbations))
    improving = LocalSearch(data, pyvrp.RandomNumberGenerator(seed), near, perturbing)
    for operator in OPERATORS:
        if operator.supports(data):
            improving.add_operator(operator(data))
    penalties = [manner.load_penalty] * data.num_load_dimensions
    paying = pyvrp.PenaltyManager((penalties, manner.late_penalty, manner.far_penalty))
    rules = pyvrp.IteratedLocalSearchParams(history_length=manner.memory)
    result = pyvrp.IteratedLocalSearch(data, paying, improving, start, rules).run(budget, collect_stats=False)
    return result.best, result.num_iterations
