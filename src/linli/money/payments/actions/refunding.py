"""Money back the way it came: asked for with its journal, claimed, sent, confirmed; never twice, never too much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from django.db import DatabaseError

from linli.kernel.ids import CollectionId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger.rules import Leg, cash_due, psp_clearing
from linli.money.payments import rules
from linli.money.payments.actions.collecting import record_told
from linli.money.payments.actions.splitting import SPLIT_ALREADY, release_soon
from linli.money.payments.gateways import protocol
from linli.money.payments.gateways.protocol import GatewayRefused, GatewayUnavailable, RefundStatus
from linli.money.payments.gateways.registry import gateway
from linli.money.payments.rules import EventKind, Outcome, Told
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

SEND_BATCH = 100
_log = structlog.get_logger()


class RefundTooLarge(Refusal):
    """Together the refunds of a collection never exceed what it received."""

    says = _("More would be given back than was paid.")


class NothingCaptured(Refusal):
    """Only money that arrived can be given back."""

    says = _("Nothing has been paid yet, so nothing can be given back.")


_REQUEST = """
    SELECT payments_request_refunds(%s::uuid[], %s::uuid[], %s::bigint[], %s::text[],
                                    %s::int[], %s::text[], %s::bigint[], %s)
"""
_CLAIM = """
    UPDATE payments_refund AS r SET state = 'sent', calls = r.calls + 1,
        due_at = %s + least(30 * 2 ^ least(r.calls, 7), 3600) * interval '1 second'
    FROM (SELECT id FROM payments_refund WHERE due_at <= %s AND state IN ('requested', 'sent')
          ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED) AS due, payments_collection AS c
    WHERE r.id = due.id AND c.id = r.collection_id
    RETURNING r.id, r.nth, r.source, r.charge_reference, r.amount_minor, c.currency, r.document, r.asked_at
"""
_RETRY = """
    UPDATE payments_refund SET state = 'requested', nth = nth + 1, calls = 0, asked_at = %s, due_at = %s
    WHERE id = %s AND state = 'failed'
"""
_CASH = """
    SELECT r.amount_minor, c.currency FROM payments_refund AS r JOIN payments_collection AS c ON c.id = r.collection_id
    WHERE r.id = %s AND r.source = %s
"""


@dataclass(frozen=True, slots=True)
class ClaimedRefund:
    """A refund that this process has stamped and now asks the provider for."""

    id: RefundId
    nth: int
    source: str
    charge_reference: str
    amount: Money
    currency: str
    document: str
    asked_at: datetime

    @property
    def reference(self) -> str:
        return rules.refund_reference(self.id, self.nth)


@action(needs=May.REQUEST_REFUND)
def request_refund(
    scope: Scope,
    *,
    refund: RefundId,
    collection: CollectionId,
    amount: Money,
    legs: tuple[Leg, ...],
    document: str,
    at: datetime,
) -> None:
    """This will put money on its way back: `legs` say whose it was, and the sending follows by itself."""
    if amount.minor < 0:
        raise Invalid("amount", _("An amount to give back may not be negative."))
    if Money.total(leg.amount for leg in legs) != amount:
        raise Invalid("legs", _("The legs of a refund do not sum to its amount."))
    try:
        sql.fetch(
            _REQUEST,
            [refund],
            [collection],
            [amount.minor],
            [document],
            [1] * len(legs),
            [leg.address for leg in legs],
            [leg.amount.minor for leg in legs],
            at,
        )
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", None)
        if state == "LP001":
            raise RefundTooLarge(field="amount") from error
        if state == "LP002":
            raise NothingCaptured from error
        raise


@errand
def send_refunds(*, at: datetime, limit: int = SEND_BATCH) -> int:
    """This will ask the providers for what is due: each refund is claimed and committed before its call."""
    claimed = claim_refunds(SYSTEM, limit=limit, at=at)
    for refund in claimed:
        _send(refund, at=at)
    return len(claimed)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def claim_refunds(scope: Scope, *, limit: int, at: datetime) -> tuple[ClaimedRefund, ...]:
    """This will stamp the refunds that are due, so that no two processes send one at the same time."""
    return tuple(
        ClaimedRefund(id_, nth, source, charge, Money(minor), currency, document, asked_at)
        for id_, nth, source, charge, minor, currency, document, asked_at in sql.fetch(_CLAIM, at, at, limit)
    )


def _send(refund: ClaimedRefund, *, at: datetime) -> None:
    try:
        status = gateway(refund.source).request_refund(
            protocol.Refund(
                reference=refund.reference,
                charge_reference=refund.charge_reference,
                amount_minor=refund.amount.minor,
                currency=refund.currency,
                reason=refund.document[:200],
                requested_at=refund.asked_at,
            )
        )
    except GatewayUnavailable:
        _log.warning("refund_unanswered", refund=str(refund.id))
        return
    except GatewayRefused as error:
        if error.code == SPLIT_ALREADY:  # asked again under the same reference once the charge is released
            release_soon(SYSTEM, reference=refund.charge_reference, at=at)
            return
        _log.warning("refund_refused", refund=str(refund.id), code=error.code)
        record_told(SYSTEM, told=_told(refund, Outcome.FAILURE, Money.zero, "", at=at), at=at)
        return
    outcome = _OUTCOMES.get(status.state)
    if outcome is not None:
        record_told(SYSTEM, told=_answered(refund, status, outcome, at=at), at=at)


_OUTCOMES = {protocol.RefundState.SUCCEEDED: Outcome.SUCCESS, protocol.RefundState.FAILED: Outcome.FAILURE}


def _answered(refund: ClaimedRefund, status: RefundStatus, outcome: Outcome, *, at: datetime) -> Told:
    told = _told(refund, outcome, Money(-status.fee_returned_minor), status.provider_reference, at=at)
    return replace(told, amount=Money(status.amount_minor), occurred_at=status.finished_at or at)


def _told(refund: ClaimedRefund, outcome: Outcome, fee: Money, provider_reference: str, *, at: datetime) -> Told:
    return Told(
        source=refund.source,
        kind=EventKind.REFUND,
        outcome=outcome,
        reference=refund.reference,
        provider_reference=provider_reference,
        address=psp_clearing(refund.source),
        amount=refund.amount,
        fee=fee,
        currency=refund.currency,
        occurred_at=at,
    )


@action(needs=May.RECONCILE)
def retry_refund(scope: Scope, *, refund: RefundId, at: datetime) -> None:
    """This will try a refund once more that failed as often as we try by ourselves, under a new reference."""
    if not sql.run(_RETRY, at, at, refund):
        raise NotFound("refund")


@action(needs=May.TAKE_CASH)
def hand_back_cash(scope: Scope, *, refund: RefundId, holder: PartyId, at: datetime) -> str:
    """This will note that `holder` gave the refund back in cash, out of what he holds on the house's behalf."""
    row = sql.fetch_one(_CASH, refund, rules.CASH)
    if row is None:
        raise NotFound("refund")
    told = Told(
        source=rules.CASH,
        kind=EventKind.REFUND,
        outcome=Outcome.SUCCESS,
        reference=rules.refund_reference(refund),
        provider_reference="",
        address=cash_due(holder),
        amount=Money(row[0]),
        fee=Money.zero,
        currency=row[1],
        occurred_at=at,
    )
    return record_told(scope, told=told, at=at)
