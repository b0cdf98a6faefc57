"""Months in addresses: `?month=2026-03`, with the ones before and after to leaf through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linli.faces.shell import voice
from linli.faces.shell.forms import Fields
from linli.kernel.period import Period

EARLIEST = date(2020, 1, 1)


@dataclass(frozen=True)
class Month:
    """A calendar month in the voice's zone."""

    first: date
    is_latest: bool

    @property
    def word(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def day_before(self) -> date:
        return self.first - timedelta(days=1)

    @property
    def day_after(self) -> date:
        return _next(self.first)

    @property
    def before(self) -> str:
        return f"{self.day_before:%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.day_after:%Y-%m}"

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        zone = voice.current().zone
        return datetime.combine(self.first, time(), zone), datetime.combine(_next(self.first), time(), zone)

    @property
    def period(self) -> Period[datetime]:
        return Period(*self.bounds)


def chosen_month(query: Fields, *, at: datetime) -> Month:
    """This will read the month of an address; one that cannot be read, or is yet to come, is the present one."""
    today = at.astimezone(voice.current().zone).date().replace(day=1)
    try:
        first = date.fromisoformat(query.raw("month") + "-01")
    except ValueError:
        first = today
    if not EARLIEST <= first < today:
        first = today
    return Month(first, is_latest=first == today)


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
