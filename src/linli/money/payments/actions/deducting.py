"""Deductions: collections that a provider takes by an agreement; sent once, asked for, and given up for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from linli.kernel.ids import AgreementId, CollectionId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger.rules import psp_clearing
from linli.money.payments import rules
from linli.money.payments.actions.agreements import NOT_FOUND, NotSigned
from linli.money.payments.actions.collecting import record_told
from linli.money.payments.gateways import withholding as says
from linli.money.payments.gateways.protocol import ChargeState, ChargeStatus, GatewayRefused, GatewayUnavailable
from linli.money.payments.gateways.registry import gateway, withholding
from linli.money.payments.models import Agreement, Collection, Deduction
from linli.money.payments.rules import AgreementState, Decline, EventKind, Outcome, Told
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

BATCH = 100
_log = structlog.get_logger()

_CLAIM = """
    UPDATE payments_deduction AS d SET calls = least(d.calls + 1, 100),
        due_at = CASE WHEN s.collected OR s.closed THEN NULL
                 ELSE %s + coalesce((%s::int[])[d.calls + 1], 43200) * interval '1 second' END
    FROM (SELECT id FROM payments_deduction WHERE due_at <= %s ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED) AS due,
         payments_standing AS s, payments_agreement AS a
    WHERE d.id = due.id AND s.id = d.collection_id AND a.id = d.agreement_id
    RETURNING d.collection_id, d.agreement_id, d.notice, a.source, a.description, s.amount_minor, s.currency,
              d.asked_at, s.expires_at, d.is_sent, s.collected OR s.closed
