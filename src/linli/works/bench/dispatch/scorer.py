"""Judges a record of a day: was every rule kept, and how well did it go? It trusts nothing but the day itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from msgspec import Struct

from linli.works.bench.dispatch.days import Day, DayCourier
from linli.works.bench.dispatch.records import Assignment, Move, Record


class Score(Struct, frozen=True, kw_only=True):
    """How a day went, in minutes, percent and the currency of the day. Definitions: Reyes et al. 2018, section 2.2."""

    day: str
    orders: int
    delivered: int
    undelivered_pct: float
    click_to_door_min: float
    click_to_door_p90_min: float
    over_target_min: float
    ready_to_pickup_min: float
    ready_to_pickup_p90_min: float
    floor_min: float
    """Click to door, had every order been fetched when it was ready and taken straight to its door."""
    cost_per_order: float
    utilisation: float
    orders_per_bundle: float
    refused: int
    step_p99_cpu_ms: float
    step_most_cpu_ms: float
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    """What is found while the couriers' days are gone through."""

    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    door: list[int] = field(default_factory=list)
    pickup: list[int] = field(default_factory=list)
    pay: float = 0.0
    used: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Visit:
    """A courier's stay at a place, by its key."""

    place: str
    arrives: int
    departs: float


def score(day: Day, record: Record) -> Score:
    """This will judge a record."""
    tally = _Tally()
    strangers = ({a.courier for a in record.assignments} | {m.courier for m in record.moves}) - set(day.couriers)
    tally.faults += [f"{key} is no courier of this day" for key in sorted(strangers)]
    for courier in day.couriers.values():
        taken = sorted((a for a in record.assignments if a.courier == courier.key), key=lambda a: a.pickup)
        moves = sorted((m for m in record.moves if m.courier == courier.key), key=lambda m: m.departs)
        _go_through(day, courier, taken, moves, tally)
    done, cpu = len(tally.door), record.step_cpu_ms
    return Score(
        day=day.name,
        orders=len(day.orders),
        delivered=done,
        undelivered_pct=round(100 * (1 - done / len(day.orders)), 3),
        click_to_door_min=_mean(tally.door),
        click_to_door_p90_min=round(quantile(tally.door, 0.9), 1),
        over_target_min=_mean([max(0, minutes - day.target) for minutes in tally.door]),
        ready_to_pickup_min=_mean(tally.pickup),
        ready_to_pickup_p90_min=round(quantile(tally.pickup, 0.9), 1),
        floor_min=_mean(list(_floor(day))),
        cost_per_order=round(tally.pay / max(1, done), 2),
        utilisation=round(fmean(tally.used), 3),
        orders_per_bundle=round(done / max(1, len(record.assignments)), 3),
        refused=len(record.refused),
        step_p99_cpu_ms=round(quantile(cpu, 0.99), 1),
        step_most_cpu_ms=round(max(cpu, default=0.0), 1),
        faults=tuple(tally.faults),
    )


def _go_through(
    day: Day, courier: DayCourier, taken: Sequence[Assignment], moves: Sequence[Move], tally: _Tally
) -> None:
    visits = list(_visits(day, courier, moves, tally.faults))
    carried, since, next_visit = 0, -1, 0
    for one in taken:
        wrong = _wrong_with(day, courier, one, tally.seen, since)
        tally.faults += [f"{courier.key} at {one.pickup}: {why}" for why in wrong]
        orders = [day.orders[key] for key in one.orders if key in day.orders]
        if len(orders) != len(one.orders) or not orders:
            continue
        found = _visited(day, one, visits, next_visit)
        if found is None:
            tally.faults.append(f"{courier.key} at {one.pickup}: was not where the orders are, or not long enough")
            continue
        next_visit, since = found, one.drops[-1]
        carried += len(orders)
        tally.seen.update(one.orders)
        tally.door += [drop - order.placed for order, drop in zip(orders, one.drops, strict=True)]
        tally.pickup += [one.pickup - order.ready for order in orders]
    hours = (courier.ends - courier.began) / 60
    tally.pay += max(day.pay_per_order * carried, day.pay_per_hour * hours)
    driven = sum(day.minutes(day.place(m.origin), day.place(m.destination)) for m in moves if _known(day, m))
    tally.used.append((driven + day.drop_service * carried + day.pickup_service * len(taken)) / (60 * hours))


