"""Ranges: what a number may be, carried through a formula, so that a division by zero is known before it happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from linli.estate.billing.rules.expressions.running import round_to


class Range(NamedTuple):
    """What a number may be: from `low` to `high` where there are bounds, and whether zero is among it."""

    low: Fraction | None = None
    high: Fraction | None = None
    zero: bool = True

    @property
    def may_be_zero(self) -> bool:
        return self.zero and (self.low is None or self.low <= 0) and (self.high is None or self.high >= 0)

    def from_(self, low: Fraction, *, itself: bool) -> Range:
        """This will narrow it to what is above a number, or is the number itself."""
        low = low if self.low is None else max(low, self.low)
        return Range(low, self.high, self.zero and (itself or low < 0))

    def without_zero(self) -> Range:
        return Range(self.low, self.high, zero=False)


ANY = Range()
FROM_ZERO = Range(Fraction(0))
ABOVE_ZERO = Range(Fraction(0), zero=False)

Ranges = Mapping[str, Range]


def hull(a: Range, b: Range) -> Range:
    """This will give what is one or the other."""
    low = None if a.low is None or b.low is None else min(a.low, b.low)
    high = None if a.high is None or b.high is None else max(a.high, b.high)
    return Range(low, high, zero=a.may_be_zero or b.may_be_zero)


def _sum(a: Range, b: Range) -> Range:
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    never_both_zero = not (a.may_be_zero and b.may_be_zero)
    return Range(low, high, zero=not (low is not None and low >= 0 and a.low == 0 == b.low and never_both_zero))


def _negative(a: Range) -> Range:
    return Range(None if a.high is None else -a.high, None if a.low is None else -a.low, a.zero)


def _product(a: Range, b: Range) -> Range:
    zero = a.may_be_zero or b.may_be_zero
    if a.low is not None and b.low is not None and a.low >= 0 and b.low >= 0:
        return Range(a.low * b.low, None if a.high is None or b.high is None else a.high * b.high, zero)
    ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high) if x is not None and y is not None]
    return Range(min(ends), max(ends), zero) if len(ends) == 4 else Range(zero=zero)


def _quotient(a: Range, b: Range) -> Range:
    if a.low is not None and b.low is not None and a.low >= 0 and b.low >= 0:
        high = a.high / b.low if a.high is not None and b.low else None
        return Range(a.low / b.high if b.high else Fraction(0), high, a.may_be_zero)
    return Range(zero=a.may_be_zero)


def _least(*ranges: Range) -> Range:
    lows, highs = [r.low for r in ranges], [r.high for r in ranges if r.high is not None]
    low = None if None in lows else min(low for low in lows if low is not None)
    return Range(low, min(highs, default=None), any(r.may_be_zero for r in ranges))


def _most(*ranges: Range) -> Range:
    return _negative(_least(*(_negative(r) for r in ranges)))


def _rounded(a: Range, places: Range) -> Range:
    to = int(places.low or 0)
    return Range(
        None if a.low is None else round_to(a.low, to),
        None if a.high is None else round_to(a.high, to),
    )


def _steps(a: Range, _size: Range) -> Range:
    return Range(Fraction(0), None, a.may_be_zero) if a.low is not None and a.low >= 0 else ANY


RANGE_OF: dict[str, Callable[..., Range]] = {
    "+": _sum,
    "-": lambda a, b: _sum(a, _negative(b)),
    "*": _product,
    "/": _quotient,
    "negative": _negative,
    "min": _least,
    "max": _most,
    "round": _rounded,
    "step": _steps,
}
