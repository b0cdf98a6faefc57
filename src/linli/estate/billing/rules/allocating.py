"""Allocating: which lines a payment pays, in the order its community decided; no order changes what is left in all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from linli.kernel.money import Money


class First(StrEnum):
    """What is paid first, where a payment does not reach for everything."""

    PRINCIPAL = "principal"
    """Fees before late fees, the oldest first."""
    LATE_FEE = "late_fee"
    """Late fees before fees, the oldest first."""
    OLDEST = "oldest"
    """Whatever was due first, a fee before the late fee that it caused."""
    PRIORITY = "priority"
    """By the items' priority, the smallest number first, then the oldest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """A line that is not wholly paid. `open` is above nothing."""

    line: int
    due_on: date
    priority: int = 100
    is_late_fee: bool = False
    open: Money


@dataclass(frozen=True, slots=True)
class Allocation:
    line: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Allocated:
    """Which lines are paid by how much, and what was too much for all of them."""

    allocations: tuple[Allocation, ...]
    rest: Money


def allocate(amount: Money, lines: Iterable[OpenLine], first: First) -> Allocated:
    """This will pay open lines in the order asked for. Lines that are equal in it are paid by their ids."""
    return in_turn(amount, sorted(lines, key=_ORDER[first]))


def in_turn(amount: Money, lines: Sequence[OpenLine]) -> Allocated:
    """This will pay lines one after the other, as the payer has put them."""
    if amount < Money.zero:
        raise ValueError("a payment is not negative")
    found, rest = [], amount
    for line in lines:
        paid = min(rest, line.open)
        if paid:
            found.append(Allocation(line.line, paid))
            rest -= paid
    return Allocated(tuple(found), rest)


_ORDER: dict[First, Callable[[OpenLine], tuple[object, ...]]] = {
    First.PRINCIPAL: lambda line: (line.is_late_fee, line.due_on, line.priority, line.line),
    First.LATE_FEE: lambda line: (not line.is_late_fee, line.due_on, line.priority, line.line),
    First.OLDEST: lambda line: (line.due_on, line.is_late_fee, line.priority, line.line),
    First.PRIORITY: lambda line: (line.priority, line.due_on, line.is_late_fee, line.line),
}
