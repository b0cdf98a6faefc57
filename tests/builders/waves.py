"""Small waves made with words: a street of doors, a minute apart, and couriers who start at its end."""

from __future__ import annotations

from typing import Any

from linli.trade.delivery.rules.waves import TICKS_PER_MIN, Problem, Rates, Stop, Vehicle

DAY = (0, 1_000 * TICKS_PER_MIN)


def street(length: int) -> tuple[tuple[int, ...], ...]:
    """Places in a row, each a minute from the next; couriers usually start at place 0."""
    return tuple(tuple(abs(a - b) * TICKS_PER_MIN for b in range(length)) for a in range(length))


def a_door(place: int, **told: Any) -> Stop:
    return Stop(**{"place": place, "orders": 1, "window": DAY} | told)


def a_courier(**told: Any) -> Vehicle:
    return Vehicle(**{"start": 0, "end": 0, "capacity": 10, "shift": DAY, "fixed_cost": 700} | told)


def a_wave(*stops: Stop, couriers: tuple[Vehicle, ...] = (a_courier(), a_courier()), **told: Any) -> Problem:
    """A wave on a street as long as it needs; costs are ticks driven, unless told otherwise."""
    places = [s.place for s in stops] + [s.collection.place for s in stops if s.collection]
    places += [place for v in couriers for place in (v.start, v.end)]
    length = max(places, default=0) + 1
    return Problem(
        **{"stops": stops, "vehicles": couriers, "travel": street(length), "rates": Rates(travel_tick=1)} | told
    )
