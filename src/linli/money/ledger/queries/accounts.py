"""One account at a time: what is on it, what came and went, and the journal behind a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger.rules import Leg, parse_address
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_BALANCES = 1_000
MOST_LINES = 20_000

_BALANCES = """
    SELECT coalesce(ledger_balance_of(a.id), 0)
    FROM unnest(%s::text[]) WITH ORDINALITY AS g (address, n)
    LEFT JOIN (ledger_account a JOIN ledger_book b ON b.id = a.book_id AND b.name = %s) ON a.address = g.address
    ORDER BY n
"""


@query
def balance(scope: Scope, *, book: str, address: str) -> Money:
    """This will give the sum of an account's postings; an account that was never posted to has nothing."""
    return _balances(book, (address,))[address]


@query
def balances(scope: Scope, *, book: str, addresses: tuple[str, ...]) -> dict[str, Money]:
    """This will give the balances of several accounts of a book as of one instant, in one statement."""
    return _balances(book, addresses)


def _balances(book: str, addresses: tuple[str, ...]) -> dict[str, Money]:
    if len(addresses) > MOST_BALANCES:
        raise Invalid("addresses", "Ask for at most {most} accounts at once.", most=MOST_BALANCES)
    for address in addresses:
        parse_address(address)
    rows = sql.fetch(_BALANCES, list(addresses), book)
    return {address: Money(minor) for address, (minor,) in zip(addresses, rows, strict=True)}


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account of a book with what is on it."""

    address: str
    balance: Money


_ACCOUNTS = """
    SELECT a.address, coalesce(ledger_balance_of(a.id), 0) FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
    WHERE b.name = %s AND split_part(a.address, ':', 1) = %s AND (%s::text IS NULL OR a.address > %s)
    ORDER BY a.address LIMIT %s
"""
# By what is on them all accounts of the kind are added up, as the trial balance does.
_BY_BALANCE = """
    WITH found AS MATERIALIZED (
        SELECT a.address, coalesce(ledger_balance_of(a.id), 0) AS balance
        FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
        WHERE b.name = %s AND split_part(a.address, ':', 1) = %s
    )
    SELECT address, balance FROM found
    WHERE %s::text IS NULL OR (balance, address) {beyond} (SELECT balance, address FROM found WHERE address = %s)
    ORDER BY balance {way}, address {way} LIMIT %s
"""


@query
def accounts(
    scope: Scope,
    *,
    book: str,
    word: str,
    by_balance: bool = False,
    is_rising: bool = False,
    after: str | None = None,
    limit: int = 100,
) -> tuple[AccountCard, ...]:
    """This will list the accounts of one kind in a book, for the platform, by their addresses or by what is on them."""
    if not scope.is_inside:
        raise NotFound("book")
    way, beyond = ("ASC", ">") if is_rising else ("DESC", "<")
    asked = _BY_BALANCE.format(way=way, beyond=beyond) if by_balance else _ACCOUNTS
    rows = sql.fetch(asked, book, word, after, after, max(1, min(limit, MOST_LINES)))
    return tuple(AccountCard(address, Money(minor)) for address, minor in rows)


@dataclass(frozen=True, slots=True)
class StatementCursor:
    """Where a page of a statement ended: its last line, and the running balance there."""

    journal: int
    leg: int
    balance: Money


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting with its event and the balance after it."""

    journal: int
    leg: int
    at: datetime
    business_on: date
    kind: str
    document: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of an account's postings in the order of their journals; `next` is None on the last page."""

    lines: tuple[StatementLine, ...]
    next: StatementCursor | None


_STATEMENT = """
    SELECT p.journal_id, p.leg, p.at, j.business_on, j.kind, j.document, p.amount_minor,
           (%s + sum(p.amount_minor) OVER (ORDER BY p.journal_id, p.leg))::bigint
    FROM (
        SELECT p.* FROM ledger_posting p
        JOIN ledger_account a ON a.id = p.account_id JOIN ledger_book b ON b.id = a.book_id
        WHERE b.name = %s AND a.address = %s AND (p.journal_id, p.leg) > (%s, %s)
        ORDER BY p.journal_id, p.leg LIMIT %s
    ) p
    JOIN ledger_journal j ON j.id = p.journal_id
    ORDER BY p.journal_id, p.leg
"""


@query
def account_statement(
    scope: Scope, *, book: str, address: str, after: StatementCursor | None = None, limit: int = 100
) -> Statement:
    """This will list an account's postings from the oldest on, each with the balance after it, page by page."""
    parse_address(address)
    limit = max(1, min(limit, MOST_LINES))
    start = after or StatementCursor(0, 0, Money.zero)
    rows = sql.fetch(_STATEMENT, start.balance.minor, book, address, start.journal, start.leg, limit + 1)
    lines = tuple(
        StatementLine(journal_, leg, at, day, kind, document, Money(amount), Money(balance_))
        for journal_, leg, at, day, kind, document, amount, balance_ in rows[:limit]
    )
    more = len(rows) > limit
    return Statement(lines, StatementCursor(lines[-1].journal, lines[-1].leg, lines[-1].balance) if more else None)


@dataclass(frozen=True, slots=True)
class JournalCard:
    """A journal with the legs that the asker may see: the house all of them, a party those of its own accounts."""

    id: int
    book: str
    key: str
    currency: str
    kind: str
    document: str
    at: datetime
    business_on: date
    reverses: int | None
    created_at: datetime
    legs: tuple[Leg, ...]


_JOURNAL = """
    SELECT j.id, b.name, j.key, j.currency, j.kind, j.document, j.at, j.business_on, j.reverses_id, j.created_at,
           array_agg(a.address ORDER BY p.leg), array_agg(p.amount_minor ORDER BY p.leg)
    FROM ledger_journal j
    JOIN ledger_book b ON b.id = j.book_id
    JOIN ledger_posting p ON p.journal_id = j.id AND p.recorded_at = j.created_at
    JOIN ledger_account a ON a.id = p.account_id
    WHERE j.id = %s
    GROUP BY j.id, b.name
"""


@query
def journal(scope: Scope, *, id: int) -> JournalCard:  # noqa: A002
    """This will show one journal, or refuse with `NotFound` where none of its accounts is the asker's."""
    row = sql.fetch_one(_JOURNAL, id)
    if row is None:
        raise NotFound("journal")
    id_, book, key, currency, kind, document, at, day, reverses, created_at, addresses, minors = row
    legs = tuple(Leg(address, Money(minor)) for address, minor in zip(addresses, minors, strict=True))
    return JournalCard(id_, book, key, currency, kind, document, at, day, reverses, created_at, legs)
