"""Lines of the company's bank that wait for somebody to say whose they are, each with what it looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.rules import Accounts, BankState, OpenAccount, Suggestion, shown_memo, shown_payer
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_LINES = 200
MOST_ACCOUNTS = 20_000


@dataclass(frozen=True, slots=True)
class BankCard:
    """A line of the bank. Of one that waits, `suggested` tells whose it seems to be.

    Persons are masked in `payer` and `memo`: who needs the whole words says why (`actions.reveal_bank_line`).
    """

    line: UUID
    booked_on: date
    amount: Money
    payer: str
    memo: str
    state: BankState
    receipt: ReceiptId | None
    why: str
    decided_at: datetime | None
    suggested: Suggestion | None


_LINES = """
    SELECT id, booked_on, amount_minor, payer, memo, state, receipt_id, why, decided_at, person
    FROM billing_bank_line
    WHERE company = %s AND state = %s ORDER BY booked_on DESC, id DESC LIMIT %s
"""
_OPEN = """
    SELECT l.home, array_agg(DISTINCT l.obligor), sum(l.amount_minor - l.paid_minor - l.credited_minor)::bigint
    FROM billing_line l
    WHERE l.community = ANY(%s::uuid[]) AND l.home IS NOT NULL AND l.is_open
    GROUP BY l.home LIMIT %s
"""


@query
def bank_lines(scope: Scope, *, state: BankState = BankState.WAITING, limit: int = MOST_LINES) -> tuple[BankCard, ...]:
    """This will list lines of the company's bank; those that wait with the home that each seems to be for."""
    rows = sql.fetch(_LINES, scope.company, state.value, min(limit, MOST_LINES))
    accounts = _accounts(scope) if rows and state is BankState.WAITING else None
    persons = {PartyId(row[9]) for row in rows if row[9]}
    names = people.names_to_compare(scope, parties=persons) if persons else {}
    return tuple(_card(row, accounts, names) for row in rows)


@query
def bank_lines_counted(scope: Scope) -> dict[BankState, int]:
    """This will count the lines of the company's bank by what is known of them."""
    rows = sql.fetch("SELECT state, count(*) FROM billing_bank_line WHERE company = %s GROUP BY state", scope.company)
    found = {BankState(state): number for state, number in rows}
    return {state: found.get(state, 0) for state in BankState}


def _accounts(scope: Scope) -> Accounts:
    rows = sql.fetch(_OPEN, sql.as_ids(scope.communities), MOST_ACCOUNTS)
    doors = places.homes([HomeId(row[0]) for row in rows])
    names = people.names_to_compare(scope, parties={PartyId(party) for row in rows for party in row[1]})
    return Accounts(
        OpenAccount(
            home,
            tuple(doors[home].door.split("-")) if home in doors else (),
            _named(names, obligors),
            Money(open_),
        )
        for home, obligors, open_ in rows
    )


def _named(names: dict[PartyId, str], obligors: Sequence[PartyId]) -> tuple[str, ...]:
    return tuple(name for party in obligors if (name := names.get(party)))


def _card(row: tuple[Any, ...], accounts: Accounts | None, names: dict[PartyId, str]) -> BankCard:
    line, booked_on, minor, payer, memo, state, receipt, why, decided_at, person = row
    amount = Money(minor)
    suggested = None if accounts is None else accounts.suggest(amount, payer, memo)
    known = [payer, names.get(person, "")]
    if accounts is not None and suggested is not None:
        known += accounts.names_of(suggested.subjects)
    return BankCard(
        line=line,
        booked_on=booked_on,
        amount=amount,
        payer=shown_payer(payer),
        memo=shown_memo(memo, known),
        state=BankState(state),
        receipt=receipt,
        why=why,
        decided_at=decided_at,
        suggested=suggested,
    )
