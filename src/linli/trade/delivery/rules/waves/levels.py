"""The search for a wave's plan on several levels: chains of doors, single doors, and regions of a wide wave.

Single doors change hands one by one, and a courier's visit to a community ends only when the last door is given away;
on the way there every step is dearer. So a wave of middle size is first planned with chains of near doors, and then
in turns: door by door, and with chains of what follows upon each other in the plan as it is, which cost in the coarse
problem exactly what they cost in the plan. No turn makes it worse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linli.trade.delivery.rules.waves.clock import CpuBudget
from linli.trade.delivery.rules.waves.coarsening import Coarse, coarse, may_chain, near, of_chains
from linli.trade.delivery.rules.waves.plan import Plan, Route, Visit
from linli.trade.delivery.rules.waves.problem import Problem
from linli.trade.delivery.rules.waves.searching import REGION_STOPS, Search, may_reduce, polish_by_regions, worth

if TYPE_CHECKING:
    import pyvrp

LEAST_STOPS = 60
"""Smaller waves are soon planned door by door."""
WIDE_STOPS = REGION_STOPS * 3 // 2
"""Larger ones are improved region by region."""
WHOLE_STEPS = 1_500
CHAIN_STEPS = 700
FIRST_STEPS, TURN_STEPS, LEAST_STEPS = 500, 400, 60
MOST_STARTS, STARTS_SHARE = 4, 0.15
"""So many starts with chains, as long as no more than this part of the CPU seconds is used up; the best goes on."""
LONGEST_CHAIN = 4
FRUITLESS = 8
"""So many turns without anything better end a search early."""
WORTH_CHAINING = 0.8
"""Chains that leave more of the stops than this are no help."""


def search(problem: Problem, start: Plan | None, budget: CpuBudget, *, seed: int) -> Plan:
    """This will search until the budget is used up or nothing better is found for long, from a plan if one is given.

    What it answers may be no plan that can be driven, where it found none.
    """
    import pyvrp

    chance = pyvrp.RandomNumberGenerator(seed)
    whole = Search.of(problem, budget, chance)
    is_wide = len(problem.stops) > WIDE_STOPS
    steps = 0
    if start is not None:
        best = whole.said.solution(start)
    else:
        best, steps = _from_chains(problem, whole)
        if not best.is_feasible():
            whole, best = _begun(problem, whole)
    vehicles = best.num_routes() if best.is_feasible() and may_reduce(problem) else None
    if len(problem.stops) < LEAST_STOPS or is_wide or start is not None or not best.is_feasible():
        best = whole.polish(best, vehicles=vehicles, steps=WHOLE_STEPS if is_wide else None)
    else:
        best, more = _in_turns(problem, whole, best, vehicles)
        steps += more
    plan, steps = whole.said.plan(best), steps + whole.steps
    if is_wide:
        plan, more = polish_by_regions(problem, plan, budget, chance)
        steps += more
    return replace(plan, made_by="pyvrp", seed=seed, iterations=steps)


def _begun(problem: Problem, whole: Search) -> tuple[Search, pyvrp.Solution]:
    """A first plan door by door; if there is none, of a wave that may miss stops."""
    best = whole.begin()
    if best.is_feasible():
        return whole, whole.reduce(best) if may_reduce(problem) else best
    whole = Search.of(problem, whole.budget, whole.chance, may_miss=True)
    return whole, whole.begin()


def _from_chains(problem: Problem, whole: Search) -> tuple[pyvrp.Solution, int]:
    """A first plan by chains of near doors, its fleet settled; and the steps taken. Without chains, nothing at all."""
    import pyvrp

    nothing = pyvrp.Solution(whole.said.data, [])
    if not LEAST_STOPS <= len(problem.stops) <= WIDE_STOPS or not may_reduce(problem):
        return nothing, 0
    rough = coarse(problem)
    if len(rough.chains) > WORTH_CHAINING * len(problem.stops):
        return nothing, 0
    chained = Search.of(rough.problem, whole.budget, whole.chance)
    until, best = whole.budget.part(STARTS_SHARE), nothing
    for _ in range(MOST_STARTS):
        if until.is_over:
            break
        known = best.num_routes() if best.is_feasible() else None
        found = chained.begin()
        if found.is_feasible():
            found = chained.settle(found, known=known)
            found = chained.polish(found, vehicles=found.num_routes(), steps=CHAIN_STEPS)
            spread = whole.said.solution(rough.spread(chained.said.plan(found), either_way=True))
            tried = whole.polish(spread, vehicles=spread.num_routes(), steps=LEAST_STEPS)
            if not tried.is_feasible():  # doors take longer than their chains did: one courier more is better than late
                tried = whole.polish(tried, vehicles=spread.num_routes() + 1, steps=TURN_STEPS)
            best = min(best, tried, key=worth)
    return best, chained.steps


@dataclass(slots=True)
class _Turns:
    """How many turns a search takes: until nothing better came of the last ones, or the budget is used up."""

    budget: CpuBudget
    fruitless: int = 0

    def __iter__(self) -> Iterator[None]:
        while self.fruitless < FRUITLESS and not self.budget.is_over:
            yield


def _in_turns(
    problem: Problem, whole: Search, best: pyvrp.Solution, vehicles: int | None
) -> tuple[pyvrp.Solution, int]:
    """The plan improved by turns, with chains and door by door; and the steps taken with chains."""
    turns, steps, reach = _Turns(whole.budget), 0, near(problem)
    best = whole.polish(best, vehicles=vehicles, steps=FIRST_STEPS)
    for _ in turns:
        before = worth(best)
        rough, plan = _as_it_is(problem, whole.said.plan(best), reach, whole.chance)
        chained = Search.of(rough.problem, whole.budget, whole.chance)
        found = chained.polish(chained.said.solution(plan), vehicles=vehicles, steps=TURN_STEPS)
        steps += chained.steps
        best = whole.said.solution(rough.spread(chained.said.plan(found)))
        best = whole.polish(best, vehicles=vehicles, steps=TURN_STEPS)
        turns.fruitless = 0 if worth(best) < before else turns.fruitless + 1
    return best, steps


def _as_it_is(problem: Problem, plan: Plan, reach: int, chance: pyvrp.RandomNumberGenerator) -> tuple[Coarse, Plan]:
    """Chains of what follows upon each other in a plan, of lengths drawn by chance; and the plan in their words."""
    place = [stop.place for stop in problem.stops]
    chains: list[tuple[int, ...]] = []
    routes = []
    for route in plan.routes:
        began = len(chains)
        chain: tuple[int, ...] = ()
        longest = 0
        for stop in route.stops:
            is_far = bool(chain) and problem.travel[place[chain[-1]]][place[stop]] > reach
            if chain and (is_far or len(chain) >= longest or not may_chain(problem, (*chain, stop))):
                chains.append(chain)
                chain = ()
            if not chain:
                longest = 1 + chance.randint(LONGEST_CHAIN)
            chain = (*chain, stop)
        chains.append(chain)
        routes.append(Route(route.vehicle, tuple(Visit(n) for n in range(began, len(chains)))))
    return of_chains(problem, chains), Plan(tuple(routes))
