"""Opening hours: several intervals a day, over midnight, in the shop's own zone, with holidays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

from linli.kernel.period import Period
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN
LOOK_AHEAD_DAYS = 60
"""How far the next opening is looked for; a shop that is closed longer says "closed until further notice"."""
MOST_OPENINGS = 42


class WrongHours(Invalid):
    """The hours contradict themselves; `field` names the interval."""


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """An interval of a weekday (0 is Monday) in minutes from its midnight; beyond 1,440 is the next day."""

    weekday: int
    opens_min: int
    closes_min: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a shop opens, in which zone, and on which days it does not."""

    timezone: str
    openings: tuple[Opening, ...]
    holidays: tuple[Period[date], ...] = ()


def opening(weekday: int, opens: str, closes: str) -> Opening:
    """This will read an interval as people write it: `08:00`-`12:30`, `20:00`-`02:00`, `00:00`-`00:00` (all day)."""
    start, end = _minutes(opens), _minutes(closes)
    return Opening(weekday, start % DAY_MIN, end if end > start else end + DAY_MIN)


def _minutes(clock: str) -> int:
    if clock == "24:00":
        return DAY_MIN
    try:
        at = time.fromisoformat(clock)
    except ValueError:
        raise WrongHours("openings", _("{clock} is not a time of the day"), clock=clock) from None
    return at.hour * 60 + at.minute


def check_openings(openings: Sequence[Opening]) -> None:
    """This will refuse a week whose intervals overlap, leave their day, or are too many."""
    if len(openings) > MOST_OPENINGS:
        raise WrongHours("openings", _("More than {most} intervals a week"), most=MOST_OPENINGS)
    for n, each in enumerate(openings):
        begins_well = 0 <= each.weekday < 7 and 0 <= each.opens_min < DAY_MIN
        if not begins_well or not each.opens_min < each.closes_min <= each.opens_min + DAY_MIN:
            raise WrongHours(f"openings.{n}", _("An interval begins on its day and lasts at most 24 hours"))
    week = sorted((each.weekday * DAY_MIN + each.opens_min, each.closes_min - each.opens_min) for each in openings)
    around = [*week, *((start + WEEK_MIN, length) for start, length in week[:1])]
    for (start, length), (following, _length) in pairwise(around):
        if start + length > following:
            raise WrongHours("openings", _("Two intervals overlap"))


def is_open(hours: Hours, at: datetime) -> bool:
    """This will tell whether an interval covers the instant; one that begins on a holiday does not take place."""
    return any(start <= at < end for start, end in _spells(hours, at, days=1))


def next_opening(hours: Hours, after: datetime) -> datetime | None:
    """This will find the first instant from `after` on at which the shop is open, or None within the look-ahead."""
    starts = (start for start, end in _spells(hours, after, days=LOOK_AHEAD_DAYS) if end > after)
    found = next(starts, None)
    if found is None:
        return None
    # Openings come in any order within a day, and an hour that a clock skips moves some behind the next.
    nearby = takewhile(lambda start: start < found + timedelta(days=1), starts)
    return max(min([found, *nearby]), after)


def _spells(hours: Hours, at: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
    """From the day before (a night may reach over) until `days` after, in the order of their days."""
    zone = _zone(hours.timezone)
    today = at.astimezone(zone).date()
    for offset in range(-1, days):
        day = today + timedelta(days=offset)
        weekday = day.weekday()
        if any(day in holiday for holiday in hours.holidays):
            continue
        midnight = datetime.combine(day, time())
        for each in hours.openings:
            if each.weekday == weekday:
                start, end = (_instant(midnight, minutes, zone) for minutes in (each.opens_min, each.closes_min))
                yield start, end


def _instant(midnight: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    # In UTC, because Python compares two instants of one zone by their wall clocks, which stand still or jump in DST.
    return (midnight + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
