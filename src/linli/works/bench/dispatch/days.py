"""Days to be played: read from folders in the form of the public collection, written in it, or invented."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

Point = tuple[float, float]
"""Metres on a plane."""


class NoDay(Exception):
    """A folder that holds no day in the form of the collection."""


@dataclass(frozen=True, slots=True)
class DayOrder:
    """An order of the day, with minutes from its start."""

    key: str
    shop: str
    drop: Point
    placed: int
    ready: int


@dataclass(frozen=True, slots=True)
class DayCourier:
    """A courier of the day: where the shift begins, and its minutes."""

    key: str
    place: Point
    began: int
    ends: int


@dataclass(frozen=True, slots=True)
class Day:
    """One instance."""

    name: str
    metres_per_minute: float
    pickup_service: int
    drop_service: int
    target: int
    maximum: int
    pay_per_order: float
    pay_per_hour: float
    shops: Mapping[str, Point]
    couriers: Mapping[str, DayCourier]
    orders: Mapping[str, DayOrder]

    def minutes(self, origin: Point, destination: Point) -> int:
        """This will tell how long a way takes: whole minutes, rounded up."""
        metres = math.hypot(origin[0] - destination[0], origin[1] - destination[1])
        return math.ceil(metres / self.metres_per_minute)

    def place(self, key: str) -> Point:
        """This will tell where a shop, the drop of an order, or the beginning of a courier's shift is."""
        if key in self.shops:
            return self.shops[key]
        return self.orders[key].drop if key in self.orders else self.couriers[key].place


_PARAMETERS = (
    "meters_per_minute",
    "pickup service minutes",
    "dropoff service minutes",
    "target click-to-door",
    "maximum click-to-door",
    "pay per order",
    "guaranteed pay per hour",
)
_FILES: dict[str, tuple[str, ...]] = {
    "instance_parameters.txt": _PARAMETERS,
    "restaurants.txt": ("restaurant", "x", "y"),
    "couriers.txt": ("courier", "x", "y", "on_time", "off_time"),
    "orders.txt": ("order", "x", "y", "placement_time", "restaurant", "ready_time"),
}


def read(folder: Path) -> Day:
    """This will read a day from the four files of its folder, tab separated."""
    try:
        ((pace, pickup, drop, target, maximum, per_order, per_hour),) = _rows(folder, "instance_parameters.txt")
        shops = {key: (float(x), float(y)) for key, x, y in _rows(folder, "restaurants.txt")}
        couriers = [
            DayCourier(key, (float(x), float(y)), int(float(on)), int(float(off)))
            for key, x, y, on, off in _rows(folder, "couriers.txt")
        ]
        orders = [
            DayOrder(key, shop, (float(x), float(y)), int(float(placed)), int(float(ready)))
            for key, x, y, placed, shop, ready in _rows(folder, "orders.txt")
        ]
    except (OSError, KeyError, ValueError) as error:
        raise NoDay(f"{folder} holds no day that can be read: {error}") from error
    if strange := {order.shop for order in orders} - set(shops):
        raise NoDay(f"{folder} has orders of shops that it does not know: {', '.join(sorted(strange))}")
    return Day(
        folder.name,
        float(pace),
        int(pickup),
        int(drop),
        int(target),
        int(maximum),
        float(per_order),
        float(per_hour),
        shops,
        {courier.key: courier for courier in couriers},
        {order.key: order for order in orders},
    )


def _rows(folder: Path, name: str) -> list[list[str]]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return [[row[column] for column in _FILES[name]] for row in csv.DictReader(file, delimiter="\t")]


def write(day: Day, folder: Path) -> None:
    """This will write a day into a folder, in the form in which it can be read."""
    folder.mkdir(parents=True, exist_ok=True)
    service = (day.pickup_service, day.drop_service, day.target, day.maximum, day.pay_per_order, day.pay_per_hour)
    _put(folder, "instance_parameters.txt", [(day.metres_per_minute, *service)])
    _put(folder, "restaurants.txt", [(key, *at) for key, at in day.shops.items()])
    _put(folder, "couriers.txt", [(c.key, *c.place, c.began, c.ends) for c in day.couriers.values()])
    _put(folder, "orders.txt", [(o.key, *o.drop, o.placed, o.shop, o.ready) for o in day.orders.values()])


def _put(folder: Path, name: str, rows: Iterable[Sequence[object]]) -> None:
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter="\t").writerows([_FILES[name], *rows])


def invented(seed: int, *, shops: int, couriers: int, orders: int, hours: int = 6) -> Day:
    """This will make a day up: shops around a centre, doors near their shops, a peak at its middle."""
    draw, last = Random(seed), hours * 60
    around: dict[str, Point] = {f"r{n}": (_near(draw, 1800), _near(draw, 1800)) for n in range(1, shops + 1)}
    at_work: dict[str, DayCourier] = {}
    for n in range(1, couriers + 1):
        began = 0 if n <= max(1, couriers // 3) else draw.randrange(0, last // 2, 30)
        ends = min(last + 90, began + draw.choice((120, 180, 240)))
        at_work[f"c{n}"] = DayCourier(f"c{n}", (_near(draw, 1800), _near(draw, 1800)), began, ends)
    asked: list[tuple[int, str]] = sorted(
        (int(draw.triangular(0, last - 60, last / 2)), draw.choice(list(around))) for _ in range(orders)
    )
    made: dict[str, DayOrder] = {}
    for n, (placed, shop) in enumerate(asked, 1):
        x, y = around[shop]
        drop = (x + _near(draw, 900), y + _near(draw, 900))
        made[f"o{n}"] = DayOrder(f"o{n}", shop, drop, placed, placed + draw.randint(5, 30))
    return Day(f"invented{seed}", 320.0, 4, 4, 40, 90, 10.0, 15.0, around, at_work, made)


def _near(draw: Random, spread_m: float) -> float:
    return float(round(draw.gauss(0, spread_m)))
