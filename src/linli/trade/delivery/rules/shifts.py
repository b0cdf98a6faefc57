"""Shifts that cover expected demand: how many couriers begin when, for how long, at the least cost.

A covering model: whole numbers of couriers per possible shift, so that in every quarter of an hour at least as many are
on duty as the expected orders need. It is solved exactly as a flow, in milliseconds and without any solver.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

QUARTER_MIN = 15


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
class Span:
    """So many couriers from one instant to another."""

    starts_at: datetime
    ends_at: datetime
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
    """How many couriers each possible shift is given.

    Two quarters beside each other differ by the shifts that begin or end between them. So couriers flow through the
    edges of quarters: forward along a shift at its price or along a quarter that stays short, back where there are more
    than needed, from the edges where more are wanted to those where fewer are. The cheapest such flow is in whole
    couriers, and the cheapest of all.
    """
    most = terms.most_at_once
    if most is not None:
        if terms.short_fen is None and max(needed) > most:
            raise NoShifts("no shifts within these terms cover the demand")
        needed = [min(need, most) for need in needed]
    flow = _Flow(len(needed) + 1)
    for begins, ends in possible:
        flow.add(begins, ends, shift_fen(ends - begins, terms), _ANY)
    for quarter, need in enumerate(needed):
        if terms.short_fen is not None:
            flow.add(quarter, quarter + 1, terms.short_fen, need)
        flow.add(quarter + 1, quarter, 0, _ANY if most is None else most - need)
    before = [0, *needed]
    after = [*needed, 0]
    if not flow.send([now - then for then, now in zip(before, after, strict=True)]):
        raise NoShifts("no shifts within these terms cover the demand")
    return [flow.sent(nth) for nth in range(len(possible))]


_ANY = 10**9


class _Flow:
    """The cheapest flow through a small net, path by path; each arc is followed by its way back."""

    def __init__(self, nodes: int) -> None:
        self.source, self.sink = nodes, nodes + 1
        self.of: list[list[int]] = [[] for _ in range(nodes + 2)]
        self.to: list[int] = []
        self.fen: list[int] = []
        self.left: list[int] = []

    def add(self, start: int, end: int, fen: int, most: int) -> None:
        for here, there, price, room in ((start, end, fen, most), (end, start, -fen, 0)):
            self.of[here].append(len(self.to))
            self.to.append(there)
            self.fen.append(price)
            self.left.append(room)

    def sent(self, nth: int) -> int:
        return self.left[2 * nth + 1]

    def send(self, supply: Sequence[int]) -> bool:
        """Whether all that nodes have went to those that lack it."""
        for node, units in enumerate(supply):
            if units > 0:
                self.add(self.source, node, 0, units)
            elif units < 0:
                self.add(node, self.sink, 0, -units)
        wanted = sum(units for units in supply if units > 0)
        while wanted and (path := self._cheapest()):
            units = min(self.left[arc] for arc in path)
            for arc in path:
                self.left[arc] -= units
                self.left[arc ^ 1] += units
            wanted -= units
        return not wanted

    def _cheapest(self) -> list[int]:
        """The arcs of the cheapest path that has room, by trying what became cheaper until nothing does."""
        fen, by = {self.source: 0}, dict[int, int]()
        queue = deque([self.source])
        while queue:
            node = queue.popleft()
            for arc in self.of[node]:
                there, price = self.to[arc], fen[node] + self.fen[arc]
                if self.left[arc] and price < fen.get(there, _ANY):
                    fen[there], by[there] = price, arc
                    if there not in queue:
                        queue.append(there)
        path, node = list[int](), self.sink
        while node in by:
            path.append(by[node])
            node = self.to[by[node] ^ 1]
        return path
