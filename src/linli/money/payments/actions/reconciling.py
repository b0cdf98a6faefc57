"""Reconciliation: the provider's bill against our events, and what an operator does about each difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from uuid import UUID

import structlog

from linli.kernel.ids import CityId, CollectionId, RefundId, new
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.together import MOST, NotDone, Together, missing
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import SUSPENSE, Draft, Leg, platform_book, psp_clearing, refund_in_transit
from linli.money.payments import rules
from linli.money.payments.actions.collecting import record_told
from linli.money.payments.gateways.protocol import BillLine, GatewayRefused, GatewayUnavailable
from linli.money.payments.gateways.registry import gateway, sources
from linli.money.payments.rules import DifferenceKind, EventKind, Outcome, Told
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PORTION = 2000
_log = structlog.get_logger()


class NotSo(Refusal):
    """This way of resolving does not fit the difference."""

    says = _("This difference cannot be resolved in this way.")


_EMPTY = "DELETE FROM payments_bill_line WHERE source = %s AND day = %s"
_FILL = """
    INSERT INTO payments_bill_line (source, day, kind, reference, charge_reference, provider_reference, amount_minor,
                                    fee_minor, net_minor, currency, status, occurred_at)
    SELECT %s, %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
                                 %s::bigint[], %s::text[], %s::text[], %s::timestamptz[])
    ON CONFLICT (source, kind, reference) DO NOTHING
