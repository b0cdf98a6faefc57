"""Paying at a provider: the attempt is kept, the provider prepares it, and what nobody tells us we ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CollectionId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger.rules import psp_clearing
from linli.money.payments import rules
from linli.money.payments.actions.collecting import record_told
from linli.money.payments.actions.provider_pages import PayPage, ProviderAway
from linli.money.payments.gateways import protocol
from linli.money.payments.gateways.protocol import (
    Channel,
    ChargeState,
    ChargeStatus,
    GatewayEvent,
    GatewayRefused,
    GatewayUnavailable,
)
from linli.money.payments.gateways.registry import gateway, sources
from linli.money.payments.rules import EventKind, Outcome, State, Told
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

SWEEP_BATCH = 100
_log = structlog.get_logger()


class CannotPay(Refusal):
    """The collection waits for no payment any more."""

    says = _("This can no longer be paid: it is {state}.")


@dataclass(frozen=True, slots=True)
class BegunAttempt:
    """An attempt that is kept and may have to be prepared at its provider."""

    reference: str
    source: str
    amount: Money
    currency: str
    expires_at: datetime
    begun_at: datetime
    held: bool
    page: PayPage | None


_STANDING = """
    SELECT amount_minor, currency, expires_at, collected, closed, refunded_minor, city FROM payments_standing
    WHERE id = %s
"""
_LOCK = "SELECT 1 FROM payments_collection WHERE id = %s FOR NO KEY UPDATE"
_SAME = """
    SELECT reference, source, pay_url, qr_text, expires_at, begun_at, held FROM payments_attempt
    WHERE collection_id = %s AND source = %s AND channel = %s
"""
_KEEP = """
    INSERT INTO payments_attempt (id, collection_id, source, reference, channel, pay_url, qr_text, expires_at, begun_at,
                                  ask_at, asked, held, release_at)
    SELECT %s, %s, %s, %s || CASE WHEN n > 0 THEN '-' || (n + 1) ELSE '' END, %s, '', '', %s, %s, %s, 0, %s, %s
    FROM (SELECT count(*) AS n FROM payments_attempt WHERE collection_id = %s) AS before RETURNING reference
"""
_PAGE = "UPDATE payments_attempt SET pay_url = %s, qr_text = %s WHERE reference = %s"
_CLAIM = """
    UPDATE payments_attempt AS a SET asked = a.asked + 1,
        ask_at = %s + (%s::int[])[a.asked + 2] * interval '1 second'
    FROM (SELECT id FROM payments_attempt WHERE ask_at <= %s ORDER BY ask_at LIMIT %s FOR UPDATE SKIP LOCKED) AS due
    WHERE a.id = due.id RETURNING a.source, a.reference
