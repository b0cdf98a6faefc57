"""The sheet: its columns, what a row of it wants, and what is wrong with a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from linli.estate.metering.rules import Kind
from linli.ground.people.rules import MOST_NAME_CHARACTERS, ResidencyKind, phone_number
from linli.ground.places.rules import MOST_LABEL_CHARACTERS, area_m2
from linli.kernel.ids import CommunityId, IntakeId
from linli.kernel.life import Life
from linli.kernel.money import Money
from linli.kernel.words import _
from linli.spine import sheets
from linli.spine.sheets import Column, Row

Door = tuple[str, str, str]

METERS: Mapping[Kind, tuple[str, str]] = {
    Kind.COLD_WATER: ("冷水表号", "冷水读数"),
    Kind.HOT_WATER: ("热水表号", "热水读数"),
    Kind.ELECTRICITY: ("电表号", "电表读数"),
    Kind.GAS: ("燃气表号", "燃气读数"),
    Kind.HEAT: ("热表号", "热表读数"),
}
COLUMNS = (
    Column("building", ("楼栋",), required=True),
    Column("unit", ("单元",)),
    Column("home", ("房号", "房屋"), required=True),
    Column("area_m2", ("建筑面积", "面积")),
    Column("inner_area_m2", ("套内面积",)),
    Column("floor", ("楼层",)),
    Column("coefficient", ("系数",)),
    Column("persons", ("人口", "人数")),
    Column("name", ("姓名", "业主")),
    Column("phone", ("手机", "电话")),
    Column("kind", ("身份",)),
    Column("start_on", ("入住日期", "起始日期")),
    Column("items", ("收费项目",)),
    Column("opening", ("期初余额", "期初欠费")),
    Column("opening_item", ("期初项目",)),
    Column("read_on", ("抄表日期",)),
    *(
        column
        for kind, (number, reading) in METERS.items()
        for column in (Column(f"{kind.value}_meter", (number,)), Column(kind.value, (reading,)))
    ),
)
EXPLAINED: Mapping[str, str] = {
    "building": _("The building's label, such as 3"),
    "unit": _("The stairwell; empty where a building has none"),
    "home": _("The home's label, such as 501; one row for each home, and one more for each further person"),
    "area_m2": _("Built-up area in square metres"),
    "inner_area_m2": _("Inner area in square metres"),
    "floor": _("The floor, a whole number"),
    "coefficient": _("The home's coefficient for shared costs"),
    "persons": _("How many live there"),
    "name": _("Who owns the home, rents it or lives in it"),
    "phone": _("Their phone; whoever has a name needs one"),
    "kind": _("owner, tenant or family; owner where it is empty"),
    "start_on": _("Since when, such as 2026-03-02; today where it is empty"),
    "items": _("Fee items that are charged from the first of this month, several with a space or comma between"),
    "opening": _(
        "What was owed before, such as 128.50; below zero, such as -60, what was paid ahead and pays the next bills"
    ),
    "read_on": _("The day on which the meters showed this, such as 2026-02-28; today where it is empty"),
    "opening_item": _(
        "The fee item of what was owed; the first of the row where it is empty. What was paid ahead needs none"
    ),
}
_KINDS = {"业主": ResidencyKind.OWNER, "租户": ResidencyKind.TENANT, "家属": ResidencyKind.FAMILY}
_BETWEEN = re.compile(r"[\s,，、;；]+")
MOST_ITEMS = 20
MOST_BALANCE = Money(100_000_000)


PREVIEW, TAKE_OVER, UNDO = "intake.preview_sheet", "intake.take_over", "intake.undo_batch"
PREVIEW_RESIDENTS, IMPORT_RESIDENTS = "intake.preview_residents", "intake.import_residents"


@dataclass(frozen=True, slots=True)
class SheetRun:
    """A sheet that the worker is asked to look at or take over; it came as the file of the chore (ground/chores)."""

    community: CommunityId


@dataclass(frozen=True, slots=True)
class UndoRun:
    """A batch that the worker is asked to undo."""

    community: CommunityId
    batch: IntakeId


class BatchState(StrEnum):
    TAKEN = "taken"
    UNDONE = "undone"


class BatchVerb(StrEnum):
    UNDO = "undo"


BATCH_LIFE = Life(birth=BatchState.TAKEN, moves={(BatchState.TAKEN, BatchVerb.UNDO): BatchState.UNDONE})


class Status(StrEnum):
    """What a row of the sheet does."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Facts:
    """What charging knows of a home; None is not said."""

    inner_area_m2: Decimal | None = None
    floor: int | None = None
    coefficient: Decimal | None = None
    persons: int | None = None

    @property
    def says_nothing(self) -> bool:
        return (self.inner_area_m2, self.floor, self.coefficient, self.persons) == (None, None, None, None)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    phone: str
    kind: ResidencyKind
    start_on: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row wants, cell by cell; `wrong` names cells that cannot be read and why."""

    row: int
    door: Door
    area: Decimal | None = None
    facts: Facts = field(default_factory=Facts)
    person: Person | None = None
    items: tuple[str, ...] = ()
    opening: Money | None = None
    opening_item: str = ""
    meters: tuple[tuple[Kind, str, Decimal], ...] = ()
    read_on: date | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)


class _Cells:
    """The cells of a row, read by type; what cannot be read is noted."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.wrong: dict[str, str] = {}

    def label(self, column: str, *, needed: bool) -> str:
        text = self.row[column]
        if (needed and not text) or len(text) > MOST_LABEL_CHARACTERS:
            self.wrong[column] = _("A label of at most 20 characters is needed.")
        return text

    def number(self, column: str, low: Decimal, high: Decimal) -> Decimal | None:
        text = self.row[column]
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or not low <= value <= high:
            self.wrong[column] = _("“{value}” is not a number that can stand here.")
            return None
        return value

    def whole(self, column: str, low: int, high: int) -> int | None:
        value = self.number(column, Decimal(low), Decimal(high))
        if value is not None and value != value.to_integral_value():
            self.wrong[column] = _("“{value}” is not a number that can stand here.")
            return None
        return None if value is None else int(value)

    def area(self, column: str) -> Decimal | None:
        text = self.row[column]
        found = area_m2(text) if text else None
        if text and found is None:
            self.wrong[column] = _("“{value}” is not an area in square metres.")
        return found

    def balance(self, column: str) -> Money | None:
        """An amount that is owed; below zero where the home paid ahead, as accountants write it: -20, −20 or (20)."""
        text = self.row[column].replace("¥", "").replace("￥", "").replace("−", "-").strip()
        if not text:
            return None
        if text.startswith("(") and text.endswith(")"):
            text = f"-{text[1:-1].strip()}"
        try:
            amount = Money.parse(text)
        except ValueError:
            self.wrong[column] = _("“{value}” is not an amount such as 128.50, or -60 where it was paid ahead.")
            return None
        if not -MOST_BALANCE <= amount <= MOST_BALANCE:
            self.wrong[column] = _("“{value}” is too much for one home.")
            return None
        return amount or None

    def day(self, column: str, otherwise: date) -> date:
        try:
            return sheets.day(self.row[column]) if self.row[column] else otherwise
        except ValueError:
            self.wrong[column] = _("This is not a day such as 2026-03-02.")
            return otherwise


