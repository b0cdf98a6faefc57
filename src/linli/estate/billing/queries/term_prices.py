"""What months of an item would cost a home that pays them ahead, by the tariff of the day on which they begin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.queries.homes import values_of_homes
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import decoding, sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST_OFFERS = 50
_ATTRIBUTE = re.compile(r'attr\(\s*"([^"]*)"\s*\)')


class NotPaidAhead(Refusal):
    """The months have no price that could be told before they are over."""

    says = _("These months cannot be paid ahead: what they cost cannot be told yet.")


class ChargedAlready(Refusal):
    """Some of the months were charged, or are paid ahead."""

    says = _("Some of these months are charged or paid ahead already.")


@dataclass(frozen=True, slots=True)
class TermOffer:
    """So many months of an item may be paid ahead in a community, with so many given."""

    offer: UUID
    community: CommunityId
    company: PartyId
    item: UUID
    name: dict[str, str]
    months: int
    gifts: int
    price: rules.TermPrice


@dataclass(frozen=True, slots=True)
class Quote:
    """What an offer costs a home from a month on, month by month, and by what."""

    offer: TermOffer
    home: HomeId
    obligor: PartyId
    first_on: date
    end_on: date
    tariff: UUID
    parameters: dict[str, str]
    known: dict[str, str]
    months: tuple[rules.PaidMonth, ...]

    @property
    def amount(self) -> Money:
        return Money.total(month.planned for month in self.months)


_OFFER = """
    SELECT o.id, o.community, o.company, o.item_id, i.name, o.months, o.gifts, o.price
    FROM billing_term_offer o JOIN billing_item i ON i.id = o.item_id AND i.retired_at IS NULL
    WHERE o.withdrawn_at IS NULL
"""
_ASSIGNED = """
    SELECT a.item_id, a.start_on, a.end_on, a.parameters, i.payer
    FROM billing_assignment a JOIN billing_item i ON i.id = a.item_id
    WHERE a.subject = %s AND a.community = %s AND a.item_id = ANY(%s::uuid[]) AND a.start_on <= %s
      AND (a.end_on IS NULL OR a.end_on > %s)
"""
_TARIFFS = """
    SELECT DISTINCT ON (item_id) item_id, id, preset, formula, basis, parameters, terms FROM billing_tariff
    WHERE item_id = ANY(%s::uuid[]) AND (community IS NULL OR community = %s) AND start_on <= %s
      AND (end_on IS NULL OR end_on > %s)
    ORDER BY item_id, community IS NULL, start_on, id
"""
_TAKEN = """
    SELECT item_id, start_on, end_on FROM billing_line
    WHERE subject = %s AND item_id = ANY(%s::uuid[]) AND kind = 'charge' AND end_on > %s
      AND (credited_minor < amount_minor OR amount_minor = 0)
    UNION ALL
    SELECT item_id, start_on, end_on FROM billing_term
    WHERE subject = %s AND item_id = ANY(%s::uuid[]) AND state = 'held' AND end_on > %s
