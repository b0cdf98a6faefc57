"""The live moment in the dispatcher's plain values: minutes from now, metres on a plane, words for the board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from math import cos, radians
from typing import TYPE_CHECKING

from linli.trade.delivery.rules.pay import ROADS

if TYPE_CHECKING:
    from linli.trade.delivery.rules.dispatch.world import Minutes

RIDE_M_PER_MIN = 250.0
"""A trike's 15 km an hour."""
METRES = 111_320.0
FEW = 8
"""So many orders weigh as much as what the shop promised: a shop that few orders have taught is believed halfway."""


class Why(StrEnum):
    """Why the house asks this courier."""

    NEAREST = "nearest"
    ONLY = "only_one_free"
    TOGETHER = "goes_together"


def minutes_until(instant: datetime, at: datetime) -> float:
    """This will count minutes from now; what is past is negative."""
    return (instant - at).total_seconds() / 60


def metres(point: tuple[float, float], around: tuple[float, float]) -> tuple[float, float]:
    """This will lay a point on a plane around another, x to the east and y to the north, in metres."""
    (lat, lon), (lat0, lon0) = point, around
    return ((lon - lon0) * METRES * cos(radians(lat0)), (lat - lat0) * METRES)


def travel(origins: Sequence[tuple[float, float]], destinations: Sequence[tuple[float, float]], /) -> Minutes:
    """This will tell the minutes of every way: straight, longer by what roads are, at a trike's speed."""
    import numpy as np

    start, end = np.array(origins, float).reshape(-1, 1, 2), np.array(destinations, float).reshape(1, -1, 2)
    ways: Minutes = np.hypot(*np.moveaxis(end - start, 2, 0)) * ROADS / RIDE_M_PER_MIN
    return ways


def ready_at(*, asked_at: datetime, told_at: datetime, seen: int, usual_s: float) -> datetime:
    """This will believe when an order is ready: what its shop said, drawn to what it usually takes at that hour.

    The more orders have taught it, the more it counts; eight count as much as the shop's own word.
    """
    weight = seen / (seen + FEW)
    learnt = asked_at + timedelta(seconds=usual_s)
    return told_at + (learnt - told_at) * weight
