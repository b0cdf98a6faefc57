"""A wave that is too big for one search, in districts that are planned apart."""

from __future__ import annotations

from collections.abc import Sequence

from linli.trade.delivery.rules.waves.plan import Plan
from linli.trade.delivery.rules.waves.problem import Problem
from linli.trade.delivery.rules.waves.regions import Part, a_part
from linli.trade.delivery.rules.waves.simple import Tour, by_difficulty, insert

MOST_STOPS = 500
"""Stops that one search plans well within some CPU seconds: about 1,000 orders of one slot."""


def split(problem: Problem, *, most_stops: int = MOST_STOPS) -> tuple[Part, ...]:
    """This will divide a wave by district into parts of at most so many stops; every stop is in exactly one.

    Districts that are near each other stay together; one that is too big itself is cut along its ways. Vehicles are
    dealt out one by one, each to the part that has most orders for each it has, preferably one that starts near.
    """
    if len(problem.stops) <= most_stops:
        return (a_part(problem, range(len(problem.stops)), range(len(problem.vehicles))),)
    line = [stop for district in _districts_in_line(problem) for stop in _in_line(problem, district)]
    many = -(-len(line) // most_stops)
    size = -(-len(line) // many)
    groups = [line[low : low + size] for low in range(0, len(line), size)]
    return tuple(a_part(problem, g, v) for g, v in zip(groups, _dealt(problem, groups), strict=True))


def joined(problem: Problem, parts: Sequence[tuple[Part, Plan]]) -> Plan:
    """This will make one plan of the plans of parts; what one left out, another's vehicle may still bring."""
    tours = [Tour(route.vehicle, list(route.visits)) for part, plan in parts for route in part.routes_of(plan)]
    missed = [part.stops[stop] for part, plan in parts for stop in plan.left_out]
    left_out = [stop for stop in by_difficulty(problem, missed) if not insert(problem, tours, stop)]
    made_by = parts[0][1].made_by if parts else ""
    steps = sum(plan.iterations for _, plan in parts)
    return Plan(tuple(t.as_route() for t in tours if t.visits), tuple(sorted(left_out)), made_by, iterations=steps)


def _districts_in_line(problem: Problem) -> list[list[int]]:
    """The stops of each district, each district followed by the nearest of those that remain."""
    found: dict[str, list[int]] = {}
    for index, stop in enumerate(problem.stops):
        found.setdefault(stop.district, []).append(index)
    left = list(found.values())
    line = [left.pop(0)]
    while left:
        here = problem.stops[line[-1][0]].place
        nearest = min(range(len(left)), key=lambda n: problem.travel[here][problem.stops[left[n][0]].place])
        line.append(left.pop(nearest))
    return line


def _in_line(problem: Problem, district: Sequence[int]) -> list[int]:
    """The stops of a district, each followed by the nearest of those that remain."""
    left = list(district)
    line = [left.pop(0)]
    while left:
        ways = problem.travel[problem.stops[line[-1]].place]
        nearest = min(range(len(left)), key=lambda n: ways[problem.stops[left[n]].place])
        line.append(left.pop(nearest))
    return line


def _dealt(problem: Problem, groups: Sequence[Sequence[int]]) -> list[list[int]]:
    orders = [sum(problem.stops[stop].orders for stop in group) for group in groups]
    needed = [frozenset[str]().union(*(problem.stops[stop].skills for stop in group)) for group in groups]
    dealt: list[list[int]] = [[] for _ in groups]
    left = list(range(len(problem.vehicles)))
    while left:
        poorest = max(range(len(groups)), key=lambda n: orders[n] / (len(dealt[n]) + 0.5))
        has = frozenset[str]().union(*(problem.vehicles[v].skills for v in dealt[poorest]))
        there = problem.stops[groups[poorest][0]].place

        def fitness(index: int, lacks: frozenset[str] = needed[poorest] - has, to: int = there) -> tuple[int, int, int]:
            vehicle = problem.vehicles[left[index]]
            return -len(lacks & vehicle.skills), problem.travel[vehicle.start][to], index

        dealt[poorest].append(left.pop(min(range(len(left)), key=fitness)))
    return dealt
