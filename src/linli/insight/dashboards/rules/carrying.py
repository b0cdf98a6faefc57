"""What to carry: the margin of a good in some communities after all that it costs, and whether it earns its place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from linli.kernel.money import Money

NEIGHBOURS_COUNT_WEEKS = 4
"""What a community buys itself stands beside so many weeks of what its neighbours buy, home by home: few weeks of its
own say little."""
TRIED_WEEKS = 4
"""Before a good has stood on the shelf so long, nothing is said of it."""
OFTEN_AGAIN = Decimal("0.3")
"""The part of the homes from which on buying it again is the reason to carry it."""


class Verdict(StrEnum):
    """What the figures say of a good."""

    CARRY = "carry"
    WATCH = "watch"
    DROP = "drop"
    OPEN = "open"


class Reason(StrEnum):
    """Why: the first of these that holds."""

    NEW = "new"
    NO_COST = "no_cost"
    UNSOLD = "unsold"
    LOSES = "loses"
    SELDOM = "seldom"
    AGAIN = "again"
    EARNS = "earns"
    LITTLE = "little"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What some communities bought of a good in the weeks looked at; `trips` and `fees` of ways of the shop's own."""

    units: int = 0
    homes: int = 0
    again: int = 0
    net: Money = Money.zero
    merchant: Money = Money.zero
    trips: Decimal = Decimal(0)
    fees: Money = Money.zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """How a good went through the shelves, in all communities together; `weeks` since it first came in, at most those
    looked at."""

    weeks: Decimal
    here: int = 0
    costed: int = 0
    cost: Money = Money.zero
    lost: int = 0
    lost_cost: Money = Money.zero
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A good: what is looked at (`own`, in `homes` homes), what all communities bought together, and its shelf."""

    own: Bought
    everywhere: Bought
    homes: int
    homes_everywhere: int
    shelf: Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is compared with; `least_a_month` and `least_margin` are of one community, as `trip` is of one way."""

    trip: Money
    least_a_month: int
    least_margin: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """The reckoning of a line. Without a purchase cost there is no `cost`, no `margin` and no `a_week`.

    `weekly` are units a week as they are expected here, `a_week` the margin of these.
    """

    verdict: Verdict
    reason: Reason
    cost: Money | None
    commission: Money
    delivery: Money
    loss: Money
    margin: Money | None
    weekly: float
    a_week: Money | None


def judge(line: Line, terms: Terms) -> Worth:
    """This will reckon what a merchant keeps of a good where it is looked at, and say what to do with it."""
    own, shelf = line.own, line.shelf
    commission = own.net - own.merchant
    delivery = Money.from_rate(terms.trip, own.trips) - own.fees
    loss = _part(shelf.lost_cost, own.units, line.everywhere.units) if line.everywhere.units else shelf.lost_cost
    cost = _cost(own.units, shelf)
    margin = None if cost is None else own.merchant - cost - delivery - loss
    units = weekly(line)
    all_margin = _margin_everywhere(line, terms)
    each = None if all_margin is None or not line.everywhere.units else all_margin.minor / line.everywhere.units
    a_week = None if each is None else Money(round(each * units))
    reason = _reason(line, terms, units, a_week)
    return Worth(
        verdict=_VERDICT[reason],
        reason=reason,
        cost=cost,
        commission=commission,
        delivery=delivery,
        loss=loss,
        margin=margin,
        weekly=units,
        a_week=a_week,
    )


def weekly(line: Line) -> float:
    """This will say how many units a week the homes that are looked at buy: as they did, drawn towards what all homes
    do, so that one good week in a small place is no promise and one bad week no end."""
    weeks = float(line.shelf.weeks)
    if weeks <= 0:
        return 0.0
    part = line.homes / line.homes_everywhere if line.homes_everywhere else 1.0
    neighbours = line.everywhere.units / weeks * part
    return (line.own.units + NEIGHBOURS_COUNT_WEEKS * neighbours) / (weeks + NEIGHBOURS_COUNT_WEEKS)


def _reason(line: Line, terms: Terms, units: float, a_week: Money | None) -> Reason:
    if line.shelf.weeks < TRIED_WEEKS:
        return Reason.NEW
    if not line.everywhere.units:
        return Reason.UNSOLD
    if units * 4 < terms.least_a_month:
        return Reason.SELDOM
    if a_week is None:
        return Reason.NO_COST
    if a_week <= Money.zero:
        return Reason.LOSES
    if a_week < terms.least_margin:
        return Reason.LITTLE
    return Reason.AGAIN if line.own.again >= OFTEN_AGAIN * line.own.homes and line.own.again else Reason.EARNS


_VERDICT = {
    Reason.NEW: Verdict.OPEN,
    Reason.NO_COST: Verdict.OPEN,
    Reason.UNSOLD: Verdict.DROP,
    Reason.LOSES: Verdict.DROP,
    Reason.SELDOM: Verdict.DROP,
    Reason.LITTLE: Verdict.WATCH,
    Reason.AGAIN: Verdict.CARRY,
    Reason.EARNS: Verdict.CARRY,
}


def _cost(units: int, shelf: Shelf) -> Money | None:
    """As much as the units with a known cost came to in the mean; of what has none, nothing is guessed."""
    if not units:
        return Money.zero
    return _part(shelf.cost, units, shelf.costed) if shelf.costed else None


def _margin_everywhere(line: Line, terms: Terms) -> Money | None:
    every = line.everywhere
    cost = _cost(every.units, line.shelf)
    if cost is None:
        return None
    return every.merchant - cost - (Money.from_rate(terms.trip, every.trips) - every.fees) - line.shelf.lost_cost


def _part(amount: Money, part: int, whole: int) -> Money:
    return Money.from_rate(amount, Decimal(part) / Decimal(whole))
