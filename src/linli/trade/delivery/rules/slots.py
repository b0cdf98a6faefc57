"""Slots: which windows a community is offered, and until when each may be ordered; one rule for pages and programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from linli.kernel.life import Life
from linli.trade.delivery.rules.policy import DeliveryPolicy, Hour, Weekday

MOST_SLOTS = 60
"""Windows that one community is offered at most: seven days of eight."""
QUARTER = timedelta(minutes=15)


class SlotState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CALLED_OFF = "called_off"


class SlotVerb(StrEnum):
    CLOSE = "close"
    CALL_OFF = "call_off"


SLOT_LIFE: Life[SlotState, SlotVerb] = Life(
    birth=SlotState.OPEN,
    moves={
        (SlotState.OPEN, SlotVerb.CLOSE): SlotState.CLOSED,
        (SlotState.OPEN, SlotVerb.CALL_OFF): SlotState.CALLED_OFF,
    },
)
"""An open slot waits for its cut-off, when the clock closes it and its wave is planned."""


class Axis(StrEnum):
    """What a slot may run out of."""

    DROPS = "drops"
    """Orders that the runs of a zone carry in a slot."""
    GATE = "gate"
    """Orders that a community's gates let through in a slot."""
    LIFT = "lift"
    """Orders that a building's lifts carry up in a slot."""
    KITCHEN = "kitchen"
    """Fen of goods that a shop prepares in a quarter of an hour."""


@dataclass(frozen=True, slots=True, order=True)
class Offer:
    """A window that a community may order for until its cut-off."""

    start_at: datetime
    end_at: datetime
    cut_off_at: datetime


def cut_off(start_at: datetime, terms: DeliveryPolicy, timezone: str) -> datetime:
    """This will tell until when, and not a moment longer, a slot that begins at `start_at` may be ordered."""
    zone = ZoneInfo(timezone)
    local = start_at.astimezone(zone)
    if local.strftime("%H:%M") in terms.day_before_starts:
        return _instant(local.date() - timedelta(days=1), terms.day_before_until, zone)
    return start_at - timedelta(minutes=terms.lead_minutes)


def offers(terms: DeliveryPolicy, timezone: str, at: datetime) -> tuple[Offer, ...]:
    """This will list the windows that may still be ordered in a community at an instant, the nearest first."""
    if not terms.is_offered:
        return ()
    zone = ZoneInfo(timezone)
    today = at.astimezone(zone).date()
    days = (today + timedelta(days=n) for n in range(terms.ahead_days))
    found = (offer for day in days for offer in _of_day(day, terms, timezone))
    return tuple(sorted(offer for offer in found if offer.cut_off_at > at))[:MOST_SLOTS]


def _of_day(day: date, terms: DeliveryPolicy, timezone: str) -> Iterable[Offer]:
    if tuple(Weekday)[day.weekday()] not in terms.weekdays:
        return
    for hour in sorted({*terms.same_day_starts, *terms.day_before_starts}):
        start_at = _instant(day, hour, ZoneInfo(timezone))
        end_at = start_at + timedelta(minutes=terms.slot_minutes)
        yield Offer(start_at, end_at, cut_off(start_at, terms, timezone))


def _instant(day: date, hour: Hour, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour.minutes // 60), zone)


def quarters(start_at: datetime, end_at: datetime) -> tuple[datetime, ...]:
    """This will list the quarters of an hour that begin in a window; clocks everywhere agree on quarters."""
    first = datetime.fromtimestamp(-(-start_at.timestamp() // 900) * 900, start_at.tzinfo)
    count = max(0, -(-(end_at - first) // QUARTER))
    return tuple(first + n * QUARTER for n in range(count))
