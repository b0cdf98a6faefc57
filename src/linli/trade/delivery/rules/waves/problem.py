"""What a wave has to do and with what: stops, vehicles, the way between places, and what each thing costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TICKS_PER_MIN = 100
"""Times are counted in hundredths of a minute: whole numbers that solvers take, finer than a courier can keep."""
UNITS_PER_FEN = 100
"""Costs of the product are counted in hundredths of a fen, so that a metre at 0.30 CNY/km is a whole number (3)."""
MOST_STOPS = 5_000
MOST_VEHICLES = 1_000
LATEST = 100 * 24 * 60 * TICKS_PER_MIN
"""No wave lasts a hundred days; a longer time is a mistake of the caller's units."""

Matrix = Sequence[Sequence[int]]
"""Square, one row per place; travel in ticks or distance in metres. May be asymmetric (one-way streets)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Goods that the courier fetches from a shop on the way, instead of finding them at the vehicle's start.

    Service at the shop does not begin before `ready_at` (its release time) and takes `service` ticks.
    """

    place: int
    ready_at: int = 0
    service: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A door where `orders` are handed over; service begins within `window` (the slot and the gate's hours) ticks.

    Without a `collection` the goods wait at the vehicle's start from `ready_at` on, and no vehicle that carries them
    leaves earlier. A stop with a `price` may be left out at that cost; without one it must be served. Only vehicles
    that have all its `skills` may serve it. `name` is the caller's own word for the stop, by which it is known when
    the wave is planned again; `district` is what it is split by.
    """

    place: int
    orders: int
    window: tuple[int, int]
    service: int = 0
    ready_at: int = 0
    collection: Collection | None = None
    price: int | None = None
    skills: frozenset[str] = frozenset()
    district: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A courier with what they drive: carries `capacity` orders at a time from `start` to `end` within `shift` ticks.

    `fixed_cost` is paid once it leaves; `most_duty` limits the ticks between leaving and being back (driver hours).
    """

    start: int
    end: int
    capacity: int
    shift: tuple[int, int]
    fixed_cost: int = 0
    most_duty: int | None = None
    skills: frozenset[str] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What a plan costs beside its vehicles, in units: per tick driven, per tick on duty (waiting too), per metre."""

    travel_tick: int = 0
    duty_tick: int = 0
    metre: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A wave to be planned: every stop once, by whichever vehicles cost least. Made only if it makes sense."""

    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    travel: Matrix
    rates: Rates
    distance_m: Matrix | None = None

    def __post_init__(self) -> None:
        for wrong, why in _mistakes(self):
            if wrong:
                raise ValueError(why)

    @property
    def orders(self) -> int:
        """How many orders the wave brings, those that may be left out included."""
        return sum(stop.orders for stop in self.stops)

    def arc(self, from_place: int, to_place: int) -> int:
        """This will price the way from one place to another: time driven and distance, without duty."""
        metres = self.distance_m[from_place][to_place] if self.distance_m is not None else 0
        return self.rates.travel_tick * self.travel[from_place][to_place] + self.rates.metre * metres


def _mistakes(problem: Problem) -> tuple[tuple[bool, str], ...]:
    size = len(problem.travel)
    places = [v.start for v in problem.vehicles] + [v.end for v in problem.vehicles] + [s.place for s in problem.stops]
    places += [s.collection.place for s in problem.stops if s.collection]
    spans = [s.window for s in problem.stops] + [v.shift for v in problem.vehicles]
    amounts = [s.orders for s in problem.stops] + [s.service for s in problem.stops]
    amounts += [s.ready_at for s in problem.stops] + [s.price or 0 for s in problem.stops]
    amounts += [n for s in problem.stops if s.collection for n in (s.collection.ready_at, s.collection.service)]
    amounts += [n for v in problem.vehicles for n in (v.capacity, v.fixed_cost, v.most_duty or 0)]
    rates = problem.rates
    amounts += [rates.travel_tick, rates.duty_tick, rates.metre]
    squares = [problem.travel] + ([problem.distance_m] if problem.distance_m is not None else [])
    names = [s.name for s in problem.stops if s.name]
    return (
        (len(problem.stops) > MOST_STOPS, f"a wave has at most {MOST_STOPS} stops"),
        (len(problem.vehicles) > MOST_VEHICLES, f"a wave has at most {MOST_VEHICLES} vehicles"),
        (any(len(m) != size or any(len(row) != size for row in m) for m in squares), "a matrix is not square"),
        (any(not 0 <= p < size for p in places), "a place has no row in the matrix"),
        (any(not 0 <= early <= late <= LATEST for early, late in spans), "a window ends before it begins"),
        (any(n < 0 for n in amounts), "an amount is below zero"),
        (rates.metre > 0 and problem.distance_m is None, "metres have a price, and there are no distances"),
        (len(names) != len(set(names)), "two stops have the same name"),
    )