"""
_NOTICES = """
    UPDATE payments_deduction_notice AS n SET calls = least(n.calls + 1, 100),
        due_at = %s + least(30 * 2 ^ least(n.calls, 7), 3600) * interval '1 second'
    FROM (SELECT id FROM payments_deduction_notice WHERE due_at <= %s ORDER BY due_at LIMIT %s
          FOR UPDATE SKIP LOCKED) AS due, payments_agreement AS a
    WHERE n.id = due.id AND a.id = n.agreement_id
    RETURNING n.id, n.agreement_id, a.source, n.amount_minor, a.currency, n.asked_at
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A deduction that this process has taken up; `is_settled`: there was nothing left to do."""

    collection: CollectionId
    agreement: AgreementId
    notice: UUID | None
    source: str
    description: str
    amount: Money
    currency: str
    asked_at: datetime
    expires_at: datetime
    is_sent: bool
    is_settled: bool


@dataclass(frozen=True, slots=True)
class ClaimedNotice:
    notice: UUID
    agreement: AgreementId
    source: str
    amount: Money
    currency: str
    asked_at: datetime


@action(needs=May.PAY)
def request_deduction(
    scope: Scope, *, collection: CollectionId, agreement: AgreementId, notice: UUID | None = None, at: datetime
) -> None:
    """This will have a collection taken by an agreement of its payer; what came of it is told like any payment.

    Either `Collected` is told, or `CollectionClosed` with a word of `rules.Decline`: then nothing was taken, and what
    still comes goes back by itself.
    """
    row = Agreement.objects.within(scope).select_for_update(no_key=True).filter(pk=agreement).first()
    asked = Collection.objects.within(scope).filter(pk=collection).first()
    if row is None or asked is None or asked.payer != row.payer:
        raise NotFound("agreement")
    if row.state != AgreementState.SIGNED.value:
        raise NotSigned
    Deduction.objects.create(collection=asked, agreement=row, notice=notice, asked_at=at, due_at=at)


@errand
def send_deductions(*, at: datetime, limit: int = BATCH) -> int:
    """This will have providers take what is due and ask about what they have not told; each is claimed and committed
    before its call, and the same deduction is called again under the same reference."""
    for notice in claim_notices(SYSTEM, limit=limit, at=at):
        _announce(notice)
    claimed = claim_deductions(SYSTEM, limit=limit, at=at)
    for one in claimed:
        if not one.is_settled:
            (_ask if one.is_sent else _send)(one, at)
    return len(claimed)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def claim_deductions(scope: Scope, *, limit: int, at: datetime) -> tuple[Claimed, ...]:
    """This will take up the deductions that are due, so that no two processes send one at the same time."""
    rows = sql.fetch(_CLAIM, at, list(rules.ASK_AGAIN_S), at, limit)
    return tuple(
        Claimed(collection, agreement, notice, source, description, Money(minor), *rest)
        for collection, agreement, notice, source, description, minor, *rest in rows
    )


@action(needs=May.RECORD_PAYMENT_EVENTS)
def claim_notices(scope: Scope, *, limit: int, at: datetime) -> tuple[ClaimedNotice, ...]:
    """This will take up the notices that are due."""
    rows = sql.fetch(_NOTICES, at, at, limit)
    return tuple(
        ClaimedNotice(id_, agreement, source, Money(minor), *rest) for id_, agreement, source, minor, *rest in rows
    )


@action(needs=May.RECORD_PAYMENT_EVENTS)
def mark_sent(scope: Scope, *, collection: CollectionId) -> None:
    """This will note that the provider has understood: from now on it is asked."""
    Deduction.objects.within(scope).filter(collection=collection).update(is_sent=True)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def mark_announced(scope: Scope, *, notice: UUID) -> None:
    """This will note that the provider tells the payer."""
    sql.run("UPDATE payments_deduction_notice SET due_at = NULL WHERE id = %s", notice)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def give_up(scope: Scope, *, collection: CollectionId, why: Decline, at: datetime) -> None:
    """This will close a deduction that came to nothing; one that is collected stays collected."""
    sql.fetch("SELECT payments_decline(%s, %s, %s)", collection, why.value, at)


def _announce(one: ClaimedNotice) -> None:
    asked = says.DeductionNotice(
        reference=str(one.notice),
        agreement_reference=str(one.agreement),
        amount_minor=one.amount.minor,
        currency=one.currency,
        requested_at=one.asked_at,
    )
    try:
        withholding(one.source).announce(asked)
    except GatewayUnavailable:
        _log.warning("notice_unanswered", notice=str(one.notice))
        return
    except GatewayRefused as error:  # the deduction will say why
        _log.warning("notice_refused", notice=str(one.notice), code=error.code)
    mark_announced(SYSTEM, notice=one.notice)


def _send(one: Claimed, at: datetime) -> None:
    asked = says.Deduction(
        reference=rules.charge_reference(one.collection),
        agreement_reference=str(one.agreement),
        notice_reference=str(one.notice) if one.notice else "",
        amount_minor=one.amount.minor,
        currency=one.currency,
        description=one.description,
        requested_at=one.asked_at,
        expires_at=one.expires_at,
    )
    if at >= one.expires_at:
        _close(one, at)
        return
    try:
        withholding(one.source).withhold(asked)
    except GatewayUnavailable:
        _log.warning("deduction_unanswered", collection=str(one.collection))
        return
    except GatewayRefused as error:
        _log.warning("deduction_refused", collection=str(one.collection), code=error.code)
        give_up(SYSTEM, collection=one.collection, why=Decline.REFUSED, at=at)
        return
    mark_sent(SYSTEM, collection=one.collection)


def _ask(one: Claimed, at: datetime) -> None:
    try:
        status = gateway(one.source).query_charge(rules.charge_reference(one.collection))
    except (GatewayUnavailable, GatewayRefused) as error:
        _log.warning("query_failed", collection=str(one.collection), error=type(error).__name__)
        return
    if status.state is not ChargeState.PENDING:
        _take(one, status, at)
    elif at >= one.expires_at:
        _close(one, at)


def _close(one: Claimed, at: datetime) -> None:
    """Only what the provider has closed is given up: until then it might still be taken."""
    try:
        status = gateway(one.source).close_charge(rules.charge_reference(one.collection))
    except GatewayUnavailable:
        _log.warning("close_failed", collection=str(one.collection))
        return
    except GatewayRefused as error:
        _log.warning("close_refused", collection=str(one.collection), code=error.code)
        if error.code == NOT_FOUND:
            give_up(SYSTEM, collection=one.collection, why=Decline.NO_ANSWER, at=at)
        return
    _take(one, status, at)


def _take(one: Claimed, status: ChargeStatus, at: datetime) -> None:
    paid = status.state is ChargeState.PAID
    told = Told(
        source=one.source,
        kind=EventKind.CHARGE,
        outcome=Outcome.SUCCESS if paid else Outcome.FAILURE,
        reference=status.reference,
        provider_reference=status.provider_reference,
        address=psp_clearing(one.source),
        amount=Money(status.amount_minor),
        fee=Money(status.fee_minor),
        currency=status.currency,
        occurred_at=status.paid_at or at,
        reason=status.reason or Decline.EXPIRED.value,
    )
    effect = record_told(SYSTEM, told=told, at=at)
    if paid and effect != rules.Effect.COLLECTED:  # it came after its time and goes back: nothing waits for it any more
        give_up(SYSTEM, collection=one.collection, why=Decline.EXPIRED, at=at)
