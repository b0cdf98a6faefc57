"""CPU time, by which searches stop: the wall clock of a shared machine says nothing about the work done."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

INFEASIBLE = 10**15
"""What PyVRP says a plan costs that breaks something is greater than this."""


@dataclass(slots=True)
class CpuBudget:
    """So many CPU seconds of this process from now on, every thread of it counted."""

    seconds: float
    _began_s: float = field(default_factory=time.process_time)

    @property
    def used_s(self) -> float:
        """CPU seconds used so far."""
        return time.process_time() - self._began_s

    @property
    def left_s(self) -> float:
        """CPU seconds that may still be used; never below zero."""
        return max(0.0, self.seconds - self.used_s)

    @property
    def is_over(self) -> bool:
        """Whether it is used up."""
        return self.used_s >= self.seconds

    def part(self, share: float) -> CpuBudget:
        """This will give a budget of a share of what is left."""
        return CpuBudget(self.left_s * share)


@dataclass(slots=True)
class Stop:
    """What PyVRP asks before each step of a search: is it enough? It counts the steps.

    Enough is when the budget is used up, after `steps`, after `patience` steps without a better plan, or with the
    `first_feasible` plan. Only the first of these depends on the machine; the others come out the same again.
    """

    budget: CpuBudget
    steps: int | None = None
    patience: int | None = None
    first_feasible: bool = False
    taken: int = 0
    _best: float = INFEASIBLE
    _better_at: int = 0

    def __call__(self, best_cost: float) -> bool:
        """This will tell whether to stop, given the cost of the best plan so far."""
        self.taken += 1
        if best_cost < self._best:
            self._best, self._better_at = best_cost, self.taken
        if self.first_feasible and best_cost < INFEASIBLE:
            return True
        if self.steps is not None and self.taken > self.steps:
            return True
        if self.patience is not None and self.taken - self._better_at > self.patience and self._best < INFEASIBLE:
            return True
        return self.budget.is_over
