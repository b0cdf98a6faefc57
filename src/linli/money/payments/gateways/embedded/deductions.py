"""Deductions by agreement: understood at once, carried out at once, and told like any charge, by call-back or query."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from linli.money.payments.gateways.embedded import agreements, charges
from linli.money.payments.gateways.embedded.charges import FREE
from linli.money.payments.gateways.embedded.provider import Provider, new_event
from linli.money.payments.gateways.embedded.store import (
    content_of,
    micros,
    new_provider_reference,
    put,
    repeated,
    row_of,
)
from linli.money.payments.gateways.embedded.switches import Name
from linli.money.payments.gateways.protocol import ChargeState, ChargeStatus, EventKind, GatewayRefused
from linli.money.payments.gateways.withholding import (
    AgreementState,
    AgreementStatus,
    DeclineReason,
    Deduction,
    DeductionNotice,
)

_HOUR = 3_600_000_000


def announce(provider: Provider, notice: DeductionNotice) -> AgreementStatus:
    """This will tell a payer of a deduction to come, once."""
    content = content_of(notice)
    with provider.store.transaction() as db:
        agreement = row_of(db, "agreements", notice.agreement_reference)
        if repeated(db, "notices", notice.reference, content) is None:
            put(
                db,
                "notices",
                reference=notice.reference,
                agreement_reference=notice.agreement_reference,
                content=content,
                amount=notice.amount_minor,
                told_at=micros(notice.requested_at),
            )
        return agreements.status_of(agreement, provider)


def withhold(provider: Provider, deduction: Deduction) -> ChargeStatus:
    """This will take a charge by an agreement, or decline it for good under this reference.

    The answer says no more than that it was understood: what came of it is told, and can be asked for.
    """
    content = content_of(deduction)
    with provider.store.transaction() as db:
        if repeated(db, "deductions", deduction.reference, content) is None:
            _carry_out(provider, db, deduction, content)
        told = charges.status_of(db, row_of(db, "charges", deduction.reference), provider)
    provider.wake()
    return replace(told, state=ChargeState.PENDING, paid_at=None, reason="")


def _carry_out(provider: Provider, db: sqlite3.Connection, asked: Deduction, content: bytes) -> None:
    agreement = row_of(db, "agreements", asked.agreement_reference)
    if agreement["currency"] != asked.currency:
        raise GatewayRefused("CURRENCY_DIFFERS", f"{asked.agreement_reference} is in {agreement['currency']}")
    _insist_on_notice(provider, db, asked)
    if provider.board.strikes(db, Name.PAYER_ENDS, asked.reference) and agreement["state"] == AgreementState.SIGNED:
        agreements.end(provider, db, agreement, agreements.BY_PAYER, at=asked.requested_at)
        agreement = row_of(db, "agreements", asked.agreement_reference)
    reason = _declined(provider, db, agreement, asked)
    put(
        db,
        "deductions",
        reference=asked.reference,
        agreement_reference=asked.agreement_reference,
        content=content,
        reason=reason,
    )
    put(
        db,
        "charges",
        reference=asked.reference,
        provider_reference=new_provider_reference("dd"),
        content=content,
        amount=asked.amount_minor,
        currency=asked.currency,
        channel=agreement["channel"],
        description=asked.description,
        return_url="",
        held=FREE,
        state=ChargeState.DECLINED if reason else ChargeState.PENDING,
        requested_at=micros(asked.requested_at),
        received_at=micros(provider.now()),
        expires_at=micros(asked.expires_at),
    )
    row = row_of(db, "charges", asked.reference)
    if reason:
        told = new_event(EventKind.CHARGE_DECLINED, row, fee_minor=0, occurred_at=asked.requested_at, reason=reason)
        provider.tell(db, told)
    else:
        charges.capture(provider, db, row, at=asked.requested_at)


def _declined(provider: Provider, db: sqlite3.Connection, agreement: sqlite3.Row, asked: Deduction) -> str:
    if agreement["state"] != AgreementState.SIGNED:
        return DeclineReason.AGREEMENT_ENDED
    if asked.amount_minor > agreement["amount"]:
        return DeclineReason.LIMIT
    short = provider.board.strikes(db, Name.INSUFFICIENT, asked.reference)
    if short or provider.board.strikes(db, Name.DECLINE, asked.reference):
        return DeclineReason.INSUFFICIENT
    return ""


def _insist_on_notice(provider: Provider, db: sqlite3.Connection, asked: Deduction) -> None:
    if not provider.terms.notice_h:
        return
    row = db.execute(
        "SELECT amount, told_at FROM notices WHERE reference = ? AND agreement_reference = ?",
        (asked.notice_reference, asked.agreement_reference),
    ).fetchone()
    if row is None or asked.amount_minor > row["amount"]:
        raise GatewayRefused("NOT_ANNOUNCED", f"{asked.reference} was not announced")
    if micros(asked.requested_at) < row["told_at"] + provider.terms.notice_h * _HOUR:
        raise GatewayRefused("TOO_EARLY", f"{asked.reference} was announced less than {provider.terms.notice_h} h ago")
