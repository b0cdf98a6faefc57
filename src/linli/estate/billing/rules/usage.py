"""Usage: what metered water, power, gas or heat costs, by steps of price, by time of day, with a smallest charge.

Steps are counted in pools of a month, a quarter or a year. A bill costs what the pool has cost with it less what it had
cost before, so it does not matter how often a meter is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from linli.kernel.money import Money


class Pool(StrEnum):
    """The time over which usage climbs the steps before it begins again."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Tier:
    """Up to so much usage in the pool (None: without end) each unit costs `price` yuan."""

    up_to: Decimal | None
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiers:
    """Rising steps. `persons` live in a home before each further one raises every bound by `per_extra_person`."""

    tiers: tuple[Tier, ...]
    pool: Pool = Pool.MONTH
    persons: int = 4
    per_extra_person: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not self.tiers or self.tiers[-1].up_to is not None:
            raise ValueError("the last step has no upper bound, so that every usage has a price")
        bounds = [tier.up_to or Decimal(0) for tier in self.tiers[:-1]]
        if any(above <= below for below, above in pairwise([Decimal(0), *bounds])):
            raise ValueError("the bounds of the steps rise from above zero")
        if any(tier.price < 0 for tier in self.tiers):
            raise ValueError("no step has a negative price")

    def bounds(self, persons: int) -> tuple[Fraction | None, ...]:
        """This will give the upper bounds for a home of so many persons."""
        more = Fraction(self.per_extra_person) * max(0, persons - self.persons)
        return tuple(None if tier.up_to is None else Fraction(tier.up_to) + more for tier in self.tiers)


@dataclass(frozen=True, slots=True)
class Step:
    """So many units at a price (yuan), and what they cost in minor units, exact: the amount explained."""

    quantity: Fraction
    price: Decimal
    cost: Fraction


def tiered(tiers: Tiers, before: Fraction, usage: Fraction, persons: int) -> tuple[Step, ...]:
    """This will price a usage that follows on `before` units of the same pool."""
    if before < 0 or usage < 0:
        raise ValueError("usage is not negative")
    return tuple(_climb(tiers, before, before + usage, persons))


def _climb(tiers: Tiers, start: Fraction, end: Fraction, persons: int) -> Iterator[Step]:
    low = Fraction(0)
    for tier, high in zip(tiers.tiers, tiers.bounds(persons), strict=True):
        top = end if high is None else min(end, high)
        quantity = top - max(start, low)
        if quantity > 0:
            yield Step(quantity, tier.price, quantity * Fraction(tier.price) * 100)
        if high is None or high >= end:
            return
        low = high


def by_time_of_use(prices: Mapping[str, Decimal], usage: Mapping[str, Fraction]) -> tuple[Step, ...]:
    """This will price what was used in each band of the day (peak, flat, valley), bands in the order of the prices.

    Raises KeyError for usage in a band without a price: it is never taken for nothing.
    """
    unknown = set(usage) - set(prices)
    if unknown:
        raise KeyError(sorted(unknown)[0])
    return tuple(
        Step(usage[band], price, usage[band] * Fraction(price) * 100)
        for band, price in prices.items()
        if usage.get(band)
    )


def at_least(steps: Sequence[Step], smallest: Money) -> Fraction:
    """This will add steps up, to the smallest charge at least; exact minor units."""
    return max(sum((step.cost for step in steps), Fraction(0)), Fraction(smallest.minor))


def used(
    before: Decimal, now: Decimal, *, factor: Decimal = Decimal(1), rolls_over_at: Decimal | None = None
) -> Fraction:
    """This will tell the usage between two readings of one meter.

    `factor` is what a count stands for (current transformers); a meter whose display starts again at zero names where
    (`rolls_over_at`, 10000 for four digits). A lower reading of any other meter is a mistake: ValueError.
    """
    counted = Fraction(now) - Fraction(before)
    if counted < 0:
        if rolls_over_at is None or max(before, now) >= rolls_over_at:
            raise ValueError("a meter does not count backwards")
        counted += Fraction(rolls_over_at)
    return counted * Fraction(factor)
