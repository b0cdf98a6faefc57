"""The six numbers of days in plain Python, for one household at a time: a rebuild needs no columns."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from linli.insight.replenish.rules.states import RECENT


@dataclass(frozen=True, slots=True)
class Numbers:
    """The six numbers of a household and a commodity."""

    purchases: int
    first_on: date
    last_on: date
    log_gaps: float
    log_gaps_squared: float
    recent_log_gap: float


def folded(days: Iterable[date]) -> Numbers | None:
    """This will make the numbers of the days bought; None of none. A day counts once, whatever was bought on it."""
    bought = sorted(set(days))
    if not bought:
        return None
    logs = [math.log((later - day).days) for day, later in pairwise(bought)]
    recent = logs[0] if logs else 0.0
    for log in logs[1:]:
        recent += RECENT * (log - recent)
    return Numbers(len(bought), bought[0], bought[-1], sum(logs), sum(log * log for log in logs), recent)
