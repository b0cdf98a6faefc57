"""Plays a day to a dispatcher, minute by minute; it hears of nothing before it is known and may break no rule."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from linli.works.bench.dispatch.days import Day, DayOrder, Point
from linli.works.bench.dispatch.messages import Init, New, Now, Shift, State, Step, Told
from linli.works.bench.dispatch.records import Assignment, Move, Record

Decide = Callable[[Step], Sequence[Told]]


class BrokenRule(Exception):
    """Why an instruction is not carried out."""


def init_of(day: Day) -> Init:
    """This will tell what a dispatcher knows before the day begins."""
    return Init(
        name=day.name,
        meters_per_minute=day.metres_per_minute,
        pickup_service=day.pickup_service,
        dropoff_service=day.drop_service,
        target=day.target,
        max_ctd=day.maximum,
        pay_order=day.pay_per_order,
        pay_hour=day.pay_per_hour,
        restaurants=dict(day.shops),
        couriers={c.key: Shift(x=c.place[0], y=c.place[1], on=c.began, off=c.ends) for c in day.couriers.values()},
    )


def play(day: Day, decide: Decide, *, believed: bool = False) -> Record:
    """This will play a whole day; `believed` hides ready times behind the mean of their shop until they have come."""
    floor = _Floor(day, believed=believed)
    placed = sorted(day.orders.values(), key=lambda order: (order.placed, order.key))
    began = min(*(order.placed for order in placed), *(courier.began for courier in day.couriers.values()))
    ended = 1 + max(*(order.ready for order in placed), *(courier.ends for courier in day.couriers.values()))
    known, rejected = 0, list[Told]()
    for minute in range(began, ended + 1):
        floor.turn(minute)
        fresh = known
        while known < len(placed) and placed[known].placed <= minute:
            known += 1
        step = floor.seen(minute, placed[fresh:known], placed[:known], rejected)
        used = time.process_time()
        instructions = decide(step)
        floor.record.step_cpu_ms.append(1000 * (time.process_time() - used))
        rejected = floor.carry_out_all(minute, instructions)
    return floor.record


@dataclass(slots=True)
class _Stand:
    """How a courier stands: `at` is the key of where he is, or will be when he is free."""

    state: State
    place: Point
    at: str
    free: int
    shop: str | None = None


class _Floor:
    """The town as it moves; what couriers do follows from what they were told and from the rules alone."""

    def __init__(self, day: Day, *, believed: bool) -> None:
        self.record = Record()
        self._day, self._believed = day, believed
        self._stands = {c.key: _Stand("off", c.place, c.key, c.began) for c in day.couriers.values()}
        self._taken = set[str]()
        takes = defaultdict[str, list[int]](list)
        for order in day.orders.values():
            takes[order.shop].append(order.ready - order.placed)
        self._usual = {shop: fmean(minutes) for shop, minutes in takes.items()}

    def turn(self, minute: int) -> None:
        """Let everybody arrive who arrives in this minute."""
        for key, stand in self._stands.items():
            courier = self._day.couriers[key]
            if stand.state == "off" and courier.began <= minute <= courier.ends:
                stand.state = "idle"
            elif minute >= stand.free and stand.state == "moving":
                stand.state = "at"
            elif minute >= stand.free and stand.state == "busy":
                stand.state, stand.shop = "idle", None

    def seen(self, minute: int, fresh: Sequence[DayOrder], known: Sequence[DayOrder], rejected: list[Told]) -> Step:
        """What a dispatcher may know in this minute."""
        new = [
            New(id=o.key, x=o.drop[0], y=o.drop[1], placed=o.placed, rest=o.shop, ready=self._ready(o, minute))
            for o in fresh
        ]
        couriers = {k: Now(state=s.state, loc=s.place, free=s.free, rest=s.shop) for k, s in self._stands.items()}
        open_ = [order for order in known if order.key not in self._taken] if self._believed else []
        updates = {order.key: self._ready(order, minute) for order in open_}
        return Step(t=minute, new=new, couriers=couriers, ready_updates=updates, rejected=rejected)

    def carry_out_all(self, minute: int, instructions: Sequence[Told]) -> list[Told]:
        """Have couriers do what they are told, and give back what broke a rule."""
        rejected = []
        for told in instructions:
            try:
                self._carry_out(minute, told)
            except BrokenRule as why:
                self.record.refused.append((minute, told, str(why)))
                rejected.append(told)
        return rejected

    def _ready(self, order: DayOrder, minute: int) -> int:
        if not self._believed or minute >= order.ready:
            return order.ready
        return max(minute + 1, round(order.placed + self._usual[order.shop]))

    def _carry_out(self, minute: int, told: Told) -> None:
        stand = self._stands.get(told.courier)
        if stand is None or stand.state in ("off", "busy"):
            raise BrokenRule("nobody to be told anything")
        if told.goto is not None:
            self._go(minute, told.courier, stand, told.goto)
        else:
            self._deliver(minute, told.courier, stand, told.deliver or [])

    def _go(self, minute: int, courier: str, stand: _Stand, shop: str) -> None:
        if shop not in self._day.shops:
            raise BrokenRule("no such shop")
        if stand.shop == shop:
            return
        if stand.state == "moving":
            raise BrokenRule("on the way to another shop")
        stand.free = self._move(courier, stand, minute, shop)
        stand.state, stand.shop = "moving", shop

    def _deliver(self, minute: int, courier: str, stand: _Stand, keys: list[str]) -> None:
        day = self._day
        if not keys or len(set(keys)) < len(keys):
            raise BrokenRule("no orders, or one of them twice")
        if any(k not in day.orders or k in self._taken or day.orders[k].placed > minute for k in keys):
            raise BrokenRule("an order that is unknown, not yet placed or already taken")
        orders = [day.orders[key] for key in keys]
        shop = orders[0].shop
        if any(order.shop != shop for order in orders):
            raise BrokenRule("orders of several shops")
        there = stand.shop == shop
        if stand.state == "moving" and not there:
            raise BrokenRule("on the way to another shop")
        arrives = stand.free if there else minute + day.minutes(stand.place, day.shops[shop])
        pickup = max(minute, arrives + day.pickup_service // 2, *(order.ready for order in orders))
        if pickup > day.couriers[courier].ends:
            raise BrokenRule("the shift ends before the pick-up")
        if not there:
            self._move(courier, stand, minute, shop)
        now, drops = pickup + math.ceil(day.pickup_service / 2), list[int]()
        for key in keys:
            drops.append(self._move(courier, stand, now, key) + day.drop_service // 2)
            now = drops[-1] + math.ceil(day.drop_service / 2)
        self._taken.update(keys)
        self.record.assignments.append(Assignment(courier, minute, pickup, tuple(keys), tuple(drops)))
        stand.state, stand.free, stand.shop = "busy", now, None

    def _move(self, courier: str, stand: _Stand, departs: int, destination: str) -> int:
        place = self._day.place(destination)
        arrives = departs + self._day.minutes(stand.place, place)
        self.record.moves.append(Move(courier, departs, stand.at, destination))
        stand.place, stand.at = place, destination
        return arrives
