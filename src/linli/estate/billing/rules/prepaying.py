"""Prepaid terms: months of an item paid ahead, with months that come as a gift at their end.

A term covers whole months of the calendar, each in one of two ways. *Locked*: what the month costs was fixed when the
term was bought, and no later tariff touches it. *Re-priced*: the month costs what it costs then, and the sum that was
paid is used up by it; where it does not reach, the difference is open on the bill, and what is left at the end stays
the payer's. A gift month costs nothing in either way; what it would have cost is the company's expense.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from linli.estate.billing.rules.charges import Stopped
from linli.estate.billing.rules.drafting import Drafted
from linli.estate.billing.rules.terms import add_months
from linli.kernel.life import Life
from linli.kernel.money import Money

MOST_MONTHS = 60


class TermPrice(StrEnum):
    LOCKED = "locked"
    REPRICED = "repriced"


class TermState(StrEnum):
    ASKED = "asked"
    HELD = "held"
    ENDED = "ended"
    """All of its months went out."""
    RETURNED = "returned"
    """What had not been used was given back."""
    CUT = "cut"
    """The home has another owner; what was not used waits to be given back or handed on."""
    HANDED_ON = "handed_on"
    LAPSED = "lapsed"


class TermVerb(StrEnum):
    ASK = "ask"
    TAKE = "take"
    USE = "use"
    RETURN = "return"
    CUT = "cut"
    HAND_ON = "hand_on"
    END = "end"
    LAPSE = "lapse"


TERM_LIFE = Life(
    birth=TermState.ASKED,
    moves={
        (TermState.ASKED, TermVerb.TAKE): TermState.HELD,
        (TermState.ASKED, TermVerb.LAPSE): TermState.LAPSED,
        (TermState.HELD, TermVerb.USE): TermState.HELD,
        (TermState.HELD, TermVerb.RETURN): TermState.RETURNED,
        (TermState.HELD, TermVerb.END): TermState.ENDED,
        (TermState.HELD, TermVerb.CUT): TermState.CUT,
        (TermState.CUT, TermVerb.USE): TermState.CUT,
        (TermState.CUT, TermVerb.RETURN): TermState.RETURNED,
        (TermState.CUT, TermVerb.HAND_ON): TermState.HANDED_ON,
        (TermState.CUT, TermVerb.END): TermState.ENDED,
    },
)
"""A term is asked for, held while its months go out, and over when they did, or when the rest of it went back."""


@dataclass(frozen=True, slots=True)
class TermMonth:
    """A month of a term, named by its first day; `is_gift` costs nothing."""

    first_on: date
    is_gift: bool


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """A month of a term as it stands: what was paid for it, and whether its bill went out."""

    first_on: date
    planned: Money
    is_gift: bool = False
    is_out: bool = False


def months_of_term(first_on: date, paid: int, gifts: int) -> tuple[TermMonth, ...]:
    """This will list the months of a term: those that are paid for, then those that are given."""
    if first_on.day != 1 or paid < 1 or gifts < 0 or paid + gifts > MOST_MONTHS:
        raise ValueError("a term covers whole months, at least one that is paid for and sixty at most")
    return tuple(TermMonth(add_months(first_on, nth), nth >= paid) for nth in range(paid + gifts))


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What goes back of a term, month by month; gift months that did not go out are lost with them."""

    months: tuple[tuple[date, Money], ...]
    lost: tuple[date, ...]

    @property
    def amount(self) -> Money:
        return Money.total(amount for _month, amount in self.months)


def given_back(months: Sequence[PaidMonth], left: Money, since: date) -> GivenBack:
    """This will tell what goes back when a term is given up from a month on.

    `left` is what is not used of the sum. It belongs to the paid months whose bills did not go out, by what was paid
    for each; those from `since` on get their part back. The gift months stand at the end of the term: a term that is
    not paid to its end loses those that did not go out, and nothing is asked back for those that did.
    """
    waiting = [month for month in months if not month.is_gift and not month.is_out]
    parts = left.split([month.planned.minor for month in waiting]) if waiting else ()
    back = tuple((month.first_on, part) for month, part in zip(waiting, parts, strict=True) if month.first_on >= since)
    lost = tuple(month.first_on for month in months if month.is_gift and not month.is_out)
    return GivenBack(back, lost)


def as_gift(line: Drafted) -> tuple[Drafted, Money]:
    """This will make a line of a gift month cost nothing, and tell what it would have cost."""
    if isinstance(line.found, Stopped):
        raise TypeError("what cannot be worked out is told, never given")
    return replace(line, found=replace(line.found, amount=Money.zero)), line.found.amount


def shortfall(planned: Money, costs: Money) -> Money:
    """This will tell by how much a month costs more than was paid for it; below nothing where it costs less."""
    return costs - planned
