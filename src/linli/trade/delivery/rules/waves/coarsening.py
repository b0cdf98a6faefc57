"""A wave made coarser: doors that are close together and alike become one chain, served by one courier in one go.

With a third to a half of the stops a search makes steps that carry whole blocks of doors from one courier to another,
which single doors never do, since each of them alone is dearer there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from linli.trade.delivery.rules.waves.plan import Plan, Route, Visit
from linli.trade.delivery.rules.waves.problem import Matrix, Problem, Stop, Vehicle

if TYPE_CHECKING:
    from numpy import dtype, int64, ndarray

    Whole = ndarray[Any, dtype[int64]]

FEWER = 2.0
"""So many stops become one, in the mean."""
LEAST_CHAINS_A_LOAD = 3
"""A chain carries at most this part of the least vehicle's capacity, so that loads can still be fitted."""
LEAST_ROOM = 0.5
"""Of a chain's window, how much is left to begin in, once its last door has to be reached in time as well."""
NEAREST = 12
"""Chains are made with so many of a door's nearest doors."""
NEAR_RANK, NEAR_TIMES = 5, 1.5
"""Doors are near when the way is no longer than so many times the way that a door mostly has to its fifth nearest."""


@dataclass(frozen=True, slots=True)
class Coarse:
    """A problem whose n-th stop is `chains[n]`, stops of the whole in the order in which they are served."""

    whole: Problem
    problem: Problem
    chains: tuple[tuple[int, ...], ...]

    def spread(self, plan: Plan, *, either_way: bool = False) -> Plan:
        """This will say a plan of chains as one of their doors; `either_way`, each chain the cheaper way round."""
        routes = []
        for route in plan.routes:
            rows = [self.chains[stop] for stop in route.stops]
            rows = self._turned(rows, self.whole.vehicles[route.vehicle]) if either_way else rows
            routes.append(Route(route.vehicle, tuple(Visit(stop) for row in rows for stop in row)))
        left_out = sorted(door for stop in plan.left_out for door in self.chains[stop])
        return replace(plan, routes=tuple(routes), left_out=tuple(left_out))

    def _turned(self, rows: Sequence[tuple[int, ...]], vehicle: Vehicle) -> list[tuple[int, ...]]:
        turned, at = [], vehicle.start
        place = [stop.place for stop in self.whole.stops]
        for row, after in zip(rows, [*rows[1:], ()], strict=True):
            ends = [place[after[0]], place[after[-1]]] if after else [vehicle.end]

            def onward(door: int, ends: Sequence[int] = ends) -> int:
                return min(self.whole.arc(place[door], to) for to in ends)

            straight = self.whole.arc(at, place[row[0]]) + onward(row[-1])
            reverse = self.whole.arc(at, place[row[-1]]) + onward(row[0])
            turned.append(row if straight <= reverse else row[::-1])
            at = place[turned[-1][-1]]
        return turned


def coarse(problem: Problem) -> Coarse:
    """This will join near doors that are alike to chains, the nearest first, either end to either end."""
    import numpy

    travel = numpy.asarray(problem.travel)
    places = [stop.place for stop in problem.stops]
    apart = travel[numpy.ix_(places, places)]
    nearest = numpy.argsort(apart, axis=1, kind="stable")[:, : NEAREST + 1].tolist()
    pairs = sorted({(int(apart[n, m]), min(n, m), max(n, m)) for n, row in enumerate(nearest) for m in row if m != n})
    chain_of: dict[int, tuple[int, ...]] = {n: (n,) for n in range(len(places))}
    left, wanted = len(places), round(len(places) / FEWER)
    for _, one, other in pairs:
        first, last = chain_of[one], chain_of[other]
        is_end = one in (first[0], first[-1]) and other in (last[0], last[-1])
        if left <= wanted or first is last or not is_end:
            continue
        first = first if first[-1] == one else first[::-1]
        last = last if last[0] == other else last[::-1]
        if may_chain(problem, first + last):
            chain_of |= dict.fromkeys(first + last, first + last)
            left -= 1
    return of_chains(problem, list(dict.fromkeys(chain_of.values())), either_way=True)


