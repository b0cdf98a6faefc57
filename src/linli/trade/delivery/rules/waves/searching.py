"""PyVRP's iterated local search, set up for waves: many doors close together, tight slots, little time.

First the fleet, then the ways. A search that may use every vehicle hardly ever gives one up, because on the way there
all plans are late; one that has only so many finds a plan for them within a few hundred steps, or not for long.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from linli.trade.delivery.rules.waves.clock import CpuBudget, Stop
from linli.trade.delivery.rules.waves.plan import Plan
from linli.trade.delivery.rules.waves.problem import Problem
from linli.trade.delivery.rules.waves.regions import part_of, region
from linli.trade.delivery.rules.waves.routing import Translated, translated

if TYPE_CHECKING:
    import pyvrp
    from pyvrp.search import LocalSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a search goes about.

    PyVRP begins with penalties halfway to its greatest (50,000), which a short search never gets down from: it then
    stays among plans that break nothing. Ours begin near where they end up, in units per order, tick and metre.
    `memory` is how many plans back it compares with; it changes up to `most_changes` visits before it mends.
    """

    load_penalty: float = 20.0
    late_penalty: float = 10.0
    far_penalty: float = 1.0
    memory: int = 100
    most_changes: int = 12
    penalties_last: int = 500
    thorough: bool = True


REDUCING = Manner(late_penalty=5.0, memory=30, most_changes=25, penalties_last=20, thorough=False)
POLISHING = Manner()
ATTEMPT_STEPS = 200
"""Whether a fleet is enough mostly shows within so many steps; if it does not, another start is better than more."""
REDUCING_SHARE = 0.25
"""Of the CPU seconds, at most, for finding the smallest fleet."""
MOST_FAILS = 8
SETTLING_STEPS, MOST_SETTLING_FAILS = 60, 2
FULL = 0.955
"""Couriers who would be busy for more than this part of their hours leave none to spare between windows."""
MOST_BEGINNINGS = 3
ROOM = 1.03
PATIENCE, LEAST_PATIENCE = 30, 2_000
"""A search ends early after so many steps per stop, and never before so many in all, without a better plan."""
REGION_STOPS = 120
REGION_STEPS = 1_000
"""Above so many stops a wave is improved region by region: of a change far away nothing can be learnt here."""
RANKS = ((10, 1), (40, 3), (400, 12))
"""Neighbours of a stop by nearness: the first ten, every third up to forty, every twelfth up to four hundred.

The doors of one community are all near each other; with the nearest fifty alone no way leads to the next community.
"""


