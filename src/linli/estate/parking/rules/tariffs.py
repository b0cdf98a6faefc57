"""What a stay costs, as data: free minutes, segments, parts of the day, caps, holidays. Checked before it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine import decoding

MINUTES_A_DAY = 1440
MOST_BANDS, MOST_SEGMENTS, MOST_HOLIDAYS = 6, 8, 400
MOST_PRICE = Money(1_000_000)


class DayRule(StrEnum):
    """When a day of parking begins: with each 24 hours after the entry, or at midnight."""

    FROM_ENTRY = "from_entry"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Segment:
    """A price for each begun step, for so many charged minutes; the last segment has no end."""

    step_minutes: int
    price: Money
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the day with its own segments and its own cap. Minutes of the clock; it may reach over midnight."""

    word: str
    start: int
    end: int
    segments: tuple[Segment, ...]
    cap: Money | None = None

    @property
    def minutes(self) -> int:
        return (self.end - self.start) % MINUTES_A_DAY or MINUTES_A_DAY

    def holds(self, minute: int) -> bool:
        """This will tell whether the band holds a minute of the clock."""
        if self.start == self.end:
            return True
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


@dataclass(frozen=True, slots=True)
class Rates:
    """The bands of a day, and the most that a whole day costs."""

    bands: tuple[Band, ...]
    cap: Money | None = None


@dataclass(frozen=True, slots=True)
class ParkingTariff:
    """Everything that a temporary stay costs.

    `free_minutes`: who leaves within them pays nothing; with `free_is_deducted` they are never charged, else a longer
    stay is charged from its entry. `grace_minutes`: the time to drive out after paying. `holiday` rates hold on the
    listed days, and on Saturdays and Sundays with `weekends`.
    """

    usual: Rates
    free_minutes: int = 0
    free_is_deducted: bool = False
    day_rule: DayRule = DayRule.FROM_ENTRY
    grace_minutes: int = 15
    holiday: Rates | None = None
    holidays: tuple[date, ...] = ()
    weekends: bool = False

    def is_holiday(self, day: date) -> bool:
        """This will tell whether the rates of holidays hold on a day."""
        return self.holiday is not None and (day in self.holidays or (self.weekends and day.weekday() >= 5))

    def rates_on(self, day: date) -> Rates:
        """This will give the rates of a day."""
        return self.holiday if self.holiday is not None and self.is_holiday(day) else self.usual


def flat(price: Money, step_minutes: int = 60, cap: Money | None = None) -> Rates:
    """This will make the plainest rates: one price for each begun step, around the clock."""
    return Rates((Band("all", 0, 0, (Segment(step_minutes, price),)),), cap)


def read_tariff(terms: Mapping[str, Any]) -> ParkingTariff:
    """This will read a kept tariff."""
    tariff: ParkingTariff = decoding.convert(terms, ParkingTariff, strict=True)
    return tariff


def written_tariff(tariff: ParkingTariff) -> dict[str, Any]:
    """This will write a tariff as it is kept."""
    written: dict[str, Any] = msgspec.to_builtins(tariff)
    return written


def checked_tariff(tariff: ParkingTariff) -> ParkingTariff:
    """This will give the tariff back, or refuse it with the place where it is wrong."""
    _within("free_minutes", tariff.free_minutes, 0, MINUTES_A_DAY)
    _within("grace_minutes", tariff.grace_minutes, 0, 180)
    if len(tariff.holidays) > MOST_HOLIDAYS:
        raise Invalid("holidays", _("At most {most} days."), most=MOST_HOLIDAYS)
    if (tariff.holidays or tariff.weekends) and tariff.holiday is None:
        raise Invalid("holiday", _("Say what a holiday costs, or leave the holidays out."))
    _check_rates("usual", tariff.usual)
    if tariff.holiday is not None:
        _check_rates("holiday", tariff.holiday)
    return tariff


def _check_rates(where: str, rates: Rates) -> None:
    if not 1 <= len(rates.bands) <= MOST_BANDS:
        raise Invalid(f"{where}.bands", _("Between 1 and {most} parts of the day."), most=MOST_BANDS)
    if len({band.word for band in rates.bands}) < len(rates.bands):
        raise Invalid(f"{where}.bands", _("Each part of the day needs a name of its own."))
    _check_price(f"{where}.cap", rates.cap)
    for nth, band in enumerate(rates.bands):
        _check_band(f"{where}.bands.{nth}", band)
    covered = sorted((band.start, band.minutes) for band in rates.bands)
    at = covered[0][0]
    for start, minutes in covered:
        if start != at % MINUTES_A_DAY:
            raise Invalid(
                f"{where}.bands", _("The parts of the day have to fill it, without a gap and without overlap.")
            )
        at = start + minutes
    if sum(minutes for _start, minutes in covered) != MINUTES_A_DAY:
        raise Invalid(f"{where}.bands", _("The parts of the day have to fill it, without a gap and without overlap."))


def _check_band(where: str, band: Band) -> None:
    _within(f"{where}.start", band.start, 0, MINUTES_A_DAY - 1)
    _within(f"{where}.end", band.end, 0, MINUTES_A_DAY - 1)
    _check_price(f"{where}.cap", band.cap)
    _check_segments(where, band.segments)


def _check_segments(where: str, segments: Sequence[Segment]) -> None:
    if not 1 <= len(segments) <= MOST_SEGMENTS:
        raise Invalid(f"{where}.segments", _("Between 1 and {most} segments."), most=MOST_SEGMENTS)
    for nth, segment in enumerate(segments):
        _within(f"{where}.segments.{nth}.step_minutes", segment.step_minutes, 1, MINUTES_A_DAY)
        _check_price(f"{where}.segments.{nth}.price", segment.price)
        if (segment.minutes is None) != (nth == len(segments) - 1):
            raise Invalid(f"{where}.segments.{nth}.minutes", _("The last segment, and only the last, has no end."))
        if segment.minutes is not None:
            _within(f"{where}.segments.{nth}.minutes", segment.minutes, 1, 7 * MINUTES_A_DAY)


def _check_price(where: str, price: Money | None) -> None:
    if price is not None and not Money.zero <= price <= MOST_PRICE:
        raise Invalid(where, _("Between {least} and {most}."), least=Money.zero, most=MOST_PRICE)


def _within(where: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise Invalid(where, _("Between {low} and {high}."), low=low, high=high)
