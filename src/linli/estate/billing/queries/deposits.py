"""Deposits at the desk: which are asked for, held and settled, and the statement of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.rules import Channel, DepositState, DepositVerb, SubjectKind
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 20_000
MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class DepositCard:
    """A deposit in a list; what is `held` is neither deducted nor given back."""

    deposit: UUID
    number: str
    title: dict[str, str]
    word: str
    community: CommunityId
    subject: UUID
    kind: SubjectKind
    home: HomeId | None
    obligor: PartyId
    state: DepositState
    channel: Channel | None
    amount: Money
    deducted: Money
    returned: Money
    asked_at: datetime
    lapses_at: datetime
    taken_at: datetime | None
    back_on: date | None
    is_online: bool

    @property
    def held(self) -> Money:
        return self.amount - self.deducted - self.returned if self.taken_at else Money.zero

    @property
    def goes_back_on(self) -> date | None:
        """The day on which it should go back, while there is something to go back."""
        return self.back_on if self.state in (DepositState.ASKED, DepositState.HELD) else None


@dataclass(frozen=True, slots=True)
class MyDeposit:
    """A deposit as whoever left it reads it: with each amount that was deducted and why."""

    card: DepositCard
    deductions: tuple[tuple[Money, str], ...]


@dataclass(frozen=True, slots=True)
class DepositEntryCard:
    """A line of a deposit's statement."""

    verb: DepositVerb
    amount: Money
    channel: Channel | None
    line: int | None
    person: PartyId | None
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DepositPage:
    card: DepositCard
    entries: tuple[DepositEntryCard, ...]


_FROM = """
    SELECT id, number, title, word, community, subject, subject_kind, home, obligor, state, channel, amount_minor,
           deducted_minor, returned_minor, asked_at, lapses_at, taken_at, back_on, collection IS NOT NULL
    FROM billing_deposit WHERE
"""
_CARD = _FROM + " community = ANY(%s::uuid[])"
_MINE = f"""
    SELECT d.*, coalesce((SELECT jsonb_agg(jsonb_build_array(e.amount_minor, e.why) ORDER BY e.id)
                          FROM billing_deposit_entry AS e WHERE e.deposit_id = d.id AND e.verb = 'deduct'), '[]')
    FROM ({_FROM} obligor = %s ORDER BY state = 'asked' DESC, id DESC LIMIT %s) AS d
    ORDER BY d.state = 'asked' DESC, d.id DESC
"""


@query
def deposits(
    scope: Scope,
    *,
    community: CommunityId,
    state: DepositState | None = None,
    homes: Sequence[HomeId] | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[DepositCard, ...]:
    """This will list the deposits of a community, the latest first."""
    if community not in scope.communities:
        raise NotFound("community")
    rows = sql.fetch(
        _CARD + " AND (%s = '' OR state = %s) AND (%s::uuid[] IS NULL OR home = ANY(%s::uuid[]))"
        " AND (%s::uuid IS NULL OR id < %s) ORDER BY id DESC LIMIT %s",
        [community],
        *(2 * [state.value if state else ""]),
        *(2 * [None if homes is None else sql.as_ids(homes)]),
        after,
        after,
        min(limit, MOST),
    )
    return tuple(_card(row) for row in rows)


@query
def my_deposits(scope: Scope, *, limit: int = 30) -> tuple[MyDeposit, ...]:
    """This will list what the person who asks shall leave or has left as a deposit: what waits for them first, then
    the latest first."""
    rows = sql.fetch(_MINE, scope.person, min(limit, MOST))
    return tuple(
        MyDeposit(_card(row[:-1]), tuple((Money(minor), why) for minor, why in sql.from_json(row[-1]))) for row in rows
    )


@query
def deposit_page(scope: Scope, *, deposit: UUID) -> DepositPage:
    """This will show a deposit with everything that happened to it."""
    row = sql.fetch_one(_CARD + " AND id = %s", sql.as_ids(scope.communities), deposit)
    if row is None:
        raise NotFound("deposit")
    entries = sql.fetch(
        "SELECT verb, amount_minor, channel, line, person, why, happened_at FROM billing_deposit_entry"
        " WHERE deposit_id = %s ORDER BY id DESC LIMIT %s",
        deposit,
        MOST_ENTRIES,
    )
    return DepositPage(
        _card(row),
        tuple(
            DepositEntryCard(DepositVerb(verb), Money(minor), Channel(channel) if channel else None, line, who, why, at)
            for verb, minor, channel, line, who, why, at in entries
        ),
    )


def _card(row: tuple[Any, ...]) -> DepositCard:
    id_, number, title, word, community, subject, kind, home, obligor, state, channel, amount = row[:12]
    deducted, returned, asked_at, lapses_at, taken_at, back_on, is_online = row[12:]
    return DepositCard(
        id_,
        number,
        sql.from_json(title),
        word,
        CommunityId(community),
        subject,
        SubjectKind(kind),
        home,
        PartyId(obligor),
        DepositState(state),
        Channel(channel) if channel else None,
        Money(amount),
        Money(deducted),
        Money(returned),
        asked_at,
        lapses_at,
        taken_at,
        back_on,
        is_online,
    )
