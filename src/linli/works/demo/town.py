"""The demo's town as a plan: plain values from a seed, nothing written. The same seed and size give the same town."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from random import Random
from typing import Any

from linli.kernel.money import Money

SIZES = {"small": 300, "full": 1500}
"""Homes of each community."""
SEED = 20260731

# The demo's phones count up from here: eleven digits as Chinese mobiles have them, none of them anybody's we know of.
_FIRST_PHONE = 19_900_000_000
PLATFORM_PHONE, COMPANY_PHONE, MERCHANT_PHONE, RESIDENT_PHONE = (str(_FIRST_PHONE + n) for n in (1, 2, 3, 4))
TECHNICIAN_PHONE, COURIER_PHONE, COMPANYS_COURIER_PHONE = (str(_FIRST_PHONE + n) for n in (5, 6, 7))
_STAFF, _COURIERS, _OWNERS, _RESIDENTS = 100, 200, 300, 10_000
_FLOORS = (6, 6, 11, 11, 17)
_AREAS = ("52.40", "68.15", "76.80", "89.37", "89.37", "96.52", "108.90", "121.33", "139.60")
_WORK_SHARE = Decimal("0.62")
"""What a unit costs its merchant, as a part of its price."""


@dataclass(frozen=True, slots=True)
class Home:
    building: str
    unit: str
    label: str
    area_m2: Decimal


@dataclass(frozen=True, slots=True)
class Building:
    label: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody who lives somewhere; `home` counts the community's homes."""

    name: str
    phone: str
    home: int
    kind: str
    locale: str


