"""Rent with escalation: each step is counted from the first rent, by the terms agreed, and rounded to the fen once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from linli.estate.billing.rules.terms import Days, add_months
from linli.kernel.money import Money


class RaiseOf(StrEnum):
    ORIGINAL = "original"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Every `months` months the rent rises: by `rate` (0.05 is 5 %) of the first or of the last rent, or by an amount.

    The first rise comes at `after_months` (as a rule the same number), none lifts the rent above `cap`.
    """

    months: int
    rate: Decimal = Decimal(0)
    amount: Money = Money.zero
    of: RaiseOf = RaiseOf.LAST
    after_months: int | None = None
    cap: Money | None = None

    def __post_init__(self) -> None:
        if self.months < 1 or (self.after_months is not None and self.after_months < 1):
            raise ValueError("a rent rises after one month at the earliest")
        if self.rate < 0 or self.amount < Money.zero:
            raise ValueError("a rise does not lower the rent")
        if bool(self.rate) == bool(self.amount):
            raise ValueError("a rise is either a rate or an amount")


@dataclass(frozen=True, slots=True)
class RentStep:
    """From its first day up to its last the month costs `monthly`."""

    days: Days
    monthly: Money


def rent_steps(first: Money, starts_on: date, until: date, rule: Escalation) -> tuple[RentStep, ...]:
    """This will give the rents of a contract from its first day up to `until`, each with the days it holds.

    The days of rises are counted from the first day: a contract of 31 August rises on 28 February and 31 August.
    """
    steps, monthly, since, nth = [], first, starts_on, 0
    while since < until:
        due_after = (rule.after_months or rule.months) + nth * rule.months
        rises_on = add_months(starts_on, due_after)
        steps.append(RentStep(Days(since, min(rises_on, until)), monthly))
        since, nth = rises_on, nth + 1
        monthly = _raised(first, monthly, rule)
    return tuple(steps)


def _raised(first: Money, last: Money, rule: Escalation) -> Money:
    base = first if rule.of is RaiseOf.ORIGINAL else last
    rise = rule.amount if rule.amount else Money.rounded(base.minor * Fraction(rule.rate))
    return last + rise if rule.cap is None else max(last, min(last + rise, rule.cap))
