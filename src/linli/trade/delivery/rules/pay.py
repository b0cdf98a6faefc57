"""What a task done pays, and what is added where a shift paid too little (docs/rules/courier-pay.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from linli.kernel.money import Money
from linli.trade.delivery.rules.asked import FailReason
from linli.trade.delivery.rules.clocks import CourierPolicy

ROADS = 1.3
"""How much longer the way is than the straight line, until a road engine says better."""
_EARTH_M = 6_371_000


@dataclass(frozen=True, slots=True)
class Pay:
    """The parts of what a task pays, as its courier is shown them."""

    base: Money
    distance: Money
    order: Money

    @property
    def total(self) -> Money:
        return self.base + self.distance + self.order


def way_m(from_: tuple[float, float], to: tuple[float, float]) -> int:
    """This will reckon the way between two points in metres, from the straight line."""
    (lat, lon), (lat2, lon2) = from_, to
    half = (
        sin(radians(lat2 - lat) / 2) ** 2 + cos(radians(lat)) * cos(radians(lat2)) * sin(radians(lon2 - lon) / 2) ** 2
    )
    return round(2 * _EARTH_M * asin(sqrt(half)) * ROADS)


def pays(policy: CourierPolicy, *, distance_m: int, together: int = 1, nth: int = 0) -> Pay:
    """This will reckon what the nth of so many orders left together at a stop pays.

    The stop and the way are paid once and divided without losing a cent; each order is paid for itself.
    """
    way = Money.from_rate(policy.km_pay, Decimal(distance_m) / 1000)
    even = [1] * together
    return Pay(policy.base_pay.split(even)[nth], way.split(even)[nth], policy.order_pay)


OWN_FAULT = frozenset({FailReason.WRONG_PLACE, FailReason.DAMAGED, FailReason.COURIER_GONE})
"""Who went to the wrong place, spoiled the goods or was gone is not paid for the way back."""


def pays_back(policy: CourierPolicy, reason: FailReason | None) -> Money:
    """This will reckon what bringing goods back to their shop pays; no reason: they were called off on the way."""
    return Money.zero if reason in OWN_FAULT else policy.return_pay


def top_up(policy: CourierPolicy, *, worked: timedelta, earned: Money) -> Money:
    """This will reckon what a shift is paid besides, so that its hours bring at least what the policy promises."""
    hours = Decimal(round(worked.total_seconds())) / 3600
    return max(Money.zero, Money.from_rate(policy.least_hourly, hours) - earned)
