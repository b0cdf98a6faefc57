"""The plan of a contract: rows that follow from its terms and add up to its sum, to the fen; cut, they still do.

Months lie on the grid of the contract's first day (31 -> 28 -> 31). A row is priced by what is used up of each month at
its end less what is used up at its start, so that however the term is cut into rows, the rows come to the same total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from linli.estate.billing.rules import (
    Days,
    Escalation,
    Proration,
    TermRule,
    add_months,
    month_parts,
    price_of,
    rent_steps,
)
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

MOST_ROWS = 600
MOST_A_ROW = Money(100_000_000)


class Row(NamedTuple):
    """One date of the plan: its days, when it is due, and what it comes to."""

    days: Days
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What it costs: so much a month, with rises, or so much in all; a row every so many months.

    `due_days` are counted from the first day of a row, before it where they are negative. The first `free_months` cost
    nothing.
    """

    every_months: int = 1
    monthly: Money | None = None
    total: Money | None = None
    escalation: Escalation | None = None
    free_months: int = 0
    due_days: int = 0
    proration: Proration = Proration.ACTUAL_DAYS

    def __post_init__(self) -> None:
        if (self.monthly is None) == (self.total is None):
            raise Invalid("monthly", _("Say what a month costs, or what all of it costs."))
        if not Money.zero < (self.monthly or self.total or Money.zero):
            raise Invalid("monthly" if self.total is None else "total", _("More than nothing."))
        if not 1 <= self.every_months <= 60:
            raise Invalid("every_months", _("Between {low} and {high}."), low=1, high=60)
        if not -60 <= self.due_days <= 90:
            raise Invalid("due_days", _("Between {low} and {high}."), low=-60, high=90)
        if not 0 <= self.free_months <= 60:
            raise Invalid("free_months", _("Between {low} and {high}."), low=0, high=60)
        if self.total is not None and (self.escalation or self.free_months):
            raise Invalid("total", _("What is agreed in all neither rises nor has months that are free."))


def plan(terms: Terms, term: Days) -> tuple[Row, ...]:
    """This will lay the rows of a term, or refuse what makes no sense; they add up to the contract's sum."""
    if term.end <= term.start:
        raise Invalid("end_on", _("The end comes after the start."))
    cuts = _cuts(terms, term)
    if terms.total is not None:
        parts = terms.total.split([each.length for each in cuts])
        amounts = list(parts)
    else:
        amounts = [_priced(terms, term, each) for each in cuts]
    if any(amount > MOST_A_ROW for amount in amounts):
        raise Invalid("monthly", _("A row comes to at most {most}."), most=MOST_A_ROW)
    due = timedelta(days=terms.due_days)
    return tuple(Row(days, days.start + due, amount) for days, amount in zip(cuts, amounts, strict=True))


def cut(terms: Terms, term: Days, row: Row, ended_on: date) -> Row | None:
    """This will give what is left of a row when a contract ends on a day; None where nothing is.

    A row that ends by then stays as it is. What a month costs is shared as the terms say, what all costs by days.
    """
    if row.days.end <= ended_on:
        return row
    if row.days.start >= ended_on:
        return None
    left = Days(row.days.start, ended_on)
    if terms.total is not None:
        return Row(left, row.due_on, Money.rounded(Fraction(row.amount.minor * left.length, row.days.length)))
    return Row(left, row.due_on, _priced(terms, term, left))


def total(rows: Sequence[Row]) -> Money:
    """This will add up a plan."""
    return Money.total(row.amount for row in rows)


def _cuts(terms: Terms, term: Days) -> tuple[Days, ...]:
    found, since, nth = [], term.start, 0
    while since < term.end:
        nth += 1
        until = min(add_months(term.start, nth * terms.every_months), term.end)
        found.append(Days(since, until))
        since = until
        if nth > MOST_ROWS:
            raise Invalid("every_months", _("At most {most} rows."), most=MOST_ROWS)
    return tuple(found)


def _priced(terms: Terms, term: Days, days: Days) -> Money:
    """What some days of the term cost: the months that are free nothing, the others by the rent that holds in them."""
    monthly = terms.monthly or Money.zero
    paid_from = add_months(term.start, terms.free_months)
    start = max(days.start, paid_from)
    if start >= days.end:
        return Money.zero
    rule = TermRule(proration=terms.proration, anchor=term.start.day)
    if terms.escalation is None:
        steps: tuple[tuple[Days, Money], ...] = ((term, monthly),)
    else:
        rising = rent_steps(monthly, term.start, term.end, terms.escalation)
        steps = tuple((step.days, step.monthly) for step in rising)
    held, amount = Period(paid_from, term.end), Money.zero
    for step, rent in steps:
        since, until = max(step.start, start), min(step.end, days.end)
        if since < until:
            amount += price_of(month_parts(Period(since, until), rule, held), Fraction(rent.minor))
    return amount