"""


@errand
def begin_payment(
    scope: Scope, *, collection: CollectionId, channel: str, at: datetime, return_url: str = ""
) -> PayPage:
    """This will prepare the payment of a collection at a provider and say where to pay; asked again, the same page.

    `return_url` is where the provider's page leads back to; coming back proves nothing.
    """
    if channel not in list(Channel):
        raise Invalid("channel", _("There is no such way to pay."))
    attempt = begin_attempt(scope, collection=collection, channel=channel, at=at)
    if attempt.page is not None:
        return attempt.page
    try:
        prepared = gateway(attempt.source).prepare(
            protocol.Charge(
                reference=attempt.reference,
                amount_minor=attempt.amount.minor,
                currency=attempt.currency,
                channel=Channel(channel),
                description=f"Linli {attempt.reference[:8]}",
                return_url=return_url,
                requested_at=attempt.begun_at,
                expires_at=attempt.expires_at,
                held_for_split=attempt.held,
            )
        )
    except (GatewayUnavailable, GatewayRefused) as error:
        _log.warning("prepare_failed", reference=attempt.reference, error=type(error).__name__)
        raise ProviderAway from error
    keep_page(scope, reference=attempt.reference, url=prepared.pay_url, qr_text=prepared.qr_text)
    return PayPage(prepared.pay_url, prepared.qr_text)


@action(needs=May.PAY)
def begin_attempt(scope: Scope, *, collection: CollectionId, channel: str, at: datetime) -> BegunAttempt:
    """This will keep an attempt before any provider knows of it, so that the sweep finds it whatever happens then."""
    if not sources():
        raise NotFound("payment provider")
    source = sources()[0]
    if not sql.fetch_one(_LOCK, collection):
        raise NotFound("collection")
    row = sql.fetch_one(_STANDING, collection)
    assert row is not None  # noqa: S101 - it was just locked
    amount, currency, expires_at, collected, closed, refunded, city = row
    state = rules.state_of(amount=Money(amount), collected=collected, closed=closed, refunded=Money(int(refunded)))
    page_ends_at = max(expires_at - timedelta(seconds=rules.ARRIVAL_S), at + timedelta(seconds=1))
    if state is not State.OPEN or at >= expires_at:
        raise CannotPay(state=state.value if state is not State.OPEN else "expired")
    same = sql.fetch_one(_SAME, collection, source, channel)
    if same is not None:
        reference, _, url, qr_text, ends_at, begun_at, held = same
        page = PayPage(url, qr_text) if url else None
        return BegunAttempt(reference, source, Money(amount), currency, ends_at, begun_at, held, page)
    ask_at = rules.next_ask_at(0, at=at)
    terms = policy(scope, rules.PaymentPolicy, at=at, city=city)
    held = terms.held_for_split
    release_at = at + timedelta(days=terms.split_days - 1) if held else None
    kept = sql.fetch_one(
        _KEEP, ids.new(), collection, source, str(collection), channel, page_ends_at, at, ask_at, held, release_at,
        collection,
    )  # fmt: skip
    assert kept is not None  # noqa: S101 - INSERT ... RETURNING
    return BegunAttempt(kept[0], source, Money(amount), currency, page_ends_at, at, held, None)


@action(needs=May.PAY)
def keep_page(scope: Scope, *, reference: str, url: str, qr_text: str) -> None:
    """This will keep where the payer can pay, so that asking again calls nobody."""
    sql.run(_PAGE, url, qr_text, reference)


def read_callback(*, source: str, headers: Mapping[str, str], body: bytes) -> GatewayEvent:
    """This will read a provider's call-back after proving who sent it; raises ForgedCallback or StaleCallback."""
    return gateway(source).verify_callback(headers, body)


@errand
def sweep_pending(*, at: datetime, limit: int = SWEEP_BATCH) -> int:
    """This will ask the providers about charges that nobody has told us about, and give how many were asked for."""
    claimed = claim_attempts(SYSTEM, limit=limit, at=at)
    for source, reference in claimed:
        try:
            status = gateway(source).query_charge(reference)
        except (GatewayUnavailable, GatewayRefused) as error:
            _log.warning("query_failed", reference=reference, error=type(error).__name__)
            continue
        if status.state is not ChargeState.PENDING:
            record_told(SYSTEM, told=_told(source, status, at=at), at=at)
    return len(claimed)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def claim_attempts(scope: Scope, *, limit: int, at: datetime) -> tuple[tuple[str, str], ...]:
    """This will take up the charges whose time to be asked for has come, and set the next time."""
    return tuple((source, reference) for source, reference in sql.fetch(_CLAIM, at, list(rules.ASK_AGAIN_S), at, limit))


def _told(source: str, status: ChargeStatus, *, at: datetime) -> Told:
    paid = status.state is ChargeState.PAID
    return Told(
        source=source,
        kind=EventKind.CHARGE if paid else EventKind.CANCEL,
        outcome=Outcome.SUCCESS,
        reference=status.reference,
        provider_reference=status.provider_reference,
        address=psp_clearing(source),
        amount=Money(status.amount_minor),
        fee=Money(status.fee_minor),
        currency=status.currency,
        occurred_at=status.paid_at or at,
    )
