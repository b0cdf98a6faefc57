"""When something is due: dates on a grid that is laid once from an anchor, and never computed from the date before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linli.estate.billing.rules import add_months
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

MOST_EVERY = 1_000
MOST_LEAD_DAYS = 90


class Every(StrEnum):
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every so many days, weeks or months from the anchor on; the anchor is the first due date."""

    n: int
    every: Every
    anchor: date

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MOST_EVERY:
            raise Invalid("n", _("Between {low} and {high}."), low=1, high=MOST_EVERY)

    def nth(self, k: int) -> date:
        """This will give the date number `k`; an anchor on the 31st stays on the last day of shorter months."""
        if self.every is Every.MONTHS:
            return add_months(self.anchor, k * self.n)
        return self.anchor + timedelta(days=k * self.n * (7 if self.every is Every.WEEKS else 1))

    def number_after(self, day: date) -> int:
        """This will give the number of the first date after a day."""
        if day < self.anchor:
            return 0
        if self.every is Every.MONTHS:
            months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
            k = months // self.n
        else:
            k = (day - self.anchor).days // (self.n * (7 if self.every is Every.WEEKS else 1))
        return k if self.nth(k) > day else k + 1


def next_due(rhythm: Rhythm, *, last_due: date | None, done_on: date | None) -> date:
    """This will give the next date: after the last one, and after the day on which it was done.

    Whoever comes late skips the dates that passed meanwhile; whoever comes early moves nothing.
    """
    if last_due is None:
        return rhythm.anchor
    return rhythm.nth(rhythm.number_after(max(last_due, done_on or last_due)))


def skipped(rhythm: Rhythm, *, last_due: date | None, due_on: date) -> int:
    """This will count the dates between two that were passed over."""
    if last_due is None:
        return 0
    return max(0, rhythm.number_after(due_on) - 1 - rhythm.number_after(last_due))


def reminder_stage(expires_on: date, today: date, stages: Iterable[int]) -> int | None:
    """This will give the reminder that is due: the fewest days of those that are reached, 0 once it has expired."""
    left = (expires_on - today).days
    if left <= 0:
        return 0
    return min((stage for stage in stages if left <= stage), default=None)