@dataclass(slots=True)
class Search:
    """A search in one problem: its words, its neighbourhood, its chance and its CPU seconds."""

    said: Translated
    budget: CpuBudget
    chance: pyvrp.RandomNumberGenerator
    near: dict[pyvrp.Activity, list[pyvrp.Activity]]
    steps: int = 0

    @classmethod
    def of(
        cls, problem: Problem, budget: CpuBudget, chance: pyvrp.RandomNumberGenerator, *, may_miss: bool = False
    ) -> Search:
        """This will prepare a search; one that `may_miss` stops pays dearly for each that it does not reach."""
        said = translated(problem, all_optional=price_of_missing(problem) if may_miss else None)
        return cls(said, budget, chance, _neighbours(said.data))

    def polish(self, start: pyvrp.Solution, *, vehicles: int | None = None, steps: int | None = None) -> pyvrp.Solution:
        """This will go on from a solution, with at most so many vehicles, until steps, patience or time run out."""
        data = self._data(vehicles)
        patience = max(LEAST_PATIENCE, PATIENCE * (data.num_clients + data.num_shipments))
        return self._run(data, start, Stop(self.budget, steps=steps, patience=patience), POLISHING)

    def begin(self) -> pyvrp.Solution:
        """This will make a first solution: stops thrown anywhere, and mended; not always one that can be driven."""
        import pyvrp

        data = self.said.data
        found = pyvrp.Solution(data, [])
        for _ in range(MOST_BEGINNINGS):
            if not found.is_feasible() and not self.budget.is_over:
                stop = Stop(self.budget, steps=ATTEMPT_STEPS, first_feasible=True)
                thrown = pyvrp.Solution.make_random(data, self.chance)
                found = self._run(data, thrown, stop, REDUCING, mend_start=True)
        return found

    def reduce(self, start: pyvrp.Solution) -> pyvrp.Solution:
        """This will find the smallest fleet it can, by attempts from fresh starts with a vehicle fewer each."""
        import pyvrp

        best, until, fails = start, self.budget.part(REDUCING_SHARE), 0
        while best.num_routes() > max(1, self._fewest()) and fails < MOST_FAILS and not until.is_over:
            data = self._data(best.num_routes() - 1)
            stop = Stop(until, steps=ATTEMPT_STEPS, first_feasible=True)
            found = self._run(data, pyvrp.Solution.make_random(data, self.chance), stop, REDUCING, mend_start=True)
            best, fails = (found, 0) if found.is_feasible() else (best, fails + 1)
        return best

    def settle(self, start: pyvrp.Solution, *, known: int | None = None) -> pyvrp.Solution:
        """This will take vehicles away one by one, for as long as those on duty have hours to spare.

        A fleet is `known` to be enough when another start came to it.

        An attempt that comes to nothing takes as long as two hundred steps elsewhere; how full the hours are is known
        from a plan that was searched for a little, and tells which attempts would be such.
        """
        import pyvrp

        best, until, fails = self.polish(start, steps=SETTLING_STEPS), self.budget.part(REDUCING_SHARE), 0
        while best.num_routes() > self._fewest() and fails < MOST_SETTLING_FAILS and not until.is_over:
            is_known = known is not None and best.num_routes() > known
            if not is_known and self.fullness(best) >= FULL:
                break
            data = self._data(best.num_routes() - 1)
            stop = Stop(until, steps=ATTEMPT_STEPS, first_feasible=True)
            found = self._run(data, pyvrp.Solution.make_random(data, self.chance), stop, REDUCING, mend_start=True)
            if found.is_feasible():
                best, fails = self.polish(found, vehicles=found.num_routes(), steps=SETTLING_STEPS), 0
            else:
                fails += 1
        return best

    def fullness(self, solution: pyvrp.Solution) -> float:
        """This will say which part of their hours couriers would be busy if there were one fewer, at equal ways.

        Their hours last from the first window's opening to the last one's end, and the service that begins then.
        """
        data, kind = self.said.data, self.said.data.vehicle_type(0)
        travel = data.duration_matrix(kind.profile)
        busy = hours = 0
        for route in solution.routes():
            row = [data.client(each.idx) for each in route if each.is_client()]
            busy += sum(each.service_duration for each in row)
            busy += sum(int(travel[one.location, other.location]) for one, other in pairwise(row))
            hours += max(each.tw_late for each in row) - min(each.tw_early for each in row) + row[-1].service_duration
        fewer = solution.num_routes() - 1
        return busy * (fewer + 1) / max(1, hours * fewer)

    def _fewest(self) -> int:
        """No smaller fleet is tried: one that is packed to the last order pays for it with its ways."""
        load = sum(client.delivery[0] for client in self.said.data.clients())
        return math.ceil(load * ROOM / max(1, self.said.data.vehicle_type(0).capacity[0]))

    def _data(self, vehicles: int | None) -> pyvrp.ProblemData:
        data = self.said.data
        if vehicles is None:
            return data
        kinds = [k.replace(num_available=min(max(1, vehicles), k.num_available)) for k in data.vehicle_types()]
        return data.replace(vehicle_types=kinds)

    def _run(
        self, data: pyvrp.ProblemData, start: pyvrp.Solution, stop: Stop, manner: Manner, *, mend_start: bool = False
    ) -> pyvrp.Solution:
        import pyvrp

        improving = _improving(data, self.near, self.chance, manner)
        penalties = ([manner.load_penalty] * data.num_load_dimensions, manner.late_penalty, manner.far_penalty)
        paying = pyvrp.PenaltyManager(penalties, pyvrp.PenaltyParams(manner.penalties_last))
        if mend_start:
            start = improving(start, paying.cost_evaluator(), exhaustive=True)
        params = pyvrp.IteratedLocalSearchParams(
            history_length=manner.memory, exhaustive_on_best=manner.thorough, num_iters_no_improvement=10**9
        )
        with catch_warnings():  # it warns when nothing feasible is near, which is what an attempt finds out
            simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
            result = pyvrp.IteratedLocalSearch(data, paying, improving, start, params).run(stop, collect_stats=False)
        self.steps += result.num_iterations
        return result.best


