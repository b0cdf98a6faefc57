"""Shifts that cover expected demand: how many couriers begin when, for how long, at the least cost.

A covering model: whole numbers of couriers per possible shift, so that in every quarter of an hour at least as many are
on duty as the expected orders need; solved exactly by HiGHS (`scipy.optimize.milp`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

QUARTER_MIN = 15
SOLVER_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftTerms:
    """What shifts may be like: lengths in quarters of an hour, when they may begin, what they and shortfalls cost.

    `short_fen` prices one courier too few for a quarter; at None there must be none. `most_at_once` is how many
    couriers there are. A shift costs its hours, and `start_fen` for coming at all.
    """

    lengths: tuple[int, ...] = (16, 24, 32)
    every: int = 2
    courier_fen_per_h: int = 3_000
    start_fen: int = 500
    short_fen: int | None = None
    most_at_once: int | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """So many couriers from one quarter to another (the end excluded), counted from the day's first."""

    begins: int
    ends: int
    couriers: int


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """The shifts of a day; per quarter who is needed, who is there, and by how many it is short."""

    shifts: tuple[Shift, ...]
    needed: tuple[int, ...]
    present: tuple[int, ...]
    fen: int

    @property
    def short(self) -> tuple[int, ...]:
        """Couriers that are missing in each quarter."""
        return tuple(max(0, need - there) for need, there in zip(self.needed, self.present, strict=True))


class NoShifts(Exception):
    """No shifts within the terms cover the demand."""


def couriers_needed(orders_per_quarter: Sequence[float], *, minutes_per_order: float, busy: float = 0.85) -> list[int]:
    """This will tell how many couriers each quarter's expected orders keep busy for the `busy` part of their time."""
    return [math.ceil(orders * minutes_per_order / (QUARTER_MIN * busy) - 1e-9) for orders in orders_per_quarter]


def plan_shifts(needed: Sequence[int], terms: ShiftTerms) -> ShiftPlan:
    """This will choose the cheapest shifts that cover what is needed in each quarter; `NoShifts` where none can."""
    quarters = len(needed)
    possible = [
        (begins, begins + length) for length in terms.lengths for begins in range(0, quarters - length + 1, terms.every)
    ]
    if not any(needed):
        return ShiftPlan((), tuple(needed), (0,) * quarters, 0)
    if not possible:
        raise NoShifts("every shift is longer than the day")
    counts = _solved(needed, possible, terms)
    shifts = tuple(Shift(*when, n) for when, n in zip(possible, counts, strict=True) if n)
    present = tuple(sum(s.couriers for s in shifts if s.begins <= q < s.ends) for q in range(quarters))
    return ShiftPlan(
        tuple(sorted(shifts, key=lambda s: (s.begins, s.ends))),
        tuple(needed),
        present,
        sum(s.couriers * shift_fen(s.ends - s.begins, terms) for s in shifts),
    )


def shift_fen(quarters: int, terms: ShiftTerms) -> int:
    """This will price one courier's shift."""
    return terms.start_fen + terms.courier_fen_per_h * quarters * QUARTER_MIN // 60


def _solved(needed: Sequence[int], possible: Sequence[tuple[int, int]], terms: ShiftTerms) -> list[int]:
    import numpy
    from scipy.optimize import Bounds, LinearConstraint, milp

    quarters = len(needed)
    on_duty = numpy.array([[begins <= q < ends for begins, ends in possible] for q in range(quarters)], dtype=float)
    missing = numpy.eye(quarters)
    short = terms.short_fen
    prices = [shift_fen(ends - begins, terms) for begins, ends in possible] + [short or 0] * quarters
    limits = [LinearConstraint(numpy.hstack([on_duty, missing]), lb=numpy.asarray(needed, dtype=float))]
    if terms.most_at_once is not None:
        there = numpy.hstack([on_duty, numpy.zeros((quarters, quarters))])
        limits.append(LinearConstraint(there, ub=float(terms.most_at_once)))
    most_missing = numpy.asarray(needed, dtype=float) if short is not None else numpy.zeros(quarters)
    most = numpy.concatenate([numpy.full(len(possible), float(max(needed))), most_missing])
    found = milp(
        numpy.asarray(prices, dtype=float),
        constraints=limits,
        integrality=numpy.ones(len(prices)),
        bounds=Bounds(0, most),
        options={"time_limit": SOLVER_LIMIT_S},
    )
    if found.x is None:
        raise NoShifts("no shifts within these terms cover the demand")
    return [round(value) for value in found.x[: len(possible)]]
