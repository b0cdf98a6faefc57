"""Money is a whole number of minor units; it is rounded in one place and divided in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

BASIS_POINTS = 10_000
"""Basis points in a whole: a commission of 8 % is 800."""

_PLAIN = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,2}))?")


class Towards(StrEnum):
    """Which way a rounding goes, seen from zero; `NEAREST` sends a half away from zero."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Rounding:
    """How an exact amount becomes whole steps of minor units: to the fen unless a step of 10 or 100 fen is asked."""

    towards: Towards = Towards.NEAREST
    step: int = 1

    def __post_init__(self) -> None:
        if self.step < 1:
            raise ValueError(f"a rounding step counts whole minor units, got {self.step}")


TO_THE_FEN = Rounding()


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in the minor unit of the deployment's currency (fen by default); may be negative in a posting."""

    minor: int
    zero: ClassVar[Money]

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"Money counts whole minor units, got {self.minor!r}")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + other.minor)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - other.minor)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            raise TypeError("Money is multiplied by whole numbers only; use Money.from_rate for rates")
        return Money(self.minor * times)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.minor)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        sign, whole = ("-" if self.minor < 0 else ""), abs(self.minor)
        return f"{sign}{whole // 100}.{whole % 100:02d}"

    @classmethod
    def parse(cls, text: str) -> Money:
        """This will read `12`, `12.3` or `-12.34`; anything finer or stranger is a ValueError, never a guess."""
        found = _PLAIN.fullmatch(text.strip())
        if not found:
            raise ValueError(f"{text!r} is not an amount with at most two decimals")
        sign, whole, cents = found.groups()
        minor = int(whole) * 100 + int((cents or "").ljust(2, "0"))
        return cls(-minor if sign else minor)

    @classmethod
    def rounded(cls, minor: Fraction | Decimal | int, how: Rounding = TO_THE_FEN) -> Money:
        """This will round an exact number of minor units, once; the only rounding. Signs mirror each other."""
        return cls._rounded(*minor.as_integer_ratio(), how)

    @classmethod
    def _rounded(cls, numerator: int, denominator: int, how: Rounding = TO_THE_FEN) -> Money:
        whole = denominator * how.step
        steps, rest = divmod(abs(numerator), whole)
        if (how.towards is Towards.NEAREST and 2 * rest >= whole) or (how.towards is Towards.UP and rest):
            steps += 1
        return cls((steps if numerator > 0 else -steps) * how.step)

    @classmethod
    def from_rate(cls, base: Money | int | Decimal, rate: Decimal) -> Money:
        """This will multiply a base in minor units by a rate and round half away from zero, once."""
        (a, b), (c, d) = (base.minor if isinstance(base, Money) else base).as_integer_ratio(), rate.as_integer_ratio()
        return cls._rounded(a * c, b * d)

    @classmethod
    def from_basis_points(cls, base: Money, basis_points: int) -> Money:
        """This will take `basis_points` ten-thousandths of the base, rounded as `from_rate` does."""
        return cls._rounded(base.minor * basis_points, BASIS_POINTS)

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """This will divide the amount by weight (largest remainder; ties go to the earlier weight).

        The parts sum to the whole, each is within one minor unit of its exact share, and a zero weight gets nothing.
        Raises ValueError when there is something to divide and no positive weight to carry it, or a negative weight.
        """
        if any(w < 0 for w in weights):
            raise ValueError("weights may not be negative")
        total = sum(weights)
        if total == 0:
            if self.minor:
                raise ValueError("nothing to weigh the split by")
            return tuple(Money(0) for _ in weights)
        sign, whole = (-1, -self.minor) if self.minor < 0 else (1, self.minor)
        parts = [whole * w // total for w in weights]
        left = whole - sum(parts)
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
        for i in by_remainder[:left]:
            parts[i] += 1
        return tuple(Money(sign * p) for p in parts)

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Money:
        """This will add up amounts; of none, zero."""
        return cls(sum(a.minor for a in amounts))


Money.zero = Money(0)
