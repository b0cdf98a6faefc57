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
LATE = 0.08
BROUGHT_BACK = 0.015
CONFIRMED = 0.04
SILENT = 0.02
REFUND_ASKED = 0.03
REFUND_GRANTED = 0.85
REVIEWED = 0.25


class End(StrEnum):
    """How an order ends."""

    SERVED = "served"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Receipt(StrEnum):
    """How an order that was served comes to its completion: by code, on its buyer's word, or because time is up."""

    CODE = "code"
    BUYER = "buyer"
    TIME = "time"


class Asks(StrEnum):
    """What a buyer asks back: a unit of the first line, a part of its price, or the whole order with its delivery."""

    UNIT = "unit"
    PART = "part"
    WHOLE = "whole"


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
    is_brought_back: bool
    receipt: Receipt
    refund_after: timedelta | None
    asks: Asks
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
    """This will draw what becomes of a visit's nth order. The pauses add up to less than three hours and a half."""
    draw = Random(f"fate {key} {nth}")
    roll, receives = draw.random(), draw.random()
    back, late = draw.random() < BROUGHT_BACK, draw.random() < LATE
    receipt = Receipt.TIME if receives < SILENT else Receipt.BUYER if receives < SILENT + CONFIRMED else Receipt.CODE
    asks_back = receipt is not Receipt.TIME and draw.random() < REFUND_ASKED
    return Fate(
        end=End.REFUSED if roll < REFUSED else End.CANCELLED if roll < REFUSED + CANCELLED else End.SERVED,
        decided_after=timedelta(seconds=draw.randint(20, 600)),
        ready_after=timedelta(seconds=draw.randint(240, 2400)),
        sent_after=timedelta(seconds=draw.randint(60, 900)),
        handed_after=timedelta(seconds=draw.randint(3000, 4200) if late else draw.randint(180, 2700)),
        is_brought_back=back and not late,
        receipt=receipt,
        refund_after=timedelta(seconds=draw.randint(600, 2400)) if asks_back else None,
        asks=draw.choice((Asks.UNIT, Asks.UNIT, Asks.UNIT, Asks.PART, Asks.WHOLE)),
        refund_granted=draw.random() < REFUND_GRANTED,
        stars=draw.choice((3, 4, 4, 5, 5, 5)) if draw.random() < REVIEWED else None,
    )


_WORDS = {
    3: ("味道一般，分量还行。", "All right, nothing special.", "比说好的晚了一些。", ""),
    4: ("不错，会再来。", "Good, and well packed.", "新鲜，就是袋子有点小。", "Friendly, a little late.", ""),
    5: (
        "很新鲜，包装仔细，谢谢！",
        "Just what I wanted, thank you.",
        "老邻居推荐的，果然好。",
        "送得快，还帮忙拎上楼。",
        "",
    ),
}


def praise(key: str, stars: int) -> str:
    """This will draw what a buyer writes beside the stars; many write nothing."""
    return Random(f"praise {key}").choice(_WORDS.get(stars, ("",)))
