"""What was done on a day: every assignment and every way of every courier."""

from __future__ import annotations

from dataclasses import dataclass, field

from linli.works.bench.dispatch.messages import Told


@dataclass(frozen=True, slots=True)
class Assignment:
    """Orders that a courier was told to deliver at minute `told`, picked up and dropped in this sequence."""

    courier: str
    told: int
    pickup: int
    orders: tuple[str, ...]
    drops: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One way, from where the courier was (his start, a shop or a door) to a shop or a door, both by their keys."""

    courier: str
    departs: int
    origin: str
    destination: str


@dataclass(slots=True)
class Record:
    """A day as it went."""

    assignments: list[Assignment] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    refused: list[tuple[int, Told, str]] = field(default_factory=list)
    """Instructions that broke a rule and were not carried out, with the minute and why."""
    step_cpu_ms: list[float] = field(default_factory=list)
    """The CPU time of each decision."""