"""


def offer_of(offer: UUID) -> TermOffer:
    """This will give an offer that still stands."""
    row = sql.fetch_one(_OFFER + " AND o.id = %s", offer)
    if row is None:
        raise NotFound("offer")
    return _offer_card(row)


def offers_standing(community: CommunityId, limit: int) -> tuple[TermOffer, ...]:
    """This will list what may be paid ahead in a community, item by item."""
    rows = sql.fetch(
        _OFFER + " AND o.community = %s ORDER BY i.priority, i.word, o.months, o.id LIMIT %s", community, limit
    )
    return tuple(_offer_card(row) for row in rows)


def _offer_card(row: tuple[Any, ...]) -> TermOffer:
    id_, community, company, item, name, months, gifts, price = row
    names = sql.from_json(name)
    return TermOffer(id_, community, company, item, names, months, gifts, rules.TermPrice(price))


@query
def quoted(scope: Scope, *, offer: TermOffer, home: HomeId, first_on: date) -> Quote:
    """This will price an offer for a home from a month on, or refuse what cannot be paid ahead."""
    return Prices(offer.community, home, [offer.item], first_on).quote(offer)


@query
def all_quoted(scope: Scope, *, community: CommunityId, home: HomeId, first_on: date) -> tuple[Quote, ...]:
    """This will price all that is offered to a home from a month on; what cannot be paid ahead is left out."""
    standing = offers_standing(community, MOST_OFFERS)
    prices, found = Prices(community, home, [offer.item for offer in standing], first_on), []
    for offer in standing:
        try:
            found.append(prices.quote(offer))
        except (NotPaidAhead, ChargedAlready):
            continue
    return tuple(found)


class Prices:
    """What is known of a home and of what may be paid ahead there, asked for once however much is offered."""

    def __init__(self, community: CommunityId, home: HomeId, items: Sequence[UUID], first_on: date) -> None:
        self._home, self._first_on, wanted = home, first_on, sql.as_ids(items)
        rows = sql.fetch(_ASSIGNED, home, community, wanted, first_on, first_on)
        self._assigned = {row[0]: row[1:] for row in rows}
        rows = sql.fetch(_TARIFFS, wanted, community, first_on, first_on)
        self._tariffs = {row[0]: plain(row[1:]) for row in rows}
        self._taken = sql.fetch(_TAKEN, *(home, wanted, first_on) * 2)
        days = rules.Days(first_on, rules.add_months(first_on, 1))
        lived = people.lived_in(SYSTEM, homes=[home], since=days.start, until=days.end).get(home, ())
        self._days, self._lives = days, rules.lives(lived)
        self._values = values_of_homes(SYSTEM, community=community, homes=[home])[home]

    def quote(self, offer: TermOffer) -> Quote:
        """This will price an offer, or refuse it."""
        end_on = rules.add_months(self._first_on, offer.months + offer.gifts)
        assigned, tariff = self._assigned.get(offer.item), self._tariffs.get(offer.item)
        if assigned is None or tariff is None or (assigned[1] is not None and assigned[1] < end_on):
            raise NotPaidAhead(field="first_on")
        start_on, until, parameters, payer = assigned
        if any(item == offer.item and since < end_on and to > self._first_on for item, since, to in self._taken):
            raise ChargedAlready(field="first_on")
        owing = rules.obligors(self._days, self._lives, rules.Payer(payer))
        if len(owing) != 1:
            raise NotPaidAhead(field="first_on")
        own, held = sql.from_json(parameters), Period(start_on, until)
        return Quote(
            offer=offer,
            home=self._home,
            obligor=owing[0].what,
            first_on=self._first_on,
            end_on=end_on,
            tariff=tariff[0],
            parameters=own,
            known={name: str(value) for name, value in self._values.items()},
            months=_months(offer, ready_tariff(tariff, own), held, self._values, self._first_on, owing[0].what),
        )


def plain(row: Sequence[Any]) -> Sequence[Any]:
    """This will read a tariff's row as the database gives it: parameters and terms are its last."""
    return (*row[:-2], sql.from_json(row[-2]), sql.from_json(row[-1]))


def ready_tariff(row: Sequence[Any], own: Mapping[str, str]) -> rules.Priced:
    """This will make a tariff ready to run from its row (id, preset, formula, basis, parameters, terms), with a
    subject's own amounts in the place of its own."""
    tariff, preset, formula, basis, parameters, written = row
    terms = decoding.convert(written, rules.Terms)
    draft = rules.TariffDraft(
        preset=preset,
        formula=formula,
        basis=rules.Basis(basis),
        parameters={**parameters, **own},
        terms=terms,
    )
    return rules.Priced(tariff, rules.ready(draft, frozenset(_ATTRIBUTE.findall(formula))), terms.due)


def _months(
    offer: TermOffer,
    priced: rules.Priced,
    held: Period[date],
    values: Mapping[str, Fraction],
    first_on: date,
    obligor: PartyId,
) -> tuple[rules.PaidMonth, ...]:
    if priced.tariff.basis is rules.Basis.USAGE:
        raise NotPaidAhead(field="offer")
    found = []
    for month in rules.months_of_term(first_on, offer.months, offer.gifts):
        days = rules.Days(month.first_on, rules.add_months(month.first_on, 1))
        always = (rules.Holding(Period(*days), priced),)
        owing = (rules.Holding(Period(*days), obligor),)
        minor = 0
        for line in rules.draft(days, held, always, owing, values):
            if isinstance(line.found, rules.Stopped):
                raise NotPaidAhead(field="first_on")
            minor += line.found.amount.minor
        found.append(rules.PaidMonth(month.first_on, Money.zero if month.is_gift else Money(minor), month.is_gift))
    if not any(month.planned for month in found):
        raise NotPaidAhead(field="first_on")
    return tuple(found)
