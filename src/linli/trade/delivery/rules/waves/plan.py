"""What was decided: which vehicle makes which visits in which order, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Act(StrEnum):
    """What the courier does there: fetch a stop's goods from its shop, or hand them over at the door."""

    COLLECT = "collect"
    DELIVER = "deliver"


class Visit(NamedTuple):
    """One thing done on the way: for the stop with this index in the problem."""

    stop: int
    act: Act = Act.DELIVER


@dataclass(frozen=True, slots=True)
class Route:
    """The visits of one vehicle (an index in the problem), in their order.

    `leaves_at` is the tick at which it leaves; None lets it leave as late as it can without finishing later.
    """

    vehicle: int
    visits: tuple[Visit, ...]
    leaves_at: int | None = None

    @property
    def stops(self) -> tuple[int, ...]:
        """The stops it delivers to, in their order."""
        return tuple(visit.stop for visit in self.visits if visit.act is Act.DELIVER)


@dataclass(frozen=True, slots=True)
class Plan:
    """The routes of a wave. `left_out` are stops that nobody serves: those with a price, or those nobody can serve.

    `made_by` names who computed it (`simple`, `pyvrp`, ...), `seed` and `iterations` how to do so again.
    """

    routes: tuple[Route, ...] = ()
    left_out: tuple[int, ...] = ()
    made_by: str = ""
    seed: int = 0
    iterations: int = 0

    @classmethod
    def of_stops(cls, routes: Sequence[Sequence[int]]) -> Plan:
        """This will make a plan of plain deliveries: the n-th row of stops for the n-th vehicle, empty rows unused."""
        rows = [(vehicle, row) for vehicle, row in enumerate(routes) if row]
        return cls(tuple(Route(vehicle, tuple(Visit(stop) for stop in row)) for vehicle, row in rows))

    @property
    def courier_of(self) -> dict[int, int]:
        """Which vehicle delivers to which stop."""
        return {stop: route.vehicle for route in self.routes for stop in route.stops}