@dataclass(frozen=True, slots=True)
class Community:
    name: dict[str, str]
    lat: float
    lon: float
    address: str
    buildings: tuple[Building, ...]
    homes: tuple[Home, ...]
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A group of options on dishes: (zh, en, price, minutes) each."""

    name: dict[str, str]
    least: int
    most: int
    options: tuple[tuple[dict[str, str], Money, int], ...]


@dataclass(frozen=True, slots=True)
class Good:
    """A thing on a shelf; `days` is how long it keeps, `stock` how many are there (None: made when ordered)."""

    category: str
    name: dict[str, str]
    price: Money
    cost: Money
    measure: str
    days: int | None
    stock: int | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    name: dict[str, str]
    merchant: str
    kind: str
    owner: Person
    lat: float
    lon: float
    hours: tuple[str, str]
    delivers: bool
    by_couriers: bool
    fee: Money
    free_from: Money | None
    minutes: int
    popularity: int
    commission_bp: int
    property_share_bp: int
    goods: tuple[Good, ...]


@dataclass(frozen=True, slots=True)
class Town:
    name: dict[str, str]
    district: dict[str, str]
    timezone: str
    currency: str
    communities: tuple[Community, ...]
    company: str
    operator: Person
    staff: tuple[Person, ...]
    couriers: tuple[Person, ...]
    categories: dict[str, dict[str, str]]
    shops: tuple[Shop, ...]


def plan(*, homes: int, seed: int = SEED) -> Town:
    """This will plan a town whose communities have so many homes each."""
    told = tomllib.loads(_read("town.toml"))
    draw = Random(seed)
    names, first = _names(told["people"], draw), _RESIDENTS
    communities = []
    for said in told["communities"]:
        communities.append(_community(said, homes, names, first, draw))
        first += len(communities[-1].neighbours)
    staff = tuple(Person(n, _phone(_STAFF + i)) for i, n in enumerate(told["people"]["staff"]))
    return Town(
        name=_both(told["city"]),
        district=_both(told["city"]["district"]),
        timezone=told["city"]["timezone"],
        currency=told["city"]["currency"],
        communities=tuple(communities),
        company=told["company"]["name"],
        operator=Person(told["operator"]["name"], PLATFORM_PHONE),
        staff=(Person(staff[0].name, COMPANY_PHONE), *staff[1:]),
        couriers=tuple(Person(n, _phone(_COURIERS + i)) for i, n in enumerate(told["people"]["couriers"])),
        categories={key: _both(said) for key, said in told["categories"].items()},
        shops=tuple(_shop(said, nth, told["choices"]) for nth, said in enumerate(told["shops"])),
    )


def _community(said: dict[str, Any], homes: int, names: Iterator[str], first_phone: int, draw: Random) -> Community:
    doors = tuple(_homes(homes, draw))
    labels = dict.fromkeys(home.building for home in doors)
    # The buildings stand in rows of five, some seventy metres apart.
    buildings = tuple(
        Building(label, round(said["lat"] + n // 5 * 0.0006, 7), round(said["lon"] + n % 5 * 0.0007, 7))
        for n, label in enumerate(labels)
    )
    neighbours: list[Neighbour] = []
    for nth in range(homes):
        for kind in _household(draw) or ("owner",) * (nth == 0):  # the first home is somebody's in every town
            name, phone = next(names), _phone(first_phone + len(neighbours))
            neighbours.append(Neighbour(name, phone, nth, kind, "en" if name.isascii() else "zh-hans"))
    if first_phone == _RESIDENTS:
        one = neighbours[0]
        neighbours[0] = Neighbour(one.name, RESIDENT_PHONE, one.home, one.kind, one.locale)
    return Community(_both(said), said["lat"], said["lon"], said["address"], buildings, doors, tuple(neighbours))


def _homes(count: int, draw: Random) -> Iterator[Home]:
    left, building = count, 0
    while left > 0:
        building += 1
        units, floors, doors = draw.choice((1, 2, 2, 3)), draw.choice(_FLOORS), draw.choice((2, 2, 3, 4))
        areas = [Decimal(draw.choice(_AREAS)) for _ in range(doors)]
        for unit in range(1, units + 1):
            for floor in range(1, floors + 1):
                for door in range(1, doors + 1):
                    if left == 0:
                        return
                    left -= 1
                    yield Home(str(building), str(unit), f"{floor}{door:02d}", areas[door - 1])


def _household(draw: Random) -> tuple[str, ...]:
    roll = draw.random()
    if roll < 0.04:
        return ()  # nobody has moved in yet
    if roll < 0.24:
        return ("tenant",) * draw.choice((1, 1, 2))
    return ("owner", *("family",) * draw.choice((0, 0, 1, 1, 2)))


def _names(people: dict[str, Any], draw: Random) -> Iterator[str]:
    surnames, given, foreign = people["surnames"], people["given"], people["foreign"]
    while True:
        if draw.random() < 0.02:
            yield draw.choice(foreign)
        else:
            yield draw.choice(surnames) + "".join(draw.sample(given, draw.choice((1, 2, 2))))


def _shop(said: dict[str, Any], nth: int, choices: list[dict[str, Any]]) -> Shop:
    rows = csv.DictReader(_read(f"goods/{said['goods']}.csv").splitlines())
    return Shop(
        name=_both(said),
        merchant=said["merchant"],
        kind=said["kind"],
        owner=Person(said["owner"], MERCHANT_PHONE if nth == 0 else _phone(_OWNERS + nth)),
        lat=said["lat"],
        lon=said["lon"],
        hours=(said["hours"][0], said["hours"][1]),
        delivers=said["delivers"],
        by_couriers=said.get("by_couriers", False),
        fee=Money.parse(said["fee"]),
        free_from=Money.parse(said["free_from"]) if "free_from" in said else None,
        minutes=said["minutes"],
        popularity=said["popularity"],
        commission_bp=said["commission_bp"],
        property_share_bp=said["property_share_bp"],
        goods=tuple(_good(row, choices) for row in rows),
    )


def _good(row: dict[str, str], choices: list[dict[str, Any]]) -> Good:
    price = Money.parse(row["price"])
    return Good(
        category=row["category"],
        name=_both(row),
        price=price,
        cost=Money.from_rate(price, _WORK_SHARE),
        measure=row["measure"],
        days=int(row["days"]) if row["days"] else None,
        stock=int(row["stock"]) if row["stock"] else None,
        choices=tuple(_choice(said) for said in choices if row["category"] in said["categories"]),
    )


def _choice(said: dict[str, Any]) -> Choice:
    options = tuple(({"zh": zh, "en": en}, Money.parse(price), minutes) for zh, en, price, minutes in said["options"])
    return Choice(_both(said), said["least"], said["most"], options)


def _both(said: dict[str, Any]) -> dict[str, str]:
    return {"zh": said["zh"], "en": said["en"]}


def _phone(number: int) -> str:
    return str(_FIRST_PHONE + number)


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
