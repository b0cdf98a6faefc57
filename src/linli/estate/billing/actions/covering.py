"""Months that are paid ahead: drafted at the price of their term, and paid out of it when their bills go out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.models import Month
from linli.estate.billing.queries.term_prices import plain, ready_tariff
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.money.ledger import actions as ledger
from linli.spine import sql

PORTION = 500
"""So many terms pay at a time: their legs fit into one posting."""
FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Cover:
    """A term covers the month of an item for its obligor; `locked` is the tariff that its price was made from, with
    what was known then, None where the month costs what it costs now."""

    term: UUID
    obligor: PartyId
    is_gift: bool
    locked: rules.Priced | None
    known: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Covered:
    """A drafted line, and the term that covers it; of a gift month also what it would have cost."""

    line: rules.Drafted
    term: UUID | None = None
    gift: Money = Money.zero

    @property
    def told(self) -> dict[str, object]:
        """What the reason of the line keeps of its term."""
        return {"id": str(self.term), "gift": self.gift.minor}


_COVERS = """
    SELECT t.subject::text, t.item_id::text, t.id, t.obligor, m.is_gift, t.price, t.known, t.parameters,
           f.id, f.preset, f.formula, f.basis, f.parameters, f.terms
    FROM billing_term_month m JOIN billing_term t ON t.id = m.term_id JOIN billing_tariff f ON f.id = t.tariff_id
    WHERE m.community = %s AND m.first_on = %s AND NOT m.is_over AND t.subject = ANY(%s::uuid[])
      AND (t.state = 'held' OR (t.state = 'cut' AND t.cut_on > m.first_on))
    ORDER BY t.id
"""


def covers(community: CommunityId, days: rules.Days, subjects: Collection[str]) -> dict[tuple[str, str], list[Cover]]:
    """This will find the terms that cover a month, by their subject and item."""
    found: dict[tuple[str, str], list[Cover]] = {}
    for row in sql.fetch(_COVERS, community, days.start, list(subjects)):
        subject, item, term, obligor, is_gift, price, known, parameters, *tariff = row
        locked = (
            ready_tariff(plain(tariff), sql.from_json(parameters)) if price == rules.TermPrice.LOCKED.value else None
        )
        values = {name: Fraction(value) for name, value in sql.from_json(known).items()}
        found.setdefault((subject, item), []).append(Cover(term, PartyId(obligor), is_gift, locked, values))
    return found


def covered(
    lines: Sequence[rules.Drafted],
    covering: Sequence[Cover],
    days: rules.Days,
    held: Period,  # type: ignore[type-arg]
    owing: Sequence[rules.Holding[PartyId]],
) -> list[Covered]:
    """This will put the lines of a locked term in the place of what its obligor would owe, and make a gift of a gift
    month. Each day of the month is covered by one of them, so nothing is charged twice."""
    found = [Covered(line) for line in lines]
    for cover in covering:
        own = [each.line for each in found if each.line.obligor == cover.obligor]
        if cover.locked is not None:
            always = (rules.Holding(Period(*days), cover.locked),)
            priced = rules.draft(days, held, always, owing, cover.known)
            own = [line for line in priced if line.obligor == cover.obligor]
        found = [each for each in found if each.line.obligor != cover.obligor]
        found += [_of_term(line, cover) for line in own]
    return found


def _of_term(line: rules.Drafted, cover: Cover) -> Covered:
    if isinstance(line.found, rules.Stopped):
        return Covered(line)
    free, worth = rules.as_gift(line) if cover.is_gift else (line, Money.zero)
    return Covered(free, cover.term, worth)


def use_terms(month: Month, at: datetime) -> Money:
    """This will pay what went out for a month out of the terms that cover it, and tell how much it was."""
    after, used = FIRST, Money.zero
    while True:
        with ledger.refusing():
            ((upto, _terms, minor),) = sql.fetch(
                "SELECT * FROM billing_use_terms(%s, %s, %s, %s)", month.pk, after, PORTION, at
            )
        if upto is None:
            return used
        after, used = upto, used + Money(minor)
