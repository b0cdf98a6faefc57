"""Terms: how much of a month a period is, so that however a period is cut, its parts bill the same total.

The one idea of this page: months lie on a grid that is laid once, from an anchor day. Within a month every method tells
which part of the month's price is *used up* when a day begins. A part of a month costs what is used up at its end less
what is used up at its start, each rounded by itself; such differences telescope, so no cut gains or loses a fen, and no
month is computed from the one before it (which is how elsewhere the 31st becomes the 28th for good).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from linli.kernel.money import TO_THE_FEN, Money, Rounding
from linli.kernel.period import Period

MONTHS_OF_A_YEAR = 12


class Proration(StrEnum):
    """What a part of a month costs."""

    ACTUAL_DAYS = "actual_days"
    """Its days over the days of that month."""
    THIRTY_DAYS = "thirty_days"
    """Its days over 30; the last day of a month brings what is missing, a 31st costs nothing."""
    YEAR_OF_365 = "year_of_365"
    """Twelve months' price over 365 for each day; a month of 31 days costs more than one of 28."""
    WHOLE_FROM = "whole_from"
    """The whole month from so many days on, nothing below."""
    HALF_MONTH = "half_month"
    """Half a month up to its middle, the whole of it beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRule:
    """How an item counts its months. `anchor` is the day of the month on which they begin (1 to 31).

    `whole_from_days` belongs to `WHOLE_FROM` alone.
    """

    proration: Proration = Proration.ACTUAL_DAYS
    anchor: int = 1
    whole_from_days: int = 15

    def __post_init__(self) -> None:
        if not 1 <= self.anchor <= 31:
            raise ValueError(f"a month begins on a day from 1 to 31, not on {self.anchor}")
        if not 1 <= self.whole_from_days <= 28:
            raise ValueError(f"a whole month is charged from 1 to 28 days on, not from {self.whole_from_days}")


class Days(NamedTuple):
    """Days from one up to, and not with, another; both are there."""

    start: date
    end: date

    @property
    def length(self) -> int:
        return (self.end - self.start).days


def month_start(index: int, anchor: int) -> date:
    """This will give the first day of the month number `index` (year * 12 + month - 1), shortened where it must be.

    Computed from the anchor every time: an anchor of 31 gives 31 January, 28 February, 31 March.
    """
    year, month = divmod(index, MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(anchor, monthrange(year, month + 1)[1]))


def month_of(day: date, anchor: int) -> int:
    """This will give the number of the month in which a day lies, on the grid of that anchor."""
    index = day.year * MONTHS_OF_A_YEAR + day.month - 1
    return index if month_start(index, anchor) <= day else index - 1


def months_between(start: date, end: date, anchor: int) -> Iterator[Days]:
    """This will cut [start, end) at the grid: one period a month, the first and the last of them perhaps not whole."""
    index, since = month_of(start, anchor), start
    while since < end:
        index += 1
        until = min(end, month_start(index, anchor))
        yield Days(since, until)
        since = until


def add_months(day: date, months: int, anchor: int | None = None) -> date:
    """This will give the day that lies so many months after (or before) another, counted from its own anchor."""
    return month_start(day.year * MONTHS_OF_A_YEAR + day.month - 1 + months, anchor or day.day)


@dataclass(frozen=True, slots=True)
class MonthPart:
    """A piece of one month, and the parts of the month's price used up where it starts and where it ends."""

    days: Days
    used_before: Fraction
    used_after: Fraction

    @property
    def share(self) -> Fraction:
        """Of the month's price, before rounding."""
        return self.used_after - self.used_before


def month_parts(charged: Period[date], rule: TermRule, held: Period[date]) -> tuple[MonthPart, ...]:
    """This will cut a charged period into its months and weigh each.

    `held` is the whole time for which the charge holds (open at its end where it does): "the whole month from 15 days
    on" asks how many days of the month are held at all, and not where a bill happens to cut them. Raises ValueError for
    a period without an end, or one that leaves `held`.
    """
    if charged.end is None:
        raise ValueError("a charged period has an end")
    if charged.start < held.start or (held.end is not None and charged.end > held.end):
        raise ValueError("a charged period lies within the time for which the charge holds")
    parts = []
    for piece in months_between(charged.start, charged.end, rule.anchor):
        index = month_of(piece.start, rule.anchor)
        month = Days(month_start(index, rule.anchor), month_start(index + 1, rule.anchor))
        used = (_used_up(piece.start, month, rule, held), _used_up(piece.end, month, rule, held))
        parts.append(MonthPart(piece, *used))
    return tuple(parts)


def _used_up(day: date, month: Days, rule: TermRule, held: Period[date]) -> Fraction:
    """Which part of the month's price is used up when a day of it, or the day after its last, begins."""
    gone = (day - month.start).days
    match rule.proration:
        case Proration.ACTUAL_DAYS:
            return Fraction(gone, month.length)
        case Proration.THIRTY_DAYS:
            return Fraction(1) if day == month.end else Fraction(min(gone, 30), 30)
        case Proration.YEAR_OF_365:
            return Fraction(gone * MONTHS_OF_A_YEAR, 365)
        case Proration.WHOLE_FROM | Proration.HALF_MONTH:
            first = max(month.start, held.start)
            last = month.end if held.end is None else min(month.end, held.end)
            return _counted_as(last - first, month, rule) * Fraction((day - first).days, (last - first).days)


def _counted_as(held: timedelta, month: Days, rule: TermRule) -> Fraction:
    """What the days of a month for which the charge holds count for, all together; a cut of them shares it by days."""
    if rule.proration is Proration.WHOLE_FROM:
        return Fraction(1 if held.days >= min(rule.whole_from_days, month.length) else 0)
    return Fraction(1) if 2 * held.days > month.length else Fraction(1, 2)


def price_of(parts: Iterable[MonthPart], monthly: Fraction, rounding: Rounding = TO_THE_FEN) -> Money:
    """This will price the pieces of months at a month's price in minor units, unrounded as the formula gave it."""
    return Money.total(
        Money.rounded(monthly * part.used_after, rounding) - Money.rounded(monthly * part.used_before, rounding)
        for part in parts
    )