"""
_BILL = """
    INSERT INTO payments_bill (id, source, day, lines, fetched_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (source, day) DO UPDATE SET lines = excluded.lines, fetched_at = excluded.fetched_at
"""
_FIND = """
    SELECT city, source, kind, reference, collection, in_suspense_minor, currency FROM payments_difference
    WHERE id = %s AND state = 'open' FOR UPDATE
"""
_RESOLVE = """
    UPDATE payments_difference SET state = 'resolved', how = %s, resolved_by = %s, resolved_at = %s WHERE id = %s
"""
_WAITING = """
    SELECT id, in_suspense_minor FROM payments_difference WHERE id = ANY(%s::uuid[]) AND state = 'open'
    ORDER BY id FOR UPDATE
"""
_RESOLVE_MANY = _RESOLVE.replace("id = %s", "id = ANY(%s::uuid[])")
_LINE = """
    SELECT kind, reference, provider_reference, amount_minor, fee_minor, currency, occurred_at FROM payments_bill_line
    WHERE source = %s AND reference = %s AND kind IN ('charge', 'refund') LIMIT 1
"""
_PLACE = "UPDATE payments_difference SET city = %s, in_suspense_minor = %s WHERE id = %s"
_GIVE_BACK = """
    INSERT INTO payments_refund (id, collection_id, source, charge_reference, address, amount_minor, document,
                                 automatic, state, nth, calls, reason, requested_at, asked_at, due_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, true, 'requested', 1, 0, 'wrong_amount', %s, %s, %s)
"""


@errand
def fetch_bills(*, day: date, at: datetime, only: str | None = None) -> int:
    """This will read every provider's bill of a day and reconcile it; gives how many differences stand open."""
    open_ = 0
    for source in (only,) if only else sources():
        try:
            lines = gateway(source).fetch_bill(day)
            first = list(islice(lines, 1))  # the whole file is here and proven before the first line is given
        except (GatewayUnavailable, GatewayRefused) as error:
            _log.warning("bill_not_read", source=source, day=day.isoformat(), error=type(error).__name__)
            continue
        open_ += import_bill(SYSTEM, source=source, day=day, lines=chain(first, lines), at=at)
    return open_


@action(needs=May.RECONCILE, private=("lines",))
def import_bill(scope: Scope, *, source: str, day: date, lines: Iterable[BillLine], at: datetime) -> int:
    """This will keep a bill (instead of what was read of that day before) and write down what does not agree."""
    sql.run(_EMPTY, source, day)
    count = 0
    for portion in _portions(iter(lines)):
        columns = zip(*(_row(line) for line in portion), strict=True)
        count += sql.run(_FILL, source, day, *(list(column) for column in columns))
    sql.run(_BILL, new(), source, day, count, at)
    sql.fetch("SELECT payments_settle_nothing(%s, %s, %s)", source, day, at)
    start, end = rules.bounds_of(day)
    row = sql.fetch_one("SELECT payments_reconcile(%s, %s, %s, %s, %s)", source, day, start, end, at)
    return int(row[0]) if row else 0


def _portions(lines: Iterator[BillLine]) -> Iterator[list[BillLine]]:
    while portion := list(islice(lines, PORTION)):
        yield portion


def _row(line: BillLine) -> tuple[object, ...]:
    return (
        line.kind.value,
        line.reference,
        line.charge_reference,
        line.provider_reference,
        line.amount_minor,
        line.fee_minor,
        line.net_minor,
        line.currency,
        line.status.value,
        line.occurred_at,
    )


@action(needs=May.RECONCILE)
def record_missing(scope: Scope, *, difference: UUID, at: datetime) -> str:
    """This will take what the bill says and we never heard through the one handler; gives its effect.

    What even then belongs to no collection of ours stays open: `place_on_suspense` it in a city.
    """
    found = _open(difference)
    row = sql.fetch_one(_LINE, found.source, found.reference)
    if row is None or found.kind not in (DifferenceKind.LOCAL_MISSING, DifferenceKind.REFUND_MISMATCH):
        raise NotSo
    kind, reference, provider_reference, amount, fee, currency, occurred_at = row
    told = Told(
        source=found.source,
        kind=EventKind(kind),
        outcome=Outcome.SUCCESS,
        reference=reference,
        provider_reference=provider_reference,
        address=psp_clearing(found.source),
        amount=Money(amount),
        fee=Money(fee),
        currency=currency,
        occurred_at=occurred_at,
    )
    effect = record_told(scope, told=told, at=at)
    if effect not in ("unknown", "repeated"):
        sql.run(_RESOLVE, f"recorded: {effect}", scope.person, at, difference)
    return effect


@action(needs=May.RECONCILE)
def place_on_suspense(scope: Scope, *, difference: UUID, city: CityId, at: datetime) -> None:
    """This will take money of a provider that belongs to nobody we know into a city's suspense; it stays open there."""
    found = _open(difference)
    row = sql.fetch_one(_LINE, found.source, found.reference)
    if row is None or found.kind is not DifferenceKind.LOCAL_MISSING or found.in_suspense:
        raise NotSo
    amount = Money(row[3])
    legs = (Leg(psp_clearing(found.source), amount), Leg(SUSPENSE, -amount))
    _post(scope, f"suspense:{difference}", city, found.reference, "to_suspense", legs, row[5], at=at)
    sql.run(_PLACE, city, amount.minor, difference)


@action(needs=May.RECONCILE)
def match_suspense(scope: Scope, *, difference: UUID, legs: tuple[Leg, ...], how: str, at: datetime) -> None:
    """This will move what waits on suspense to where it belongs: `legs` say where, and sum to what waited."""
    found = _open(difference)
    if found.city is None or not found.in_suspense:
        raise NotSo
    if Money.total(leg.amount for leg in legs) != -found.in_suspense:
        raise Invalid("legs", _("The legs do not sum to what waits on suspense."))
    out = Leg(SUSPENSE, found.in_suspense)
    _post(
        scope,
        f"matched:{difference}",
        found.city,
        found.reference,
        "suspense_matched",
        (out, *legs),
        found.currency,
        at=at,
    )
    sql.run(_RESOLVE, f"matched: {how}"[:200], scope.person, at, difference)


@action(needs=May.RECONCILE)
def give_back_suspense(scope: Scope, *, difference: UUID, refund: RefundId, at: datetime) -> None:
    """This will send a payment of a wrong amount back to whoever paid it."""
    found = _open(difference)
    if found.city is None or found.collection is None or found.in_suspense.minor <= 0:
        raise NotSo
    if found.kind is not DifferenceKind.AMOUNT_MISMATCH:
        raise NotSo
    legs = (Leg(SUSPENSE, found.in_suspense), Leg(refund_in_transit(found.source), -found.in_suspense))
    _post(scope, f"refund:{refund}", found.city, found.reference, "refund_requested", legs, found.currency, at=at)
    where = psp_clearing(found.source)
    document = f"collection:{found.collection}"
    sql.run(
        _GIVE_BACK, refund, found.collection, found.source, found.reference, where, found.in_suspense.minor, document,
        at, at, at,
    )  # fmt: skip
    sql.run(_RESOLVE, "given back", scope.person, at, difference)


@action(needs=May.RECONCILE)
def accept_difference(scope: Scope, *, difference: UUID, how: str, at: datetime) -> None:
    """This will close a difference that moved nothing here, with the words that say why it may be closed."""
    found = _open(difference)
    if found.in_suspense:
        raise NotSo
    if not how.strip():
        raise Invalid("how", _("Say why this may be closed."))
    sql.run(_RESOLVE, how.strip()[:200], scope.person, at, difference)


@action(needs=May.RECONCILE)
def accept_differences(scope: Scope, *, differences: Sequence[UUID], how: str, at: datetime) -> Together:
    """This will close differences that moved nothing here, for one reason, in two statements for all of them."""
    if not how.strip():
        raise Invalid("how", _("Say why this may be closed."))
    if not 0 < len(differences) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    waiting = dict(sql.fetch(_WAITING, list(differences)))
    closed = [each for each, minor in waiting.items() if not minor]
    sql.run(_RESOLVE_MANY, how.strip()[:200], scope.person, at, closed)
    held = [NotDone.because(each, NotSo()) for each, minor in waiting.items() if minor]
    return Together(tuple(closed), (*held, *missing(differences, waiting, "difference")))


@dataclass(frozen=True, slots=True)
class _Open:
    """A difference as its resolver sees it, locked."""

    city: CityId | None
    source: str
    kind: DifferenceKind
    reference: str
    collection: CollectionId | None
    in_suspense: Money
    currency: str


def suspended(difference: UUID) -> tuple[CityId, Money]:
    """This will tell what of a difference waits on suspense, and in which city's book; held until the action ends."""
    found = _open(difference)
    if found.city is None or not found.in_suspense:
        raise NotSo
    return found.city, found.in_suspense


def _open(difference: UUID) -> _Open:
    row = sql.fetch_one(_FIND, difference)
    if row is None:
        raise NotFound("difference")
    city, source, kind, reference, collection, minor, currency = row
    return _Open(city, source, DifferenceKind(kind), reference, collection, Money(minor), currency)


def _post(
    scope: Scope,
    key: str,
    city: CityId,
    document: str,
    kind: str,
    legs: tuple[Leg, ...],
    currency: str,
    *,
    at: datetime,
) -> None:
    draft = Draft(key=key, book=platform_book(city), currency=currency, document=document, kind=kind, at=at, legs=legs)
    ledger.post(scope, draft=draft)
