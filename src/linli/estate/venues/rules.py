"""Hours, slots and terms of venues; the life of a booking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from linli.ground.policies.rules import Policy, setting
from linli.kernel.life import Life
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

DAY_MINUTES = 24 * 60


class VenuePolicy(Policy):
    """How venues are booked."""

    word = "venues"
    says = _("How venues are booked")
    of_company = True

    is_offered: bool = setting(True, says="Venues are booked here")
    ahead_days: int = setting(14, low=1, high=180, says="Days ahead for which a venue can be booked")
    cancel_hours: int = setting(4, low=0, high=168, says="Hours before a slot until which a booking can be cancelled")
    open_most: int = setting(4, low=1, high=50, says="Bookings that one person may have before them at most")
    missed_most: int = setting(3, low=1, high=50, says="Missed bookings after which one cannot book for a while")
    missed_days: int = setting(30, low=1, high=365, says="Days for which a missed booking counts")
    deposit_minutes: int = setting(30, low=5, high=1440, says="Minutes in which a booking's deposit has to be paid")
    deposit_days: int = setting(
        2, low=0, high=30, says="Days after a slot on which a deposit goes back by itself, if nothing was deducted"
    )


class BookingState(StrEnum):
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    MISSED = "missed"
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    LAPSED = "lapsed"


class Deed(StrEnum):
    """What is done to a booking without a step in its life."""

    KEEP_DEPOSIT = "keep_deposit"


class BookingVerb(StrEnum):
    CHECK_IN = "check_in"
    MISS = "miss"
    CANCEL = "cancel"
    CALL_OFF = "call_off"
    LAPSE = "lapse"


_S, _V = BookingState, BookingVerb
BOOKING_LIFE = Life(
    birth=_S.BOOKED,
    moves={
        (_S.BOOKED, _V.CHECK_IN): _S.CHECKED_IN,
        (_S.BOOKED, _V.MISS): _S.MISSED,
        (_S.BOOKED, _V.CANCEL): _S.CANCELLED,
        (_S.BOOKED, _V.CALL_OFF): _S.CALLED_OFF,
        (_S.BOOKED, _V.LAPSE): _S.LAPSED,
    },
)
"""The resident cancels, the desk calls off; whoever has not checked in when the slot is over has missed it. A booking
whose deposit nobody pays in time lapses, and others have its slot."""
HOLDING = (_S.BOOKED, _S.CHECKED_IN, _S.MISSED)
"""The states in which a booking holds its slot against others."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a venue is open: on these weekdays (Monday is 0), from a minute of the day to another, by slots."""

    weekdays: frozenset[int]
    opens_min: int
    closes_min: int
    slot_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueDraft:
    """What a venue is, when it is open, and what a slot costs. Its name and rules are kept by language."""

    name: dict[str, str]
    text: dict[str, str] = field(default_factory=dict)
    capacity: int
    hours: Hours
    price: Money = Money.zero
    deposit: Money = Money.zero


def checked(hours: Hours) -> Hours:
    """This will refuse hours in which no slot fits, by their field."""
    if not hours.weekdays <= set(range(7)) or not hours.weekdays:
        raise Invalid("weekdays", _("Please choose the days on which it is open."))
    if not 0 <= hours.opens_min < hours.closes_min <= DAY_MINUTES:
        raise Invalid("closes", _("It closes after it opens, on the same day."))
    if not 15 <= hours.slot_min <= hours.closes_min - hours.opens_min:
        raise Invalid("slot_min", _("A slot lasts at least 15 minutes and fits between opening and closing."))
    return hours


def slots(hours: Hours, day: date, timezone: str) -> tuple[Period[datetime], ...]:
    """This will cut the opening hours of a day into slots that follow each other; a rest that is too short is left."""
    if day.weekday() not in hours.weekdays:
        return ()
    zone = ZoneInfo(timezone)
    midnight = datetime.combine(day, time(), zone)
    starts = range(hours.opens_min, hours.closes_min - hours.slot_min + 1, hours.slot_min)

    def instant(minutes: int) -> datetime:
        wall = datetime.combine(day + timedelta(days=minutes // DAY_MINUTES), time(), zone)
        return (wall if minutes >= DAY_MINUTES else midnight).replace(
            hour=minutes % DAY_MINUTES // 60, minute=minutes % 60
        )

    return tuple(Period(instant(start), instant(start + hours.slot_min)) for start in starts)


def free(cut: Iterable[Period[datetime]], taken: Iterable[Period[datetime]]) -> tuple[Period[datetime], ...]:
    """This will give the slots that nothing overlaps."""
    held = list(taken)
    return tuple(slot for slot in cut if not any(slot.overlaps(other) for other in held))


def pay_by(booked_at: datetime, start_at: datetime, minutes: int) -> datetime:
    """This will tell until when the deposit of a booking is waited for: so many minutes, and not into its slot."""
    return min(booked_at + timedelta(minutes=minutes), start_at)
