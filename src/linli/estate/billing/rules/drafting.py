"""Drafting: a home's month becomes lines, cut where the tariff or the obligor changes; pure, for one home at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from linli.estate.billing.rules.charges import (
    Charge,
    Holding,
    MonthShare,
    Stop,
    Stopped,
    Tariff,
    Used,
    charge,
    pieces,
    prevailing,
)
from linli.estate.billing.rules.formulas import Basis
from linli.estate.billing.rules.lives import Payer
from linli.estate.billing.rules.tariffs import DueRule
from linli.estate.billing.rules.terms import Days
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
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
    used: Used | Stopped | None = None,
    billed_in: date | None = None,
) -> Iterator[Drafted]:
    """This will draft what one assignment (`held`) costs in a month, piece by piece; a gap is told, never skipped.

    `used` is what was metered in all of its days, or why that cannot be told. Where these are not the days of the month
    on whose bill they stand, `billed_in` is that month's first day.
    """
    charged = Period(*month).intersection(held)
    if charged is None or charged.end is None:
        return
    metered: list[tuple[Drafted, Tariff]] = []
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
            due_on = priced.due.due_on(billed_in or month.start)
            line = Drafted(some, obligor, priced.id, due_on, Stopped(Stop.NO_READING))
            if priced.tariff.basis is Basis.USAGE:
                metered.append((line, priced.tariff))
            else:
                yield replace(line, found=charge(priced.tariff, values, some, held))
    yield from _metered(metered, Days(charged.start, charged.end), held, values, used)


def _metered(
    lines: Sequence[tuple[Drafted, Tariff]],
    days: Days,
    held: Period[date],
    values: Mapping[str, Fraction],
    used: Used | Stopped | None,
) -> Iterator[Drafted]:
    """Usage lies between readings, wherever a day cuts it: each tariff prices all of it, and each piece bears the part
    of its days. The pieces add up to one rounding of the whole."""
    found = [used if isinstance(used, Stopped) else charge(tariff, values, days, held, used) for _line, tariff in lines]
    charges = [each for each in found if isinstance(each, Charge)]
    if len(charges) < len(found):
        yield from (
            replace(line, found=each if isinstance(each, Stopped) else _held_back(found))
            for (line, _tariff), each in zip(lines, found, strict=True)
        )
        return
    weights = [each.amount.minor * line.days.length for each, (line, _tariff) in zip(charges, lines, strict=True)]
    total = Money.rounded(Fraction(sum(weights), days.length or 1))
    parts = total.split(weights)
    for (line, _tariff), each, amount in zip(lines, charges, parts, strict=True):
        if line.days == days:
            yield replace(line, found=replace(each, amount=amount) if len(lines) > 1 else each)
            continue
        share = MonthShare(
            start=line.days.start,
            end=line.days.end,
            share=str(Fraction(line.days.length, days.length)),
            amount=amount,
        )
        reason = replace(each.reason, months=(share,))
        yield replace(line, found=Charge(days=line.days, amount=amount, reason=reason))


def _held_back(found: Sequence[Charge | Stopped]) -> Stopped:
    return next(each for each in found if isinstance(each, Stopped))
