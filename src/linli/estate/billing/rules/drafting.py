"""Drafting: a home's month becomes lines, cut where the tariff or the obligor changes; pure, for one home at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from linli.estate.billing.rules.charges import Charge, Holding, Stop, Stopped, Tariff, charge, pieces, prevailing
from linli.estate.billing.rules.lives import Payer
from linli.estate.billing.rules.tariffs import DueRule
from linli.estate.billing.rules.terms import Days
from linli.kernel.ids import PartyId
from linli.kernel.period import Period


@dataclass(frozen=True, slots=True)
class Lives:
    """Somebody owns or rents the home for a time."""

    party: PartyId
    is_tenant: bool
    period: Period[date]


@dataclass(frozen=True, slots=True)
class Priced:
    """A tariff version ready to run: which one, and when its charge is due."""

    id: UUID
    tariff: Tariff
    due: DueRule


@dataclass(frozen=True, slots=True)
class Drafted:
    """One line to be: who owes it, by which tariff, when it is due, and what it comes to; or why not."""

    days: Days
    obligor: PartyId | None
    tariff: UUID | None
    due_on: date | None
    found: Charge | Stopped


def lives(lived: Iterable[tuple[PartyId, str, Period[date]]]) -> tuple[Lives, ...]:
    """This will tell who of those who lived in a home may owe for it: owners and tenants, and not their families."""
    return tuple(Lives(party, kind == "tenant", period) for party, kind, period in lived if kind != "family")


def obligors(days: Days, lives: Sequence[Lives], payer: Payer) -> tuple[Holding[PartyId], ...]:
    """This will tell who owes on which days: of several owners at a time the one who has been there longest.

    Where tenants pay, the tenant does on the days on which there is one, else the owner.
    """
    asked = [each for each in lives if payer is Payer.TENANT or not each.is_tenant]
    return prevailing(
        days,
        [((not each.is_tenant, each.period.start, each.party), Holding(each.period, each.party)) for each in asked],
    )


def draft(
    month: Days,
    held: Period[date],
    tariffs: Sequence[Holding[Priced]],
    owing: Sequence[Holding[PartyId]],
    values: Mapping[str, Fraction],
) -> Iterator[Drafted]:
    """This will draft what one assignment (`held`) costs in a month, piece by piece; a gap is told, never skipped."""
    charged = Period(*month).intersection(held)
    if charged is None or charged.end is None:
        return
    for piece in pieces(Days(charged.start, charged.end), tariffs):
        if isinstance(piece, Stopped):
            yield Drafted(month, None, None, None, piece)
            continue
        days, priced = piece
        for part in pieces(days, owing):
            if isinstance(part, Stopped):
                yield Drafted(days, None, priced.id, None, Stopped(Stop.NOBODY, part.about))
                continue
            some, obligor = part
            found = charge(priced.tariff, values, some, held)
            yield Drafted(some, obligor, priced.id, priced.due.due_on(month.start), found)
