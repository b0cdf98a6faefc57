"""Meters: what they count, for whom, and how a display goes forward."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from linli.kernel.ids import HomeId
from linli.kernel.words import _


class Kind(StrEnum):
    """What a meter counts."""

    COLD_WATER = "cold_water"
    HOT_WATER = "hot_water"
    ELECTRICITY = "electricity"
    GAS = "gas"
    HEAT = "heat"


class Serves(StrEnum):
    """For whom a meter counts: a home, or what many share."""

    HOME = "home"
    BUILDING = "building"
    LIFT = "lift"
    LIGHTING = "lighting"
    OTHER = "other"


class Register(StrEnum):
    """What the displays of a meter are called that are known everywhere."""

    TOTAL = "total"
    PEAK = "peak"
    FLAT = "flat"
    VALLEY = "valley"


CODES = {Kind.COLD_WATER: "CW", Kind.HOT_WATER: "HW", Kind.ELECTRICITY: "EL", Kind.GAS: "GA", Kind.HEAT: "HE"}
MEASURES = {
    Kind.COLD_WATER: "m³",
    Kind.HOT_WATER: "m³",
    Kind.ELECTRICITY: "kWh",
    Kind.GAS: "m³",
    Kind.HEAT: "kWh",
}
TOTAL = (Register.TOTAL.value,)
MOST_REGISTERS = 4
LONGEST_LABEL = 40
LONGEST_PLACE = 80
FEWEST_DIGITS, MOST_DIGITS = 3, 9
_REGISTER = re.compile(r"[a-z][a-z0-9_]{0,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterDraft:
    """A meter to be put in: `first` is what each of its displays shows on that day."""

    kind: Kind
    start_on: date
    home: HomeId | None = None
    serves: Serves = Serves.HOME
    building: UUID | None = None
    label: str = ""
    place: str = ""
    factor: Decimal = Decimal(1)
    digits: int = 5
    registers: tuple[str, ...] = TOTAL
    first: tuple[Decimal, ...] = field(default=(Decimal(0),))


def problem(draft: MeterDraft) -> tuple[str, str] | None:
    """This will tell which field of a draft cannot be, and why; None where all is well."""
    if (draft.home is None) == (draft.serves is Serves.HOME):
        return "home", _("A meter counts for a home, or is shared.")
    if not 0 < len(draft.label) <= LONGEST_LABEL or not draft.label.isprintable():
        return "label", _("A meter needs the number that stands on it, 40 characters at most.")
    if len(draft.place) > LONGEST_PLACE:
        return "place", _("At most 80 characters.")
    if not 0 < draft.factor <= 100_000:
        return "factor", _("A count stands for something above nothing.")
    if not FEWEST_DIGITS <= draft.digits <= MOST_DIGITS:
        return "digits", _("A display has three to nine digits before the point.")
    if (
        not 0 < len(draft.registers) <= MOST_REGISTERS
        or len(set(draft.registers)) != len(draft.registers)
        or not all(_REGISTER.fullmatch(word) for word in draft.registers)
    ):
        return "registers", _("One to four registers, each by a word of its own.")
    return shown_problem(draft.first, len(draft.registers), draft.digits, "first")


def shown_problem(shown: Sequence[Decimal], registers: int, digits: int, field: str) -> tuple[str, str] | None:
    """This will tell why a display cannot show this."""
    if len(shown) != registers:
        return field, _("One value for each register is needed.")
    if any(not value.is_finite() or value < 0 for value in shown):
        return field, _("A meter does not show less than nothing.")
    if any(value >= Decimal(10) ** digits for value in shown):
        return field, _("The display has fewer digits than this.")
    return None


def forward(before: Decimal, now: Decimal, digits: int) -> Decimal:
    """This will tell how far a display went; one that shows less went past its last digit and began again."""
    went = now - before
    return went if went >= 0 else went + Decimal(10) ** digits


def label_for(door: str, kind: Kind, nth: int = 1) -> str:
    """This will name a home's meter that bears no number of its own."""
    return f"{door}-{CODES[kind]}" + (f"-{nth}" if nth > 1 else "")


_FIGURES = re.compile(r"\d+")


def walk_key(door: str, place: str, kind: Kind, label: str) -> str:
    """This will give what sorts meters in the order in which a person walks past them: doors as people count."""
    said = f"{door or '~'}|{list(Kind).index(kind)}|{place}|{label}"
    return _FIGURES.sub(lambda found: found.group().zfill(6), said)[:200]
