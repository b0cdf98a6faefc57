"""The times of the day at which goods may be asked for: whole hours of today and tomorrow, in the community's zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from linli.trade.orders.rules import Window

FIRST_HOUR, LAST_HOUR = 8, 21
LENGTH = timedelta(hours=1)
AHEAD = timedelta(hours=1)
"""A shop that is asked for less than this ahead is asked for "as soon as possible" instead."""
DAYS = 2


def offered(at: datetime, timezone: str) -> tuple[Window, ...]:
    """This will list the windows to choose from, the nearest first."""
    zone = ZoneInfo(timezone)
    today = at.astimezone(zone).date()
    starts = (
        datetime.combine(today + timedelta(days=day), time(hour), zone)
        for day in range(DAYS)
        for hour in range(FIRST_HOUR, LAST_HOUR)
    )
    return tuple(Window(start, start + LENGTH) for start in starts if start >= at + AHEAD)


def key_of(window: Window) -> str:
    """This will name a window in a form."""
    return window.start.isoformat()
