"""Questions about collections, refunds, differences and how the providers are doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from linli.ground.policies.queries import policy
from linli.kernel.ids import CityId, CollectionId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, NotFound
from linli.kernel.words import _
from linli.money.payments import rules
from linli.money.payments.gateways.registry import home_cities, sources
from linli.money.payments.rules import DifferenceKind, DifferenceState, RefundState, State
from linli.spine import sql
from linli.spine.action import open_query, query
from linli.spine.findings import Finding, Told, find, told
from linli.spine.scope import Scope

MOST, MOST_ROWS = 500, 20_000
"""No list is longer than the first, no sheet than the second."""
SLOW_REFUND = timedelta(days=3)
"""Providers confirm within hours; banks take up to this long."""


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """One collection as its payer's page shows it. `channel` is where the money came from, empty before it came."""

    id: CollectionId
    purpose: str
    for_: UUID
    payer: PartyId | None
    amount: Money
    captured: Money
    refunded: Money
    state: State
    channel: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefundCard:
    """One refund on its way."""

    id: RefundId
    collection: CollectionId
    amount: Money
    source: str
    state: RefundState
    automatic: bool
    attempts: int
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class DifferenceCard:
    """One thing that the provider's bill or the bank and our books do not agree on."""

    id: UUID
    city: CityId | None
    source: str
    day: date
    kind: DifferenceKind
    reference: str
    collection: CollectionId | None
    ours: Money | None
    theirs: Money | None
    in_suspense: Money
    detail: str
    state: DifferenceState
    how: str
    resolved_by: PartyId | None


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """How a provider has been doing in the last hour."""

    source: str
    succeeded: int
    declined: int
    waiting: int
    overdue: int
    last_heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class BillCard:
    """A provider's bill of one day as it was read last, and how many differences of that day stand open."""

    source: str
    day: date
    lines: int
    fetched_at: datetime
    open: int


@dataclass(frozen=True, slots=True)
class Provider:
    """A configured provider; `city` is whose book takes what nobody can place, where the configuration says so."""

    source: str
    city: CityId | None


_STANDING = """
    SELECT id, purpose, for_id, payer, amount_minor, captured_minor, refunded_minor, collected, closed, source,
           expires_at FROM payments_standing
"""
_HEALTH = """
    SELECT s.source,
        (SELECT count(*) FROM payments_event AS e WHERE e.source = s.source AND e.occurred_at > %s AND e.kind = 'charge'
            AND e.outcome = 'success'),
        (SELECT count(*) FROM payments_event AS e WHERE e.source = s.source AND e.occurred_at > %s AND e.kind = 'charge'
            AND e.outcome = 'failure'),
        (SELECT count(*) FROM payments_attempt AS a WHERE a.source = s.source AND a.ask_at IS NOT NULL),
        (SELECT count(*) FROM payments_attempt AS a WHERE a.source = s.source AND a.ask_at < %s),
        (SELECT max(e.recorded_at) FROM payments_event AS e WHERE e.source = s.source AND e.occurred_at > %s)
    FROM unnest(%s::text[]) AS s(source)
"""


@query
def collection(scope: Scope, *, collection: CollectionId) -> CollectionCard:
    """This will show one collection with what came in and went back."""
    row = sql.fetch_one(_STANDING + " WHERE id = %s", collection)
    if row is None:
        raise NotFound("collection")
    return _card(row)


@query
def codes(scope: Scope, *, collection: CollectionId) -> dict[str, str]:
    """This will tell what can be scanned to pay a collection, by channel, the latest last; no provider is asked."""
    made = "SELECT channel, qr_text FROM payments_attempt WHERE collection_id = %s AND qr_text <> ''"
    return dict(sql.fetch(made + " ORDER BY begun_at, id", collection))


@query
def collections_for(scope: Scope, *, fors: Sequence[UUID]) -> dict[UUID, tuple[CollectionCard, ...]]:
    """This will show the collections of many things (checkouts, bills) at once."""
    found: dict[UUID, tuple[CollectionCard, ...]] = {}
    for row in sql.fetch(_STANDING + " WHERE for_id = ANY(%s) ORDER BY id LIMIT %s", list(fors)[:MOST], MOST * 4):
        found[row[2]] = (*found.get(row[2], ()), _card(row))
    return found


@query
def refunds(
    scope: Scope, *, collection: CollectionId | None = None, waiting_only: bool = False, limit: int = 100
) -> tuple[RefundCard, ...]:
    """This will list refunds, newest first; `waiting_only` leaves those that are not back with their payer."""
    rows = sql.fetch(
        """
        SELECT id, collection_id, amount_minor, source, state, automatic, nth, requested_at FROM payments_refund
        WHERE (%s::uuid IS NULL OR collection_id = %s) AND (NOT %s OR state <> 'confirmed')
        ORDER BY requested_at DESC, id DESC LIMIT %s
        """,
        collection,
        collection,
        waiting_only,
        min(limit, MOST),
    )
    return tuple(
        RefundCard(id_, of, Money(minor), source, RefundState(state), automatic, nth, at)
        for id_, of, minor, source, state, automatic, nth, at in rows
    )


