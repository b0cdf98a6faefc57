"""Kitchens: what a shop can prepare in a quarter of an hour, what it may promise, and when it takes a breath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.kernel.money import Money
from linli.trade.delivery.rules.slots import QUARTER, quarters

KITCHEN_AHEAD = timedelta(hours=2)
"""What is ordered now is cooked within two hours, or not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KitchenTerms:
    """What a shop says of its kitchen: goods it prepares in a quarter of an hour, the minutes that one order takes, and
    from which queue on it takes no orders for a while by itself.
    """

    value: Money
    minutes: int
    pauses_by_itself: bool = True
    queue_minutes: int = 60


def cooking_window(at: datetime, start_at: datetime | None) -> tuple[datetime, datetime]:
    """This will give the quarters in which an order may be cooked: from now on, or so that it is fresh for its slot.

    For a slot the last quarter ends when the slot begins, and an order is begun no earlier than two hours before.
    """
    if start_at is None:
        first = _floor(at)
        return first, first + KITCHEN_AHEAD
    last = _floor(start_at)
    earliest = max(_floor(at), last - KITCHEN_AHEAD)
    return min(earliest, last - QUARTER), last


def minutes_now(
    kitchen: KitchenTerms,
    taken: Mapping[datetime, int],
    value: Money,
    *,
    metres: int,
    metres_per_minute: int,
    handling_minutes: int,
    at: datetime,
) -> int | None:
    """This will tell after how many minutes an order of so much is at the door: queue, preparation, handling, way.

    None where the kitchen has no room within the next two hours. `taken` is what the quarters hold already, in fen.
    """
    start_at, end_at = cooking_window(at, None)
    left = value.minor
    for quarter in quarters(start_at, end_at):
        left -= max(0, kitchen.value.minor - taken.get(quarter, 0))
        if left <= 0:
            queue = max(timedelta(0), quarter - at)
            way = -(-metres // metres_per_minute)
            return -(-queue // timedelta(minutes=1)) + kitchen.minutes + handling_minutes + way
    return None


def overload_until(kitchen: KitchenTerms, taken: Mapping[datetime, int], at: datetime) -> datetime | None:
    """This will tell until when a kitchen should take no orders, or None.

    It is overloaded when every quarter from now to the end of the longest queue it allows is full; it goes on as soon
    as the first of them is over, which is when it has caught up by a quarter of an hour.
    """
    if not kitchen.pauses_by_itself:
        return None
    start_at = _floor(at)
    ahead = quarters(start_at, start_at + timedelta(minutes=kitchen.queue_minutes))
    if all(taken.get(quarter, 0) >= kitchen.value.minor for quarter in ahead):
        return start_at + QUARTER
    return None


def _floor(at: datetime) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // 900 * 900, at.tzinfo)
