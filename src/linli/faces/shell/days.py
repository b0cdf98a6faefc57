"""How a day is written: in the reader's language, with the year only when it is another one."""

from __future__ import annotations

from datetime import date, datetime

from linli.faces.shell import voice

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(on: date) -> str:
    """This will write a day, with the year only when it is another one; of a moment the day on which it is here."""
    if isinstance(on, datetime):
        on = local_time(on).date()
    today = local_time(voice.current().at).date()
    if voice.current().locale == voice.ENGLISH:
        year = "" if on.year == today.year else f" {on.year}"
        return f"{on.day} {MONTHS[on.month - 1]}{year}"
    year = "" if on.year == today.year else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日"


def local_time(at: datetime) -> datetime:
    return at.astimezone(voice.current().zone)
