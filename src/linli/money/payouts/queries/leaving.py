"""What leaves the house, what cannot, and what the bank booked that nobody can place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from linli.kernel.ids import CityId, PartyId, PayoutId
from linli.kernel.money import Money
from linli.money.payouts.rules import PayoutState
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class PayoutCard:
    """One payout: what was claimed, what was set off, what left, and how it stands."""

    id: PayoutId
    city: CityId
    payee: PartyId
    gross: Money
    netted: Money
    amount: Money
    state: PayoutState
    reason: str
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingPayee:
    """A payee whose free money stays in the house, and why: `held: ` and a reason, `no receiver` to send it
    to, or `below minimum`; nothing where it goes with the next drawing."""

    payee: PartyId
    city: CityId
    free: Money
    why: str

    @property
    def is_held(self) -> bool:
        """Somebody keeps it in the house, and may free it."""
        return self.why.startswith("held")


@dataclass(frozen=True, slots=True)
class BankDifference:
    """A line of the bank that found no place, or waits for its bill."""

    account: str
    line: str
    kind: str
    reference: str
    amount: Money
    booked_on: date
    effect: str


class PayoutSort(StrEnum):
    """By what payouts are sorted."""

    NEWEST = "drawn"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutsWanted:
    """What payouts are narrowed to: how they stand, and when they were drawn."""

    state: PayoutState | None = None
    since: datetime | None = None
    until: datetime | None = None


_ALL = PayoutsWanted()
_SORTED_BY = {PayoutSort.NEWEST: "id", PayoutSort.AMOUNT: "amount_minor"}
_PAYOUTS = """
    SELECT id, city, payee, gross_minor, netted_minor, amount_minor, state, reason, drawn_at FROM payouts_payout
    WHERE (%s::uuid IS NULL OR payee = %s) AND (%s::uuid IS NULL OR city = %s) AND (%s::text IS NULL OR state = %s)
        AND (%s::timestamptz IS NULL OR drawn_at >= %s) AND (%s::timestamptz IS NULL OR drawn_at < %s)
        AND (%s::uuid IS NULL OR ({by}, id) {beyond} (SELECT {by}, id FROM payouts_payout WHERE id = %s))
    ORDER BY {by} {way}, id {way} LIMIT %s
"""
_WAITING = """
    SELECT payee, city, free, why FROM (
        SELECT l.payee, l.city, sum(l.amount_minor - l.reversed_minor)::bigint AS free,
               CASE WHEN p.held_at IS NOT NULL THEN 'held: ' || p.held_why
                    WHEN coalesce(p.receiver_account, '') = '' THEN 'no receiver'
                    WHEN sum(l.amount_minor - l.reversed_minor) < %s THEN 'below minimum' ELSE '' END AS why
        FROM payouts_line AS l LEFT JOIN payouts_payee AS p ON p.id = l.payee
        WHERE l.state = 'available' AND (%s::uuid IS NULL OR l.city = %s)
        GROUP BY l.payee, l.city, p.id) AS each
    WHERE why <> '' OR %s ORDER BY why = '', city, payee LIMIT %s
"""
_BANK = """
    SELECT account, line, kind, reference, amount_minor, booked_on, effect FROM payouts_bank_line
    WHERE effect NOT IN ('matched') ORDER BY booked_on DESC, id DESC LIMIT %s
"""


@query
def payouts(
    scope: Scope,
    *,
    payee: PartyId | None = None,
    city: CityId | None = None,
    wanted: PayoutsWanted = _ALL,
    order: PayoutSort = PayoutSort.NEWEST,
    is_rising: bool = False,
    after: PayoutId | None = None,
    limit: int = 50,
) -> tuple[PayoutCard, ...]:
    """This will list payouts, newest first or as `order` says; behind the wall a payee sees its own."""
    way, beyond = ("ASC", ">") if is_rising else ("DESC", "<")
    state = wanted.state.value if wanted.state else None
    rows = sql.fetch(
        _PAYOUTS.format(by=_SORTED_BY[order], way=way, beyond=beyond),
        *(payee, payee, city, city, state, state, wanted.since, wanted.since, wanted.until, wanted.until),
        *(after, after, min(limit, MOST)),
    )
    return tuple(payout_card(row) for row in rows)


def payout_card(row: tuple[Any, ...]) -> PayoutCard:
    """This will make a card of a row of `_PAYOUTS`."""
    id_, city, payee, gross, netted, minor, state, reason, at = row
    return PayoutCard(id_, city, payee, Money(gross), Money(netted), Money(minor), PayoutState(state), reason, at)


@query
def waiting_payees(
    scope: Scope,
    *,
    city: CityId | None = None,
    minimum: Money = Money.zero,
    with_ready: bool = False,
    limit: int = 100,
) -> tuple[WaitingPayee, ...]:
    """This will list payees whose free money cannot leave, and why; below `minimum` it waits for more.

    `with_ready`: also those whose money goes with the next drawing, after the others.
    """
    rows = sql.fetch(_WAITING, minimum.minor, city, city, with_ready, min(limit, MOST))
    return tuple(WaitingPayee(payee, city, Money(minor), why) for payee, city, minor, why in rows)


@query
def bank_differences(scope: Scope, *, limit: int = 100) -> tuple[BankDifference, ...]:
    """This will list what the bank booked and nobody can place, newest first."""
    rows = sql.fetch(_BANK, min(limit, MOST))
    return tuple(BankDifference(a, n, k, r, Money(minor), on, effect) for a, n, k, r, minor, on, effect in rows)
