"""Charges: a tariff, what is known of a home, and some days come to an amount and the reason for it.

What cannot be worked out is `Stopped` with the reason, for somebody to look at. It is never billed as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Generic, TypeVar
from uuid import UUID

from linli.estate.billing.rules.expressions import Missing, Tree, decimal_text, evaluate, written
from linli.estate.billing.rules.formulas import Basis
from linli.estate.billing.rules.terms import Days, TermRule, month_parts, price_of
from linli.estate.billing.rules.usage import Step, Tiers, by_time_of_use, tiered
from linli.kernel.money import TO_THE_FEN, Money, Rounding
from linli.kernel.period import Period, first_overlap

FEN_PER_YUAN = 100
BY_CALENDAR_MONTHS = TermRule()
T = TypeVar("T")
Rank = tuple[bool, date, UUID]
"""Whether it gives way to others, since when it holds, and its id: the order in which one of several prevails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A version of what an item costs, ready to run. `smallest` is the least that metered usage costs."""

    tree: Tree
    basis: Basis
    parameters: Mapping[str, Fraction] = field(default_factory=dict)
    term: TermRule = BY_CALENDAR_MONTHS
    rounding: Rounding = TO_THE_FEN
    tiers: Tiers | None = None
    bands: Mapping[str, Decimal] = field(default_factory=dict)
    smallest: Money = Money.zero


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingShare:
    """From what a display showed to what it shows now, in the reason; figures are text, and none is ever a float."""

    meter: str
    register: str
    start: str
    start_on: date
    end: str
    end_on: date
    factor: str
    quantity: str
    is_estimate: bool = False
    meter_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a meter counted in the charged days; `before` is what the same pool had counted already, `bands` what each
    of several registers (peak, flat, valley) did. `persons` None: nobody has counted them."""

    quantity: Fraction
    before: Fraction = Fraction(0)
    price: Fraction | None = None
    persons: int | None = 0
    bands: Mapping[str, Fraction] = field(default_factory=dict)
    readings: tuple[ReadingShare, ...] = ()


class Stop(StrEnum):
    """Why a line could not be drafted."""

    MISSING = "missing"
    """The home lacks a value that the formula needs; `about` names it."""
    NEGATIVE = "negative"
    """The formula came to less than nothing; `about` is the figure."""
    NO_READING = "no_reading"
    """Usage is charged and there is no reading; `about` is the meter."""
    WAITING = "waiting"
    """A doubtful reading waits for a person; `about` is the meter."""
    BAND = "band"
    """Some usage has no price of its own; `about` is its register."""
    GAP = "gap"
    """On some of the days no tariff holds; `about` is the first of them."""
    WEIGHTLESS = "weightless"
    """A cost is shared and nobody of those who share it weighs anything."""
    NOBODY = "nobody"
    """On some of the days nobody is known to owe it; `about` is the first of them."""


@dataclass(frozen=True, slots=True)
class Stopped:
    stop: Stop
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthShare:
    """A piece of a month in the reason: its days, its part of the month's price, and what that came to."""

    start: date
    end: date
    share: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShare:
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why this amount: the formula in names and in figures, what it came to, and how that became the line."""

    formula: str
    figures: str
    comes_to: str
    values: Mapping[str, str]
    months: tuple[MonthShare, ...] = ()
    steps: tuple[StepShare, ...] = ()
    is_smallest: bool = False
    readings: tuple[ReadingShare, ...] = ()


def reason_of_occasion(title: Mapping[str, str], steps: Sequence[StepShare]) -> dict[str, object]:
    """This will write the reason of one occasion: what it was, in the languages given, and its steps in figures."""
    return {
        "title": dict(title),
        "steps": [{"quantity": s.quantity, "price": s.price, "amount": s.amount} for s in steps],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What some days, or some usage, cost. Quantity times unit price is told where the formula is that simple."""

    days: Days
    amount: Money
    reason: Reason


def charge(
    tariff: Tariff,
    values: Mapping[str, Fraction],
    days: Days,
    held: Period[date],
    used: Used | None = None,
) -> Charge | Stopped:
    """This will work out what a tariff charges for some days of the time for which it is held.

    `values` are those of the home (`HOME` and its attributes); the tariff's parameters and what belongs to the term or
    the meter are added here. All prices are in yuan.
    """
    if tariff.basis is Basis.USAGE and used is None:
        return Stopped(Stop.NO_READING)
    known = {**values, **tariff.parameters, **_of_the_term(tariff, days, held), **_of_the_meter(used)}
    try:
        yuan = evaluate(tariff.tree, known)
    except Missing as missing:
        return Stopped(Stop.MISSING, missing.name)
    assert not isinstance(yuan, bool), "a formula that was checked comes to an amount"  # noqa: S101
    if yuan < 0:
        return Stopped(Stop.NEGATIVE, decimal_text(yuan))
    if tariff.basis is Basis.MONTH:
        return _by_months(tariff, known, yuan * FEN_PER_YUAN, days, held)
    if tariff.basis is Basis.USAGE and used is not None:
        return _by_usage(tariff, known, yuan * FEN_PER_YUAN, days, used)
    exact = yuan * FEN_PER_YUAN
    return Charge(days=days, amount=Money.rounded(exact, tariff.rounding), reason=_reason(tariff, known, exact))