@query
def differences(
    scope: Scope, *, open_only: bool = True, kind: DifferenceKind | None = None, source: str = "", limit: int = 100
) -> tuple[DifferenceCard, ...]:
    """This will list what does not agree, newest first; the platform's operators see it, nobody else."""
    rows = sql.fetch(
        """
        SELECT id, city, source, day, kind, reference, collection, our_minor, their_minor, in_suspense_minor, detail,
               state, how, resolved_by
        FROM payments_difference WHERE (NOT %s OR state = 'open') AND %s IN ('', kind) AND %s IN ('', source)
        ORDER BY opened_at DESC, id DESC LIMIT %s
        """,
        *(open_only, kind.value if kind else "", source),
        min(limit, MOST_ROWS),
    )
    return tuple(
        DifferenceCard(
            id=row[0],
            city=row[1],
            source=row[2],
            day=row[3],
            kind=DifferenceKind(row[4]),
            reference=row[5],
            collection=row[6],
            ours=_money(row[7]),
            theirs=_money(row[8]),
            in_suspense=Money(row[9]),
            detail=row[10],
            state=DifferenceState(row[11]),
            how=row[12],
            resolved_by=row[13],
        )
        for row in rows
    )


@query
def bills(scope: Scope, *, since: date, limit: int = 200) -> tuple[BillCard, ...]:
    """This will list the bills of the days from one on, newest first; the platform's operators see them."""
    rows = sql.fetch(
        """
        SELECT b.source, b.day, b.lines, b.fetched_at, (SELECT count(*) FROM payments_difference AS d
            WHERE d.source = b.source AND d.day = b.day AND d.state = 'open')
        FROM payments_bill AS b WHERE b.day >= %s ORDER BY b.day DESC, b.source LIMIT %s
        """,
        since,
        min(limit, MOST),
    )
    return tuple(BillCard(*row) for row in rows)


@query
def provider_health(scope: Scope, *, at: datetime) -> tuple[ProviderHealth, ...]:
    """This will tell for each provider what came in the last hour and what still waits for an answer."""
    since = at - timedelta(hours=1)
    rows = sql.fetch(_HEALTH, since, since, at - timedelta(seconds=rules.ASK_AGAIN_S[0]), since, list(sources()))
    return tuple(ProviderHealth(*row) for row in rows)


@open_query
def providers() -> tuple[Provider, ...]:
    """This will list the providers that this installation speaks to."""
    cities = home_cities()
    return tuple(Provider(source, cities.get(source)) for source in sources())


def _card(row: tuple[Any, ...]) -> CollectionCard:
    id_, purpose, for_, payer, amount, captured, refunded, collected, closed, source, expires_at = row
    state = rules.state_of(amount=Money(amount), collected=collected, closed=closed, refunded=Money(refunded))
    return CollectionCard(
        id_, purpose, for_, payer, Money(amount), Money(captured), Money(refunded), state, source or "", expires_at
    )


def _money(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor)


@query
def check(scope: Scope, *, at: datetime) -> tuple[Finding, ...]:
    """This will look for money that came twice, is stuck on its way back or has no place; for the platform."""
    if not scope.is_inside:
        raise Denied
    return (
        find(_("Every collection is captured at most once, and whole"), _OVERCAPTURED, _overcaptured),
        find(_("Money on its way back is the sum of the refunds that are not confirmed"), _ASTRAY, _astray),
        find(_("Refunds arrive in time"), _STUCK, _stuck, at - SLOW_REFUND),
        find(_("Nothing differs between the bills and the books"), _OPEN, _differing),
        find(_("What stands on suspense is explained by open differences"), _UNEXPLAINED, _unexplained),
    )


_OVERCAPTURED = """
    SELECT c.id, c.amount_minor, sum(e.amount_minor)::bigint, count(*)
    FROM payments_event AS e JOIN payments_collection AS c ON c.id = e.collection_id WHERE e.effect = 'collected'
    GROUP BY c.id HAVING count(*) > 1 OR sum(e.amount_minor) <> c.amount_minor ORDER BY c.id LIMIT %s
"""


def _overcaptured(collection: CollectionId, due: int, captured: int, times: int) -> Told:
    words = _("Collection {collection} asked for {due} and took {captured} in {times} captures.")
    return told(words, collection=collection, due=Money(due), captured=Money(captured), times=times)