def wanted(row: Row, today: date) -> Wanted:
    """This will read a row."""
    cells = _Cells(row)
    door = (
        cells.label("building", needed=True),
        cells.label("unit", needed=False),
        cells.label("home", needed=True),
    )
    coefficient = cells.number("coefficient", Decimal(0), Decimal(99_999))
    facts = Facts(
        cells.area("inner_area_m2"),
        cells.whole("floor", -20, 300),
        None if coefficient is None else coefficient.quantize(Decimal("0.0001")),
        cells.whole("persons", 0, 100),
    )
    items = tuple(dict.fromkeys(word for word in _BETWEEN.split(row["items"]) if word))
    if len(items) > MOST_ITEMS:
        cells.wrong["items"] = _("At most 20 fee items.")
    return Wanted(
        row.number,
        door,
        cells.area("area_m2"),
        facts,
        _person(row, cells, today),
        items,
        cells.balance("opening"),
        row["opening_item"] or (items[0] if items else ""),
        _meters(row, cells, door),
        _read_on(row, cells, today),
        cells.wrong,
    )


def _person(row: Row, cells: _Cells, today: date) -> Person | None:
    if not row["name"] and not row["phone"]:
        return None
    name, phone, kind = " ".join(row["name"].split()), phone_number(row["phone"]), _kind(row["kind"])
    if not 0 < len(name) <= MOST_NAME_CHARACTERS or not name.isprintable():
        cells.wrong["name"] = _("A name is needed.")
    if phone is None:
        cells.wrong["phone"] = _("This is not a phone number.")
    if kind is None:
        cells.wrong["kind"] = _("Somebody lives in a home as owner, tenant or family.")
    start_on = cells.day("start_on", today)
    return Person(name, phone, kind, start_on) if phone is not None and kind is not None else None


def _kind(text: str) -> ResidencyKind | None:
    if not text:
        return ResidencyKind.OWNER
    return _KINDS.get(text) or next((kind for kind in ResidencyKind if kind.value == text.lower()), None)


def _meters(row: Row, cells: _Cells, door: Door) -> tuple[tuple[Kind, str, Decimal], ...]:
    found: list[tuple[Kind, str, Decimal]] = []
    for kind in METERS:
        label, shown = row[f"{kind.value}_meter"], cells.number(kind.value, Decimal(0), Decimal(99_999))
        if label and len(label) > 40:
            cells.wrong[f"{kind.value}_meter"] = _("A meter's number has at most 40 characters.")
        if label or shown is not None:
            named = label or "-".join(part for part in door if part) + f"-{kind.value}"
            found.append((kind, named, shown or Decimal(0)))
    return tuple(found)


def _read_on(row: Row, cells: _Cells, today: date) -> date | None:
    if not row["read_on"]:
        return None
    day = cells.day("read_on", today)
    if day > today:
        cells.wrong["read_on"] = _("Nobody can have read a meter on a day to come.")
    return day


def merged(before: Wanted, now: Wanted) -> Mapping[str, str]:
    """This will tell where a further row of a home contradicts the one above; what it leaves empty it does not say."""
    wrong: dict[str, str] = {}
    pairs: dict[str, tuple[Any, Any]] = {
        "area_m2": (before.area, now.area),
        "inner_area_m2": (before.facts.inner_area_m2, now.facts.inner_area_m2),
        "floor": (before.facts.floor, now.facts.floor),
        "coefficient": (before.facts.coefficient, now.facts.coefficient),
        "persons": (before.facts.persons, now.facts.persons),
        "opening": (before.opening, now.opening),
    }
    for column, (was, said) in pairs.items():
        if said is not None and said != was:
            wrong[column] = _("A row above says something else of this home.")
    return wrong
