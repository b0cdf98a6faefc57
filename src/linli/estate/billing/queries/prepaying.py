"""Prepaid terms: what a home may buy, what was bought, and month by month what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.queries.term_prices import (
    MOST_OFFERS,
    Quote,
    TermOffer,
    all_quoted,
    offer_of,
    offers_standing,
    quoted,
)
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST_TERMS = 20_000


@dataclass(frozen=True, slots=True)
class TermCard:
    """A prepaid term in a list; `left` is what is not used of its sum."""

    term: UUID
    community: CommunityId
    home: HomeId
    obligor: PartyId
    name: dict[str, str]
    price: rules.TermPrice
    state: rules.TermState
    start_on: date
    end_on: date
    cut_on: date | None
    paid: Money
    used: Money
    returned: Money
    gifts: Money
    receipt: ReceiptId | None
    lapses_at: datetime

    @property
    def left(self) -> Money:
        return self.paid - self.used - self.returned


@dataclass(frozen=True, slots=True)
class TermMonthLine:
    """A month of a term: what was paid for it, what its bill charged (None: it is not out), and what became of it."""

    first_on: date
    is_gift: bool
    planned: Money
    costs: Money | None
    used: Money
    returned: Money
    is_over: bool

    @property
    def difference(self) -> Money:
        """By how much the bill was more than what was paid for the month."""
        return Money.zero if self.costs is None or self.is_gift else rules.shortfall(self.planned, self.costs)


@dataclass(frozen=True, slots=True)
class TermStep:
    """What happened to a term."""

    verb: rules.TermVerb
    amount: Money
    person: PartyId | None
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TermPage:
    card: TermCard
    months: tuple[TermMonthLine, ...]
    history: tuple[TermStep, ...]
    back: rules.GivenBack
    """What would go back if it were given up now."""


_CARD = """
    SELECT t.id, t.community, t.subject, t.obligor, i.name, t.price, t.state, t.start_on, t.end_on, t.cut_on,
           t.paid_minor, t.used_minor, t.returned_minor, t.gift_minor, t.receipt_id, t.lapses_at
    FROM billing_term t JOIN billing_item i ON i.id = t.item_id
"""


@query
def offers(scope: Scope, *, community: CommunityId) -> tuple[TermOffer, ...]:
    """This will list what may be paid ahead in a community."""
    if community not in scope.communities:
        raise NotFound("community")
    return offers_standing(community, MOST_OFFERS)


@query
def quotes(scope: Scope, *, home: HomeId, first_on: date) -> tuple[Quote, ...]:
    """This will price what may be paid ahead for a home from a month on; what cannot be is left out.

    For whoever owes it there, and for the staff.
    """
    card = places.homes([home]).get(home)
    if card is None or card.community not in scope.communities:
        raise NotFound("home")
    found = all_quoted(SYSTEM, community=CommunityId(card.community), home=home, first_on=first_on)
    return tuple(each for each in found if scope.company is not None or each.obligor == scope.person)


@query
def quote(scope: Scope, *, offer: UUID, home: HomeId, first_on: date) -> Quote:
    """This will price an offer for a home, or refuse and say why it cannot be paid ahead."""
    found = offer_of(offer)
    if found.community not in scope.communities:
        raise NotFound("offer")
    priced = quoted(SYSTEM, offer=found, home=home, first_on=first_on)
    if scope.company is None and priced.obligor != scope.person:
        raise NotFound("home")
    return priced


@query
def next_month(scope: Scope, *, community: CommunityId, at: datetime) -> date:
    """This will name the first month that may be paid ahead: after the last one that went out, and none before now."""
    ((last,),) = sql.fetch(
        "SELECT max(first_on) FROM billing_month WHERE community = %s AND state <> 'open'", community
    )
    now = places.day_in(community, at).replace(day=1)
    return now if last is None or last < now else rules.add_months(last, 1)


@query
def my_terms(scope: Scope, *, limit: int = 50) -> tuple[TermCard, ...]:
    """This will list what the person who asks has paid ahead, the latest first."""
    rows = sql.fetch(
        _CARD + " WHERE t.obligor = %s AND t.receipt_id IS NOT NULL ORDER BY t.id DESC LIMIT %s",
        scope.person,
        min(limit, MOST_OFFERS),
    )
    return tuple(_card(row) for row in rows)


@query
def terms(
    scope: Scope,
    *,
    community: CommunityId,
    state: rules.TermState | None = None,
    home: HomeId | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[TermCard, ...]:
    """This will list the prepaid terms of a community, the latest first."""
    if community not in scope.communities:
        raise NotFound("community")
    wanted = None if state is None else state.value
    rows = sql.fetch(
        _CARD
        + " WHERE t.community = %s AND (%s::text IS NULL OR t.state = %s) AND (%s::uuid IS NULL OR t.subject = %s)"
        " AND (%s::uuid IS NULL OR t.id < %s) ORDER BY t.id DESC LIMIT %s",
        *(community, wanted, wanted, home, home, after, after, min(limit, MOST_TERMS)),
    )
    return tuple(_card(row) for row in rows)


@query
def term_page(scope: Scope, *, term: UUID) -> TermPage:
    """This will show a term to its obligor and to the staff of its community."""
    row = sql.fetch_one(
        _CARD + " WHERE t.id = %s AND (t.obligor = %s OR t.community = ANY(%s::uuid[]))",
        *(term, scope.person, sql.as_ids(scope.communities if scope.company is not None else ())),
    )
    if row is None:
        raise NotFound("term")
    card = _card(row)
    months = tuple(
        TermMonthLine(
            first_on, gift, Money(planned), None if costs is None else Money(costs), Money(used), Money(back), over
        )
        for first_on, gift, planned, costs, used, back, over in sql.fetch(
            "SELECT first_on, is_gift, planned_minor, costs_minor, used_minor, returned_minor, is_over"
            " FROM billing_term_month WHERE term_id = %s ORDER BY first_on LIMIT %s",
            *(term, rules.MOST_MONTHS),
        )
    )
    history = tuple(
        TermStep(rules.TermVerb(verb), Money(minor), person, why, at)
        for verb, minor, person, why, at in sql.fetch(
            "SELECT verb, amount_minor, person, why, happened_at FROM billing_term_move WHERE term_id = %s"
            " ORDER BY id DESC LIMIT %s",
            *(term, 200),
        )
    )
    live = [
        rules.PaidMonth(each.first_on, each.planned, each.is_gift, each.costs is not None)
        for each in months
        if not each.is_over
    ]
    return TermPage(card, months, history, rules.given_back(live, card.left, card.start_on))


def _card(row: tuple[Any, ...]) -> TermCard:
    term, community, home, obligor, name, price, state, start_on, end_on, cut_on, paid, used, back, gifts = row[:14]
    return TermCard(
        term,
        community,
        home,
        obligor,
        sql.from_json(name),
        rules.TermPrice(price),
        rules.TermState(state),
        start_on,
        end_on,
        cut_on,
        Money(paid),
        Money(used),
        Money(back),
        Money(gifts),
        *row[14:],
    )
