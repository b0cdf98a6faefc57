"""Late fees: what an unpaid line costs for each day it stays unpaid; recomputable at any time from what was owed when.

A fee is never below nothing and never falls as time goes on: grace moves the first day and subtracts nothing, a payment
lowers what further days cost and nothing else, and a cap measures the principal as billed, which no longer changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from linli.estate.billing.rules.terms import add_months
from linli.kernel.money import BASIS_POINTS, TO_THE_FEN, Money, Rounding


class Accrual(StrEnum):
    """What the rate is a rate of."""

    DAILY = "daily"
    """So much of the unpaid principal for each day."""
    DAILY_COMPOUND = "daily_compound"
    """The same, of the unpaid principal and the fee so far."""
    MONTHLY = "monthly"
    """So much of the unpaid principal for each month begun, on the day it begins."""
    FIXED = "fixed"
    """A fixed amount once, on the first day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRule:
    """A community's rule for an item.

    `rate` is a share of one (0.0005 is 0.05 %), or yuan for `FIXED`. Fees run from the day after `due_on` plus
    `grace_days`; with `from_due_on`, once the grace is over, they count from the day after `due_on`. `cap_bp` is of the
    principal as billed. From `stops_on` nothing more runs (a lawsuit, an agreement).
    """

    accrual: Accrual = Accrual.DAILY
    rate: Decimal
    grace_days: int = 0
    from_due_on: bool = False
    cap_bp: int | None = None
    cap: Money | None = None
    stops_on: date | None = None
    rounding: Rounding = TO_THE_FEN

    def __post_init__(self) -> None:
        if self.rate < 0:
            raise ValueError("a late fee has no negative rate")
        if self.grace_days < 0:
            raise ValueError("grace has no negative days")
        if (self.cap_bp is not None and self.cap_bp < 0) or (self.cap is not None and self.cap < Money.zero):
            raise ValueError("a late fee has no negative cap")


@dataclass(frozen=True, slots=True)
class Owed:
    """What was unpaid of a line's principal from a day on (at its beginning), until the next such entry."""

    since: date
    unpaid: Money


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days over which the same was unpaid, and what they cost before rounding, in minor units: the fee explained."""

    start: date
    end: date
    unpaid: Money
    cost: Fraction


@dataclass(frozen=True, slots=True)
class LateFee:
    amount: Money
    stretches: tuple[Stretch, ...]
    is_capped: bool


NO_FEE = LateFee(Money.zero, (), is_capped=False)


def late_fee(principal: Money, due_on: date, owed: Sequence[Owed], rule: LateRule, on: date) -> LateFee:
    """This will tell what a line's late fee has come to when the day `on` begins.

    `owed` lists what was unpaid, by rising days; the last entry holds until now. The fee of the whole time is rounded
    once, so accruing it every night and computing it once at the end come to the same.
    """
    first = due_on + timedelta(days=1 + rule.grace_days)
    if on <= first:
        return NO_FEE
    start = due_on + timedelta(days=1) if rule.from_due_on else first
    end = on if rule.stops_on is None else min(on, rule.stops_on)
    stretches = tuple(_costs(list(_stretches(owed, start, end)), start, rule))
    exact = sum((stretch.cost for stretch in stretches), Fraction(0))
    amount, caps = Money.rounded(exact, rule.rounding), []
    if rule.cap_bp is not None:
        caps.append(Money.rounded(Fraction(principal.minor * rule.cap_bp, BASIS_POINTS)))
    if rule.cap is not None:
        caps.append(rule.cap)
    return LateFee(min([amount, *caps]), stretches, is_capped=any(cap < amount for cap in caps))


def _stretches(owed: Sequence[Owed], start: date, end: date) -> Iterator[tuple[date, date, Money]]:
    """The days from `start` up to `end` on which something was unpaid, cut where that changed."""
    for nth, entry in enumerate(owed):
        since = max(entry.since, start)
        until = min(owed[nth + 1].since, end) if nth + 1 < len(owed) else end
        if since < until and entry.unpaid > Money.zero:
            yield since, until, entry.unpaid


def _costs(stretches: Sequence[tuple[date, date, Money]], start: date, rule: LateRule) -> Iterator[Stretch]:
    so_far = Fraction(0)
    for nth, (since, until, unpaid) in enumerate(stretches):
        if rule.accrual is Accrual.FIXED:
            cost = Fraction(rule.rate) * 100 if nth == 0 else Fraction(0)
        else:
            cost = _cost(since, until, unpaid.minor, so_far, start, rule)
        so_far += cost
        yield Stretch(since, until, unpaid, cost)


def _cost(since: date, until: date, unpaid: int, so_far: Fraction, start: date, rule: LateRule) -> Fraction:
    if rule.accrual is Accrual.DAILY_COMPOUND:
        return (unpaid + so_far) * (_power(1 + rule.rate, (until - since).days) - 1)
    times = _months_begun(start, since, until) if rule.accrual is Accrual.MONTHLY else (until - since).days
    return unpaid * Fraction(rule.rate) * times


def _power(base: Decimal, times: int) -> Fraction:
    """Compound growth to 40 digits, as many as nobody's debt needs; exact fractions would grow with every day."""
    with localcontext(prec=40):
        return Fraction(base**times)


def _months_begun(start: date, since: date, until: date) -> int:
    """How many months, counted from the first day of the fee, begin within [since, until)."""
    months, begun = 0, start
    count = 0
    while begun < until:
        count += begun >= since
        months += 1
        begun = add_months(start, months)
    return count