def _visits(day: Day, courier: DayCourier, moves: Sequence[Move], faults: list[str]) -> Iterator[_Visit]:
    """Where he was from when to when, each stay ended by the next way."""
    at, since = courier.key, courier.began
    for move in moves:
        if not _known(day, move):
            faults.append(f"{courier.key} at {move.departs}: goes between places that do not exist")
            continue
        if move.origin != at:
            faults.append(f"{courier.key} at {move.departs}: leaves {move.origin} and was at {at}")
        if move.departs < since:
            faults.append(f"{courier.key} at {move.departs}: leaves before he is there, or before the shift")
        yield _Visit(at, since, move.departs)
        since, at = move.departs + day.minutes(day.place(at), day.place(move.destination)), move.destination
    yield _Visit(at, since, math.inf)


def _wrong_with(day: Day, courier: DayCourier, one: Assignment, seen: set[str], since: int) -> Iterator[str]:
    """The rules that can be judged without knowing where he was."""
    orders = [day.orders[key] for key in one.orders if key in day.orders]
    if not orders or len(orders) < len(one.orders):
        yield "orders that do not exist, or none"
        return
    if seen & set(one.orders) or len(set(one.orders)) < len(one.orders):
        yield "an order is delivered twice"
    if len({order.shop for order in orders}) > 1:
        yield "orders of several shops travel together"
    if one.told < max(order.placed for order in orders):
        yield "told before the order was placed"
    if one.pickup < max(one.told, *(order.ready for order in orders)):
        yield "picked up before it was told, or before it was ready"
    if one.pickup > courier.ends:
        yield "picked up after the end of the shift"
    if one.pickup < since:
        yield "picked up with other orders still in hand"


def _visited(day: Day, one: Assignment, visits: Sequence[_Visit], first: int) -> int | None:
    """The place of the last drop among his visits, if he was at the shop and at every door in time and long enough."""
    shop = day.orders[one.orders[0]].shop
    nth = first
    while nth < len(visits) and not (visits[nth].place == shop and visits[nth].departs > one.pickup):
        nth += 1
    stays = [(shop, one.pickup, day.pickup_service), *((k, d, day.drop_service) for k, d in _pairs(one))]
    if len(one.drops) != len(one.orders) or nth + len(stays) > len(visits):
        return None
    for visit, (place, minute, service) in zip(visits[nth:], stays, strict=False):
        in_time = visit.arrives + service / 2 <= minute and minute + service / 2 <= visit.departs
        if visit.place != place or not in_time:
            return None
    return nth + len(one.orders)


def _pairs(one: Assignment) -> Iterator[tuple[str, int]]:
    yield from zip(one.orders, one.drops, strict=False)


def _known(day: Day, move: Move) -> bool:
    doors = day.orders.keys() | day.shops.keys()
    return move.origin in doors | {move.courier} and move.destination in doors


def _floor(day: Day) -> Iterator[float]:
    for order in day.orders.values():
        service = day.pickup_service / 2 + day.drop_service / 2
        yield order.ready - order.placed + service + day.minutes(day.shops[order.shop], order.drop)


def _mean(found: Sequence[float]) -> float:
    return round(fmean(found), 2) if found else 0.0


def quantile(found: Sequence[float], part: float) -> float:
    """This will tell below what value this part of them lies, between two of them in proportion."""
    if not found:
        return 0.0
    ordered = sorted(found)
    low, beyond = divmod((len(ordered) - 1) * part, 1)
    above = ordered[min(int(low) + 1, len(ordered) - 1)]
    return ordered[int(low)] + (above - ordered[int(low)]) * beyond