_ASTRAY = """
    WITH waiting AS (
        SELECT 'platform:' || c.city AS book, r.source, sum(r.amount_minor)::bigint AS minor
        FROM payments_refund AS r JOIN payments_collection AS c ON c.id = r.collection_id
        WHERE r.state <> 'confirmed' GROUP BY c.city, r.source)
    SELECT coalesce(s.book, w.book), coalesce(s.about, w.source), coalesce(-s.minor, 0), coalesce(w.minor, 0)
    FROM ledger_sums('refund_in_transit') AS s FULL JOIN waiting AS w ON w.book = s.book AND w.source = s.about
    WHERE coalesce(-s.minor, 0) <> coalesce(w.minor, 0) ORDER BY 1, 2 LIMIT %s
"""


def _astray(book: str, source: str, posted: int, waiting: int) -> Told:
    words = _("{book} has {posted} on its way back through {source}, and refunds of {waiting} wait.")
    return told(words, book=book, source=source, posted=Money(posted), waiting=Money(waiting))


_STUCK = """
    SELECT id, amount_minor, source, state, requested_at FROM payments_refund
    WHERE state = 'failed' OR (state <> 'confirmed' AND requested_at < %s) ORDER BY requested_at LIMIT %s
"""


def _stuck(refund: RefundId, minor: int, source: str, state: str, since: datetime) -> Told:
    words = _("Refund {refund} of {amount} through {source} is {state} since {since}.")
    return told(words, refund=refund, amount=Money(minor), source=source, state=state, since=since)


_OPEN = "SELECT source, day, kind, reference FROM payments_difference WHERE state = 'open' ORDER BY id DESC LIMIT %s"


def _differing(source: str, day: date, kind: str, reference: str) -> Told:
    words = _("{kind} on {day} at {source}: {reference}")
    return told(words, kind=kind, day=day, source=source, reference=reference)


_UNEXPLAINED = """
    WITH told AS (
        SELECT 'platform:' || city AS book, sum(in_suspense_minor)::bigint AS minor
        FROM payments_difference WHERE state = 'open' AND city IS NOT NULL GROUP BY city)
    SELECT coalesce(s.book, t.book), coalesce(-s.minor, 0), coalesce(t.minor, 0)
    FROM ledger_sums('suspense') AS s FULL JOIN told AS t ON t.book = s.book
    WHERE coalesce(-s.minor, 0) <> coalesce(t.minor, 0) ORDER BY 1 LIMIT %s
"""


def _unexplained(book: str, posted: int, explained: int) -> Told:
    words = _("{book} has {posted} on suspense, and its open differences explain {explained}.")
    return told(words, book=book, posted=Money(posted), explained=Money(explained))


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSlip:
    """Where to transfer a sum to, and what to quote. Before `before` the bank should have booked it."""

    reference: str
    account_name: str
    account: str
    bank: str
    amount: Money
    before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositSlip:
    """Where a holder of cash pays it in, what to quote, and what is owed now."""

    reference: str
    account_name: str
    account: str
    bank: str
    owed: Money


@dataclass(frozen=True, slots=True)
class CashHeld:
    """Cash that somebody took on the house's behalf and has not paid in."""

    city: CityId
    holder: PartyId
    amount: Money


@query
def takes_transfers(scope: Scope, *, city: CityId, at: datetime) -> bool:
    """This will tell whether a city has an account for bank transfers."""
    return bool(policy(scope, rules.PaymentPolicy, at=at, city=city).transfer_account)


@query
def transfer_slip(scope: Scope, *, collection: CollectionId) -> TransferSlip | None:
    """This will show the slip of a collection, with the account of its city; None where no transfer was chosen."""
    row = sql.fetch_one(
        "SELECT s.reference, s.city, c.amount_minor, c.expires_at, s.issued_at FROM payments_slip AS s"
        " JOIN payments_collection AS c ON c.id = s.collection_id WHERE c.id = %s",
        collection,
    )
    if row is None:
        return None
    reference, city, minor, expires_at, issued_at = row
    account = policy(scope, rules.PaymentPolicy, at=issued_at, city=city)
    return TransferSlip(
        reference=reference,
        account_name=account.transfer_account_name,
        account=account.transfer_account,
        bank=account.transfer_bank,
        amount=Money(minor),
        before=rules.transfer_before(issued_at, expires_at),
    )


@query
def cash_held(scope: Scope, *, limit: int = 100) -> tuple[CashHeld, ...]:
    """This will list who holds cash of the house, the most first; for the platform."""
    if not scope.is_inside:
        raise Denied
    rows = sql.fetch(
        "SELECT substr(book, 10)::uuid, about::uuid, minor FROM ledger_sums('cash_due') WHERE minor > 0"
        " ORDER BY minor DESC, about LIMIT %s",
        min(limit, MOST),
    )
    return tuple(CashHeld(city, holder, Money(minor)) for city, holder, minor in rows)
