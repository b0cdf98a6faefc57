"""Instalment plans: a debt paid in parts, each on its day; what a plan's parts add up to is the debt, to the fen.

A plan is kept while each part is paid by its day and some grace. What its lines were paid, by whom and however, counts
for the first part that is not paid, then for the next. A plan that is not kept is broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linli.estate.billing.rules.terms import add_months
from linli.kernel.life import Life
from linli.kernel.money import Money

MOST_PARTS = 36


class PlanState(StrEnum):
    ASKED = "asked"
    KEPT = "kept"
    DONE = "done"
    BROKEN = "broken"
    REFUSED = "refused"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class PlanVerb(StrEnum):
    ASK = "ask"
    APPROVE = "approve"
    REFUSE = "refuse"
    LAPSE = "lapse"
    FINISH = "finish"
    BREAK = "break"
    CANCEL = "cancel"


PLAN_LIFE = Life(
    birth=PlanState.ASKED,
    moves={
        (PlanState.ASKED, PlanVerb.APPROVE): PlanState.KEPT,
        (PlanState.ASKED, PlanVerb.REFUSE): PlanState.REFUSED,
        (PlanState.ASKED, PlanVerb.LAPSE): PlanState.LAPSED,
        (PlanState.KEPT, PlanVerb.FINISH): PlanState.DONE,
        (PlanState.KEPT, PlanVerb.BREAK): PlanState.BROKEN,
        (PlanState.KEPT, PlanVerb.CANCEL): PlanState.CANCELLED,
    },
)
"""A plan is asked for by one person and decided by another; then it is kept to its end, broken, or taken back."""


class BrokenFrom(StrEnum):
    """From when late fees run again once a plan is broken."""

    BREAK = "break"
    """From the day on which it was broken; the time of the plan stays free."""
    START = "start"
    """As if there had been no plan."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment."""

    nth: int
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class PartStanding:
    """An instalment with what is paid of it."""

    part: Instalment
    paid: Money

    @property
    def open(self) -> Money:
        return self.part.amount - self.paid


def instalments(total: Money, count: int, first_on: date) -> tuple[Instalment, ...]:
    """This will split a debt into so many instalments, month by month from a day on; the days keep their anchor."""
    if not 2 <= count <= MOST_PARTS or total.minor < count:
        raise ValueError("a plan has two to thirty-six instalments of at least a fen each")
    amounts = total.split([1] * count)
    return tuple(
        Instalment(nth + 1, add_months(first_on, nth, anchor=first_on.day), amount)
        for nth, amount in enumerate(amounts)
    )


def standing(plan: Sequence[Instalment], paid: Money) -> tuple[PartStanding, ...]:
    """This will tell what is paid of each instalment, the first one first."""
    found, left = [], max(Money.zero, paid)
    for part in plan:
        here = min(left, part.amount)
        found.append(PartStanding(part, here))
        left -= here
    return tuple(found)


def missed(plan: Sequence[Instalment], paid: Money, on: date, grace_days: int) -> Instalment | None:
    """This will find the first instalment that is not wholly paid although its day and the grace are over."""
    return next(
        (
            each.part
            for each in standing(plan, paid)
            if each.open and each.part.due_on + timedelta(days=grace_days) < on
        ),
        None,
    )
