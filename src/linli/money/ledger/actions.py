"""The ledger's verbs. Posting is one statement whatever its size; a correction is a mirrored journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import LiteralString

from django.db import DatabaseError

from linli.kernel.money import Money
from linli.kernel.refusals import NotFound, Refusal
from linli.money.ledger.rules import Draft, Unbalanced, UnknownAddress, parse_book
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_ROLLED_UP = 1_000
MOST_SEALED = 50


class Overdrawn(Refusal):
    """A guarded account holds less than the journal takes from it. `address` names it, `short` says how much lacks."""

    says = "There is not enough money in this account for that."


class AlreadyReversed(Refusal):
    """A journal is reversed at most once, and a reversal is not reversed."""

    says = "This journal was reversed already, or is a reversal itself."


class KeyMeansAnother(RuntimeError):
    """A defect: a journal's key was posted before with other content."""


@contextmanager
def refusing() -> Iterator[None]:
    """This will turn the ledger's SQL states into refusals and defects, around any SQL function that posts."""
    try:
        yield
    except DatabaseError as error:
        state, detail = _state(error)
        if state == "LL002":
            address, _, minor = detail.rpartition(" ")
            raise Overdrawn(address=address, short=str(Money(int(minor)))) from error
        if state == "LL005" or (state == "23505" and "reverses" in _constraint(error)):
            raise AlreadyReversed from error
        defect = {"LL001": Unbalanced, "LL003": UnknownAddress, "LL004": KeyMeansAnother}.get(state)
        if defect is None:
            raise
        raise defect(detail or str(error.__cause__).partition("\n")[0]) from error


def _state(error: DatabaseError) -> tuple[str, str]:
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    detail = getattr(getattr(cause, "diag", None), "message_detail", None) or ""
    return state, detail


def _constraint(error: DatabaseError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


@action(needs=May.POST_JOURNALS)
def post(scope: Scope, *, draft: Draft) -> int:
    """This will post one journal and give its id; the same journal again gives the same id and posts nothing."""
    return _post([draft])[0]


@action(needs=May.POST_JOURNALS)
def post_many(scope: Scope, *, drafts: tuple[Draft, ...]) -> tuple[int, ...]:
    """This will post many journals in one statement, all or none, and give their ids in the same order."""
    return _post(drafts) if drafts else ()


_POST = """
    SELECT ledger_post(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[],
                       %s::int[], %s::text[], %s::bigint[])
"""


def _post(drafts: Sequence[Draft]) -> tuple[int, ...]:
    legs = [(n, leg) for n, draft in enumerate(drafts, start=1) for leg in draft.legs]
    with refusing():
        rows = sql.fetch(
            _POST,
            [d.key for d in drafts],
            [d.book for d in drafts],
            [d.currency for d in drafts],
            [d.document for d in drafts],
            [d.kind for d in drafts],
            [d.at for d in drafts],
            [n for n, _ in legs],
            [leg.address for _, leg in legs],
            [leg.amount.minor for _, leg in legs],
        )
    return tuple(rows[0][0])


@action(needs=May.POST_JOURNALS)
def reverse(scope: Scope, *, book: str, journal_key: str, key: str, document: str, at: datetime) -> int:
    """This will post the mirror of a journal and give its id. The document says why; each journal is reversed once."""
    with refusing():
        rows = sql.fetch("SELECT ledger_reverse(%s, %s, %s, %s, %s)", book, journal_key, key, document, at)
    found: int | None = rows[0][0]
    if found is None:
        raise NotFound("journal", field="journal_key")
    return found


@action(needs=May.POST_JOURNALS)
def hold_balances(scope: Scope, *, book: str, addresses: tuple[str, ...]) -> dict[str, Money]:
    """This will lock the guarded accounts among these until the transaction ends, and give all their balances.

    What a waterfall draws from: between this and the posting nobody else can take from them. An account that was never
    posted to has nothing.
    """
    rows = sql.fetch("SELECT ledger_hold(%s, %s::text[])", book, list(addresses))
    return {address: Money(minor) for address, minor in zip(addresses, rows[0][0], strict=True)}


@action(needs=May.REBUILD_BALANCES)
def open_book(scope: Scope, *, book: str, currency: str, timezone: str, at: datetime) -> None:
    """This will open a book with its currency and the zone of its business days; one that is open already stays."""
    parse_book(book)
    with refusing():
        sql.run("SELECT ledger_open_books(ARRAY[%s], ARRAY[%s], %s, %s)", book, currency, timezone, at)


@action(needs=May.REBUILD_BALANCES)
def rebuild_balances(scope: Scope, *, at: datetime) -> int:
    """This will make all cached balances anew from the postings, and give how many had been wrong (none, we trust)."""
    return _count("SELECT ledger_rebuild(%s)", at)


@action(needs=May.RUN_CLOCKS)
def roll_up(scope: Scope, *, at: datetime) -> int:
    """This will fold the queues of guarded accounts into their balances, and give how many accounts were folded."""
    return _count("SELECT ledger_roll_up(%s, %s)", MOST_ROLLED_UP, at)


@action(needs=May.RUN_CLOCKS)
def seal_days(scope: Scope, *, at: datetime) -> int:
    """This will link the journals of the days that are over into their books' chains, and give how many days.

    Days are those on which journals were recorded, by the database's clock: `at` does not move them, so a replay with a
    clock of its own cannot seal a day that is not over. The task sees to it that nobody is still writing into them.
    """
    return _count("SELECT ledger_seal_days(%s)", MOST_SEALED)


@action(needs=May.RUN_CLOCKS)
def make_months(scope: Scope, *, at: datetime) -> int:
    """This will make the partitions of this month and the two that follow, and give how many were new."""
    return _count("SELECT ledger_make_months(current_date, 3)")


def _count(statement: LiteralString, *values: object) -> int:
    row = sql.fetch_one(statement, *values)
    return int(row[0]) if row else 0