def _of_the_term(tariff: Tariff, days: Days, held: Period[date]) -> dict[str, Fraction]:
    if tariff.basis is not Basis.PERIOD:
        return {}
    parts = month_parts(Period(*days), tariff.term, held)
    return {"months": sum((part.share for part in parts), Fraction(0)), "days": Fraction(days.length)}


def _of_the_meter(used: Used | None) -> dict[str, Fraction]:
    if used is None:
        return {}
    return {"meter.usage": used.quantity} | ({} if used.price is None else {"meter.price": used.price})


def _by_months(
    tariff: Tariff, known: Mapping[str, Fraction], monthly: Fraction, days: Days, held: Period[date]
) -> Charge:
    parts = month_parts(Period(*days), tariff.term, held)
    months = tuple(
        MonthShare(
            start=part.days.start,
            end=part.days.end,
            share=str(part.share),
            amount=price_of([part], monthly, tariff.rounding),
        )
        for part in parts
    )
    return Charge(
        days=days,
        amount=Money.total(month.amount for month in months),
        reason=_reason(tariff, known, monthly, months=months),
    )


def _by_usage(
    tariff: Tariff, known: Mapping[str, Fraction], exact: Fraction, days: Days, used: Used
) -> Charge | Stopped:
    """Steps of price stand beside the formula: it then tells what is added to them (a surcharge), as a rule nothing."""
    steps: tuple[Step, ...] = ()
    if tariff.tiers is not None:
        if used.persons is None and tariff.tiers.per_extra_person:
            return Stopped(Stop.MISSING, "home.persons")
        steps = tiered(tariff.tiers, used.before, used.quantity, used.persons or 0)
    if tariff.bands:
        unpriced = sorted(set(used.bands) - set(tariff.bands))
        if unpriced:
            return Stopped(Stop.BAND, unpriced[0])
        steps += by_time_of_use(tariff.bands, used.bands)
    exact += sum((step.cost for step in steps), Fraction(0))
    is_smallest = exact < tariff.smallest.minor
    exact = max(exact, Fraction(tariff.smallest.minor))
    return Charge(
        days=days,
        amount=Money.rounded(exact, tariff.rounding),
        reason=_reason(tariff, known, exact, steps=steps, is_smallest=is_smallest, readings=used.readings),
    )


def _reason(
    tariff: Tariff,
    known: Mapping[str, Fraction],
    exact: Fraction,
    *,
    months: tuple[MonthShare, ...] = (),
    steps: Sequence[Step] = (),
    is_smallest: bool = False,
    readings: tuple[ReadingShare, ...] = (),
) -> Reason:
    shown: dict[str, str] = {}

    def figure(name: str) -> str:
        shown[name] = decimal_text(known[name]) if name in known else "?"
        return shown[name]

    return Reason(
        formula=written(tariff.tree),
        figures=written(tariff.tree, figure),
        comes_to=decimal_text(exact / FEN_PER_YUAN),
        values=shown,
        months=months,
        steps=tuple(
            StepShare(quantity=decimal_text(s.quantity), price=str(s.price), amount=decimal_text(s.cost / FEN_PER_YUAN))
            for s in steps
        ),
        is_smallest=is_smallest,
        readings=readings,
    )


@dataclass(frozen=True, slots=True)
class Holding(Generic[T]):
    """That something held (a tariff, an obligor, an assignment) for a time."""

    period: Period[date]
    what: T


def prevailing(days: Days, candidates: Sequence[tuple[Rank, Holding[T]]]) -> tuple[Holding[T], ...]:
    """This will tell what holds on each of some days where several things do: of each stretch the smallest rank.

    Equal neighbours are joined, so nothing is cut that does not change.
    """
    edges = {edge for _, each in candidates for edge in (each.period.start, each.period.end) if edge is not None}
    cuts = sorted({days.start, days.end, *(edge for edge in edges if days.start < edge < days.end)})
    found: list[Holding[T]] = []
    for start, end in pairwise(cuts):
        there = [(rank, nth) for nth, (rank, each) in enumerate(candidates) if start in each.period]
        if not there:
            continue
        what = candidates[min(there)[1]][1].what
        since = start
        if found and found[-1].what == what and found[-1].period.end == start:
            since = found.pop().period.start
        found.append(Holding(Period(since, end), what))
    return tuple(found)


def overlap(holdings: Sequence[Holding[T]]) -> tuple[Period[date], Period[date]] | None:
    """This will find two times that overlap, of things of which one at a time may hold."""
    return first_overlap(holding.period for holding in holdings)


def pieces(days: Days, holdings: Sequence[Holding[T]]) -> Iterator[tuple[Days, T] | Stopped]:
    """This will cut days where what holds changes, in order; days on which nothing holds are `Stopped` as a gap."""
    since = days.start
    for holding in sorted(holdings, key=lambda holding: holding.period.start):
        end = min(days.end, holding.period.end or days.end)
        start = max(since, holding.period.start)
        if start >= end:
            continue
        if start > since:
            yield Stopped(Stop.GAP, since.isoformat())
        yield Days(start, end), holding.what
        since = end
    if since < days.end:
        yield Stopped(Stop.GAP, since.isoformat())
