"""Readings: how one follows another, what makes it doubtful, and the life that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from linli.estate.metering.rules.meters import forward, shown_problem
from linli.kernel.life import Life
from linli.kernel.words import _


class Source(StrEnum):
    """How a reading came."""

    INSTALLED = "installed"
    OWNER = "owner"
    WALK = "walk"
    DESK = "desk"
    SHEET = "sheet"
    ESTIMATE = "estimate"
    FINAL = "final"


class ReadingState(StrEnum):
    WAITING = "waiting"
    """For a person: it is doubtful, or a resident sent it."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    REPLACED = "replaced"


class ReadingVerb(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    LAPSE = "lapse"
    REPLACE = "replace"


READING_LIFE = Life(
    birth=ReadingState.WAITING,
    moves={
        (ReadingState.WAITING, ReadingVerb.ACCEPT): ReadingState.ACCEPTED,
        (ReadingState.WAITING, ReadingVerb.REFUSE): ReadingState.REFUSED,
        (ReadingState.WAITING, ReadingVerb.LAPSE): ReadingState.LAPSED,
        (ReadingState.WAITING, ReadingVerb.REPLACE): ReadingState.REPLACED,
        (ReadingState.ACCEPTED, ReadingVerb.REPLACE): ReadingState.REPLACED,
    },
)
"""A reading that nothing speaks against is accepted as it comes."""


class Anomaly(StrEnum):
    """Why a reading is doubtful."""

    LOWER = "lower"
    NOTHING = "nothing"
    TOO_MUCH = "too_much"


LOOKED_BACK = 7
"""So many real readings tell what is usual."""
FEWEST_TO_TELL = 3
"""And fewer than so many tell nothing."""
SHORT_DAYS = 14
"""Nothing used within fewer days is nothing to wonder about."""
SMALL = Decimal(5)
"""Nor is so small a count, however little was usual."""
MOST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Past:
    """A real reading of the past: its day, and what had gone through all registers by then."""

    on: date
    total: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a meter stands: its last real reading, how far it was charged, what is usual for it, and up to which day
    bills were made of its readings."""

    meter: UUID
    digits: int
    registers: tuple[str, ...]
    start_on: date
    end_on: date | None
    read_on: date
    shown: tuple[Decimal, ...]
    counted: tuple[Decimal, ...]
    latest_on: date
    charged: tuple[Decimal, ...]
    history: tuple[Past, ...]
    billed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """What a reading comes to: what has gone through by then, and what is charged up to then."""

    counted: tuple[Decimal, ...]
    charged: tuple[Decimal, ...]
    went: Decimal


def follow(standing: Standing, shown: Sequence[Decimal]) -> Followed:
    """This will set a reading behind the last real one. What is charged never goes back: where an estimate was too
    high, nothing is charged until the meter has caught up with it."""
    went = [forward(before, now, standing.digits) for before, now in zip(standing.shown, shown, strict=True)]
    counted = tuple(sum_ + more for sum_, more in zip(standing.counted, went, strict=True))
    charged = tuple(max(was, now) for was, now in zip(standing.charged, counted, strict=True))
    return Followed(counted, charged, sum(went, Decimal(0)))


def usual_a_day(history: Sequence[Past]) -> Decimal | None:
    """This will tell what goes through a meter on a usual day; None where too little is known."""
    if len(history) < FEWEST_TO_TELL or history[-1].on <= history[0].on:
        return None
    return (history[-1].total - history[0].total) / (history[-1].on - history[0].on).days


def anomaly(standing: Standing, shown: Sequence[Decimal], on: date, times: Decimal) -> Anomaly | None:
    """This will tell what is doubtful about a reading: lower than before, nothing where there was always something, or
    many times the usual."""
    went, days = follow(standing, shown).went, max((on - standing.read_on).days, 1)
    a_day = usual_a_day(standing.history)
    most = None if a_day is None else max(a_day * days * times, SMALL)
    if any(now < before for before, now in zip(standing.shown, shown, strict=True)):
        return None if most is not None and went <= most else Anomaly.LOWER
    if most is None or a_day is None:
        return None
    if went > most:
        return Anomaly.TOO_MUCH
    never_nothing = all(before.total < after.total for before, after in pairwise(standing.history))
    if went == 0 and days >= SHORT_DAYS and never_nothing:
        return Anomaly.NOTHING
    return None


def estimate(standing: Standing, on: date) -> tuple[Decimal, ...] | None:
    """This will guess what the displays show on a day, at the usual pace, whole counts; None where nothing is usual."""
    a_day = usual_a_day(standing.history)
    if a_day is None or on <= standing.read_on:
        return None
    total = (a_day * (on - standing.read_on).days).quantize(Decimal(1))
    before = sum(standing.counted, Decimal(0))
    parts = [
        (total * counted / before if before else total / len(standing.counted)).quantize(Decimal(1))
        for counted in standing.counted
    ]
    ring = Decimal(10) ** standing.digits
    return tuple((shown + part) % ring for shown, part in zip(standing.shown, parts, strict=True))


def refusal(standing: Standing, shown: Sequence[Decimal], on: date, *, today: date) -> tuple[str, str] | None:
    """This will tell which field of a reading cannot be, and why."""
    wrong = shown_problem(shown, len(standing.registers), standing.digits, "shown")
    if wrong is not None:
        return wrong
    if on > today:
        return "read_on", _("A reading is not taken in the future.")
    if on < standing.start_on or (standing.end_on is not None and on > standing.end_on):
        return "read_on", _("The meter was not in place on this day.")
    if standing.billed_on is not None and today <= standing.billed_on:
        return "read_on", _("This meter was billed up to today or a later day. Read it again after that.")
    if standing.billed_on is not None and on <= standing.billed_on:
        return "read_on", _("These days were billed. Take a reading of today: it puts right what was charged.")
    if on < standing.latest_on or on < standing.read_on:
        return "read_on", _("A later reading stands already.")
    return None