def price_of_missing(problem: Problem) -> int:
    """This will give a price that it is never worth to miss a stop for: sending a vehicle to it alone, many times."""
    way = max((problem.arc(0, to) for to in range(len(problem.travel))), default=0)
    longest = max((vehicle.shift[1] - vehicle.shift[0] for vehicle in problem.vehicles), default=0)
    fixed = max((vehicle.fixed_cost for vehicle in problem.vehicles), default=0)
    return 10 * (2 * way + problem.rates.duty_tick * longest + fixed + 1)


def improve(problem: Problem, plan: Plan, budget: CpuBudget, *, seed: int) -> Plan:
    """This will improve a plan of a wave of any size, region by region."""
    import pyvrp

    better, steps = polish_by_regions(problem, plan, budget, pyvrp.RandomNumberGenerator(seed))
    return replace(better, made_by="pyvrp", seed=seed, iterations=steps)


def may_reduce(problem: Problem) -> bool:
    """Whether fewer vehicles are what to look for first: all alike, each with a price, and everybody to be served."""
    kinds = {replace(vehicle, name="") for vehicle in problem.vehicles}
    is_priced = all(vehicle.fixed_cost for vehicle in problem.vehicles)
    return len(kinds) == 1 and is_priced and all(stop.price is None for stop in problem.stops)


def polish_by_regions(
    problem: Problem, plan: Plan, budget: CpuBudget, chance: pyvrp.RandomNumberGenerator
) -> tuple[Plan, int]:
    """This will improve the routes of one region after the other, each with its own vehicles; also the steps taken."""
    steps, unlucky = 0, 0
    order: list[int] = []
    while not budget.is_over and unlucky < 2 * len(plan.routes):
        if not order:
            order = sorted(range(len(plan.routes)), key=lambda _: chance.rand())
        seed_route = order.pop()
        if seed_route >= len(plan.routes):
            continue
        chosen = region(problem, plan, seed_route, REGION_STOPS)
        part = part_of(problem, plan, chosen)
        searching = Search.of(part.problem, budget, chance)
        before = searching.said.solution(part.plan)
        after = searching.polish(before, steps=REGION_STEPS)
        steps += searching.steps
        is_better = after.is_feasible() and worth(after) < worth(before)
        unlucky = 0 if is_better else unlucky + 1
        if is_better:
            plan = part.put_back(plan, searching.said.plan(after))
    return plan, steps


def worth(solution: pyvrp.Solution) -> int:
    """This will say what a solution costs; one that cannot be driven, more than any other."""
    import pyvrp

    return pyvrp.CostEvaluator([0], 0, 0).cost(solution)


def _neighbours(data: pyvrp.ProblemData) -> dict[pyvrp.Activity, list[pyvrp.Activity]]:
    from pyvrp.search import NeighbourhoodParams, compute_neighbours

    most = max(1, data.num_clients + 2 * data.num_shipments - 1)
    everybody = compute_neighbours(data, NeighbourhoodParams(num_neighbours=most))
    return {activity: _thinned(near, turn) for turn, (activity, near) in enumerate(everybody.items())}


def _thinned(near: Sequence[pyvrp.Activity], turn: int) -> list[pyvrp.Activity]:
    """Some of the neighbours by rank; `turn` shifts the ranks, so that others are asked by others."""
    kept: list[pyvrp.Activity] = []
    low = 0
    for high, step in RANKS:
        kept += near[low + turn % step : high : step]
        low = high
    return kept


def _improving(
    data: pyvrp.ProblemData,
    near: dict[pyvrp.Activity, list[pyvrp.Activity]],
    chance: pyvrp.RandomNumberGenerator,
    manner: Manner,
) -> LocalSearch:
    from pyvrp.search import OPERATORS, LocalSearch, PerturbationManager, PerturbationParams

    changing = PerturbationManager(PerturbationParams(1, manner.most_changes))
    improving = LocalSearch(data, chance, near, changing)
    for operator in OPERATORS:
        if operator.supports(data):
            improving.add_operator(operator(data))
    return improving
