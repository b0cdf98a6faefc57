"""CPU time, by which searches stop: the wall clock of a shared machine says nothing about the work done."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class CpuBudget:
    """So many CPU seconds of this process from now on, every thread of it counted.

    It is also the stopping criterion that PyVRP asks before each iteration, and counts those.
    """

    seconds: float
    iterations: int = 0
    _began_s: float = field(default_factory=time.process_time)

    @property
    def used_s(self) -> float:
        """CPU seconds used so far."""
        return time.process_time() - self._began_s

    @property
    def left_s(self) -> float:
        """CPU seconds that may still be used; never below zero."""
        return max(0.0, self.seconds - self.used_s)

    def part(self, share: float) -> CpuBudget:
        """This will give a budget of a share of what is left."""
        return CpuBudget(self.left_s * share)

    def __call__(self, best_cost: float) -> bool:  # noqa: ARG002 - PyVRP tells what it has
        """This will tell whether the budget is used up."""
        self.iterations += 1
        return self.used_s >= self.seconds