def near(problem: Problem) -> int:
    """This will say how long a way between two doors of one chain may be."""
    import numpy

    places = [stop.place for stop in problem.stops]
    apart = numpy.sort(numpy.asarray(problem.travel)[numpy.ix_(places, places)], axis=1)
    return int(numpy.median(apart[:, min(NEAR_RANK, len(places) - 1)]) * NEAR_TIMES)


def may_chain(problem: Problem, chain: Sequence[int]) -> bool:
    """This will tell whether doors can be served as one: alike, not too many orders, and time left to begin in."""
    stops = [problem.stops[stop] for stop in chain]
    first = stops[0]
    capacity = min((vehicle.capacity for vehicle in problem.vehicles), default=0)
    if sum(stop.orders for stop in stops) * LEAST_CHAINS_A_LOAD > capacity:
        return False
    if any(stop.collection is not None or stop.price is not None or not _alike(stop, first) for stop in stops):
        return False
    until_last = _lasts(problem.travel, stops) - stops[-1].service
    return until_last <= (first.window[1] - first.window[0]) * LEAST_ROOM


def of_chains(problem: Problem, chains: Sequence[tuple[int, ...]], *, either_way: bool = False) -> Coarse:
    """This will make the problem of some chains, which name every stop once.

    A chain is driven as it stands and costs exactly what its doors do but for the ways within it, which are the same
    in every plan; `either_way` it may still be turned, and its ways to others are a mean of those of its ends.
    """
    ends = sorted({place for vehicle in problem.vehicles for place in (vehicle.start, vehicle.end)})
    rows = [[problem.stops[stop] for stop in chain] for chain in chains]
    smaller = replace(
        problem,
        stops=tuple(_chained(problem, row, len(ends) + n) for n, row in enumerate(rows)),
        vehicles=tuple(
            replace(each, start=ends.index(each.start), end=ends.index(each.end)) for each in problem.vehicles
        ),
        travel=_between(problem.travel, ends, rows, either_way=either_way),
        distance_m=None
        if problem.distance_m is None
        else _between(problem.distance_m, ends, rows, either_way=either_way),
    )
    return Coarse(problem, smaller, tuple(tuple(chain) for chain in chains))


def _alike(one: Stop, other: Stop) -> bool:
    return (one.window, one.ready_at, one.skills) == (other.window, other.ready_at, other.skills)


def _lasts(travel: Matrix, stops: Sequence[Stop]) -> int:
    """How long it takes to serve doors in their order, once the first is reached in its window."""
    ways = sum(int(travel[one.place][other.place]) for one, other in pairwise(stops))
    return ways + sum(stop.service for stop in stops)


def _chained(problem: Problem, row: Sequence[Stop], place: int) -> Stop:
    first, lasts = row[0], _lasts(problem.travel, row)
    if len(row) == 1:
        return replace(first, place=place)
    latest = max(first.window[0], first.window[1] - lasts + row[-1].service)
    return Stop(
        place=place,
        orders=sum(stop.orders for stop in row),
        window=(first.window[0], latest),
        service=lasts,
        ready_at=first.ready_at,
        skills=first.skills,
    )


def _between(matrix: Matrix, ends: Sequence[int], rows: Sequence[Sequence[Stop]], *, either_way: bool) -> Matrix:
    """The ways between chains and vehicles' ends: out of the last door of one, into the first of the next."""
    import numpy

    ways: Whole = numpy.asarray(matrix, dtype=numpy.int64)
    come = [*ends, *(row[0].place for row in rows)]
    leave = [*ends, *(row[-1].place for row in rows)]
    if not either_way:
        found = ways[numpy.ix_(leave, come)]
    else:
        each = numpy.stack([ways[numpy.ix_(one, other)] for one in (come, leave) for other in (come, leave)])
        found = (each.min(axis=0) + each.sum(axis=0) // 4) // 2
    numpy.fill_diagonal(found, 0)
    kept: Matrix = found.tolist()
    return kept
