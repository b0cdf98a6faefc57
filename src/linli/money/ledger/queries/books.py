"""A whole book: its trial balance as a tree by code, and whether other people's money is all there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from linli.kernel.ids import CityId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger.rules import CHART, BookKind, Nature, parse_book, platform_book
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope


@dataclass(frozen=True, slots=True)
class TrialNode:
    """A code of the chart, or a class of them (`1` assets ... `5` expenses) with its codes as children."""

    code: int
    word: str
    accounts: int
    debit: Money
    credit: Money
    children: tuple[TrialNode, ...] = ()

    @property
    def balance(self) -> Money:
        """Debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All that was posted to a book up to an instant."""

    book: str
    at: datetime
    classes: tuple[TrialNode, ...]

    @property
    def total(self) -> Money:
        """Zero, or somebody has got around the database."""
        return Money.total(node.balance for node in self.classes)

    def balance_of(self, word: str) -> Money:
        """This will give the balance of one kind of account."""
        return Money.total(n.balance for c in self.classes for n in c.children if n.word == word)


_TRIAL = """
    SELECT split_part(a.address, ':', 1) AS word, count(DISTINCT a.id),
           coalesce(sum(p.amount_minor) FILTER (WHERE p.amount_minor > 0), 0)::bigint,
           coalesce(-sum(p.amount_minor) FILTER (WHERE p.amount_minor < 0), 0)::bigint
    FROM ledger_account a
    JOIN ledger_book b ON b.id = a.book_id
    JOIN ledger_posting p ON p.account_id = a.id
    WHERE b.name = %s AND p.at <= %s
    GROUP BY word
"""
_HEADS = {1: Nature.ASSET, 2: Nature.LIABILITY, 3: Nature.EQUITY, 4: Nature.REVENUE, 5: Nature.EXPENSE}


@query
def trial_balance(scope: Scope, *, book: str, at: datetime) -> TrialBalance:
    """This will sum a book's postings up to an instant by code; for the platform, or the company whose book it is."""
    kind, subject = parse_book(book)
    if not scope.is_inside and (kind is not BookKind.PROPERTY or scope.company != subject):
        raise NotFound("book")
    return TrialBalance(book, at, _classes(book, at))


def _classes(book: str, at: datetime) -> tuple[TrialNode, ...]:
    rows = sql.fetch(_TRIAL, book, at)
    nodes = sorted(
        (
            TrialNode(CHART[word].code, word, accounts, Money(debit), Money(credit))
            for word, accounts, debit, credit in rows
        ),
        key=lambda node: node.code,
    )
    return tuple(_head(first, tuple(those)) for first, those in groupby(nodes, key=lambda node: node.code // 1000))


def _head(first: int, nodes: tuple[TrialNode, ...]) -> TrialNode:
    debit, credit = Money.total(n.debit for n in nodes), Money.total(n.credit for n in nodes)
    return TrialNode(first, _HEADS[first].value, sum(n.accounts for n in nodes), debit, credit, nodes)


@dataclass(frozen=True, slots=True)
class Safeguarding:
    """Other people's money in a city: what is held of it, what is owed, and what lies over of the platform's own.

    `own` below zero means subsidies that were promised to payees and are not funded yet: top up `own_funds`.
    """

    city: CityId
    held: Money
    owed: Money

    @property
    def own(self) -> Money:
        return self.held - self.owed

    @property
    def is_covered(self) -> bool:
        return self.own >= Money.zero


HELD = ("psp_clearing", "bank", "cash_due")

_SAFEGUARDING = """
    SELECT coalesce(sum(p.amount_minor) FILTER (WHERE split_part(a.address, ':', 1) = ANY (%s)), 0)::bigint,
           coalesce(-sum(p.amount_minor) FILTER (WHERE a.code BETWEEN 2000 AND 2999), 0)::bigint
    FROM ledger_account a
    JOIN ledger_book b ON b.id = a.book_id
    JOIN ledger_posting p ON p.account_id = a.id
    WHERE b.name = %s AND a.code < 3000
"""


@query
def safeguarding(scope: Scope, *, city: CityId) -> Safeguarding:
    """This will compare what a city's book holds with what it owes to others; for the platform."""
    if not scope.is_inside:
        raise NotFound("book")
    rows = sql.fetch(_SAFEGUARDING, list(HELD), platform_book(city))
    return Safeguarding(city, Money(rows[0][0]), Money(rows[0][1]))
