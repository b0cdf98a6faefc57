"""Fates: what becomes of a visit and of each of its orders, drawn from its number alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random

ABANDONED = 0.012
REFUSED = 0.015
CANCELLED = 0.015
PICKED_UP = 0.3
REFUND_ASKED = 0.03
REFUND_GRANTED = 0.85
REVIEWED = 0.25


class End(StrEnum):
    """How an order ends."""

    SERVED = "served"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Payment:
    """How a visit is paid: `pays_after` None means that nobody pays and time runs out."""

    channel: str
    pays_after: timedelta | None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an order after it was paid; each pause counts from the step before."""

    end: End
    decided_after: timedelta
    ready_after: timedelta
    sent_after: timedelta
    handed_after: timedelta
    refund_after: timedelta | None
    refund_granted: bool
    stars: int | None


def payment(key: str) -> Payment:
    """This will draw how a visit is paid."""
    draw = Random(f"payment {key}")
    pays = None if draw.random() < ABANDONED else timedelta(seconds=draw.randint(15, 180))
    return Payment(draw.choice(("wechat", "wechat", "alipay")), pays)


def picks_up(key: str) -> bool:
    """This will draw whether a visit's goods are fetched, also where the shop would bring them."""
    return Random(f"picks up {key}").random() < PICKED_UP


def fate(key: str, nth: int) -> Fate:
    """This will draw what becomes of a visit's nth order. The pauses add up to less than three hours."""
    draw = Random(f"fate {key} {nth}")
    roll = draw.random()
    end = End.REFUSED if roll < REFUSED else End.CANCELLED if roll < REFUSED + CANCELLED else End.SERVED
    return Fate(
        end=end,
        decided_after=timedelta(seconds=draw.randint(20, 600)),
        ready_after=timedelta(seconds=draw.randint(240, 2400)),
        sent_after=timedelta(seconds=draw.randint(60, 900)),
        handed_after=timedelta(seconds=draw.randint(180, 2700)),
        refund_after=timedelta(seconds=draw.randint(600, 2400)) if draw.random() < REFUND_ASKED else None,
        refund_granted=draw.random() < REFUND_GRANTED,
        stars=draw.choice((3, 4, 4, 5, 5, 5)) if draw.random() < REVIEWED else None,
    )
