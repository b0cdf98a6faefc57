"""What an asset is still worth: straight-line depreciation, as figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

MOST_LIFE_MONTHS = 600
MOST_COST = Money(100_000_000_000)


@dataclass(frozen=True, slots=True)
class Worth:
    """What it cost, what will be left of that, and over how many months the rest is used up."""

    cost: Money
    salvage: Money
    life_months: int
    bought_on: date

    def __post_init__(self) -> None:
        if not Money.zero <= self.cost <= MOST_COST:
            raise Invalid("cost", _("Between {least} and {most}."), least=Money.zero, most=MOST_COST)
        if not Money.zero <= self.salvage <= self.cost:
            raise Invalid("salvage", _("What is left at the end is not more than the cost."))
        if not 1 <= self.life_months <= MOST_LIFE_MONTHS:
            raise Invalid("life_months", _("Between {low} and {high}."), low=1, high=MOST_LIFE_MONTHS)


@dataclass(frozen=True, slots=True)
class Depreciation:
    """Up to the end of a month: how many months are used up, what this month took, what all took, what is left."""

    months: int
    of_month: Money
    so_far: Money
    left: Money


def depreciated(worth: Worth, on: date) -> Depreciation:
    """This will depreciate up to the end of the month of a day; the month of buying takes nothing.

    What is used up by month n is rounded once; a month takes the difference of two of those, so that the months of a
    whole life add up to the cost less what is left, to the fen.
    """
    passed = (on.year - worth.bought_on.year) * 12 + on.month - worth.bought_on.month
    months = min(max(passed, 0), worth.life_months)
    so_far = _used_up(worth, months)
    of_month = so_far - _used_up(worth, months - 1) if 0 < passed <= worth.life_months else Money.zero
    return Depreciation(months, of_month, so_far, worth.cost - so_far)


def _used_up(worth: Worth, months: int) -> Money:
    return Money.rounded(Fraction((worth.cost - worth.salvage).minor * months, worth.life_months))
