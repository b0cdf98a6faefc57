"""Usage: what went through meters over days, as segments that can be followed from display to display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Gap(StrEnum):
    """Why usage cannot be told."""

    NO_METER = "no_meter"
    NO_READING = "no_reading"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Mark:
    """A reading that stands: what the display showed on a day, and what was charged up to it."""

    id: int
    on: date
    shown: tuple[Decimal, ...]
    charged: tuple[Decimal, ...]
    is_estimate: bool
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Metered:
    """A meter with the marks that bound some days, as the database knows them."""

    meter: UUID
    label: str
    registers: tuple[str, ...]
    factor: Decimal
    first: Mark
    before: Mark | None
    after: Mark | None
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """From one reading of a meter's register to another: `quantity` is what is charged, factor and all."""

    meter: UUID
    label: str
    register: str
    start: Decimal
    start_on: date
    end: Decimal
    end_on: date
    factor: Decimal
    quantity: Decimal
    is_estimate: bool
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What went through over some days; where `gap` says why not, nothing may be charged. `about` names the meter."""

    segments: tuple[Segment, ...]
    gap: Gap | None = None
    about: str = ""

    @property
    def quantity(self) -> Decimal:
        return sum((segment.quantity for segment in self.segments), Decimal(0))

    def by_register(self) -> dict[str, Decimal]:
        """This will add up each register on its own: peak, flat, valley."""
        found: dict[str, Decimal] = {}
        for segment in self.segments:
            found[segment.register] = found.get(segment.register, Decimal(0)) + segment.quantity
        return found

    @property
    def is_estimate(self) -> bool:
        return any(segment.is_estimate for segment in self.segments)


def bounds(start: date, end: date, late_days: int) -> tuple[date, date]:
    """This will move the bounds of days to where their last readings may lie: every cut moves alike."""
    late = timedelta(days=late_days)
    return start + late, end + late


def usage_of(meters: Sequence[Metered], *, whole: bool = True) -> Usage:
    """This will add up the meters of one home and kind; one that cannot be told holds all of them back.

    Not whole, what was not read is left out: that is what was charged so far of a pool.

    A meter that was put in during these days and not read again counts from its first reading on, with what follows.
    """
    if not meters:
        return Usage((), Gap.NO_METER)
    segments: list[Segment] = []
    for meter in meters:
        if meter.is_waiting:
            return Usage((), Gap.WAITING, meter.label)
        if meter.after is None:
            if whole:
                return Usage((), Gap.NO_READING, meter.label)
            continue
        since = meter.before or meter.first
        if since.id != meter.after.id:
            segments += _segments(meter, since, meter.after)
    return Usage(tuple(segments)) if segments or not whole else Usage((), Gap.NO_READING, meters[0].label)


def _segments(meter: Metered, since: Mark, until: Mark) -> list[Segment]:
    return [
        Segment(
            meter.meter,
            meter.label,
            register,
            since.shown[nth],
            since.on,
            until.shown[nth],
            until.on,
            meter.factor,
            (until.charged[nth] - since.charged[nth]) * meter.factor,
            until.is_estimate,
            until.price,
        )
        for nth, register in enumerate(meter.registers)
    ]
