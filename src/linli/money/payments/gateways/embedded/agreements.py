"""The life of an agreement: opened by the merchant, signed by the payer or not, ended by either side."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from enum import StrEnum

import msgspec

from linli.money.payments.gateways.embedded.provider import Provider, new_event
from linli.money.payments.gateways.embedded.store import (
    content_of,
    instant,
    micros,
    new_provider_reference,
    put,
    repeated,
    row_of,
)
from linli.money.payments.gateways.protocol import EventKind, GatewayRefused, Instant
from linli.money.payments.gateways.withholding import Agreement, AgreementState, AgreementStatus, Signing

BY_PAYER, BY_MERCHANT, NOT_SIGNED = "ended by the payer", "ended by the merchant", "not signed"


class SignerChoice(StrEnum):
    SIGN = "sign"
    DECLINE = "decline"
    END = "end"


class SignerAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a payer does about an agreement; without `occurred_at` its own clock goes on from when it was opened."""

    choice: SignerChoice = SignerChoice.SIGN
    occurred_at: Instant | None = None


def contract(provider: Provider, agreement: Agreement) -> Signing:
    """This will open an agreement, or find it open already."""
    if agreement.expires_at <= agreement.requested_at:
        raise GatewayRefused("BAD_REQUEST", "an agreement cannot expire before it is asked for")
    content = content_of(agreement)
    with provider.store.transaction() as db:
        if repeated(db, "agreements", agreement.reference, content) is None:
            put(
                db,
                "agreements",
                reference=agreement.reference,
                provider_reference=new_provider_reference("ag"),
                content=content,
                amount=agreement.most_minor,
                currency=agreement.currency,
                channel=agreement.channel,
                description=agreement.description,
                return_url=agreement.return_url,
                state=AgreementState.PENDING,
                requested_at=micros(agreement.requested_at),
                received_at=micros(provider.now()),
                expires_at=micros(agreement.expires_at),
            )
    url = f"{provider.url}/sign/{agreement.reference}"
    return Signing(reference=agreement.reference, sign_url=url, qr_text=url)


def status(provider: Provider, reference: str) -> AgreementStatus:
    """This will tell how an agreement stands."""
    with provider.store.transaction() as db:
        return status_of(row_of(db, "agreements", reference), provider)


def terminate(provider: Provider, reference: str) -> AgreementStatus:
    """This will end an agreement for the merchant; the payer's page says so from then on."""
    with provider.store.transaction() as db:
        row = row_of(db, "agreements", reference)
        if row["state"] != AgreementState.ENDED:
            end(provider, db, row, BY_MERCHANT, at=_clock_of(row, provider))
        answer = status_of(row_of(db, "agreements", reference), provider)
    provider.wake()
    return answer


def act(provider: Provider, reference: str, done: SignerAct) -> AgreementStatus:
    """This will let the payer sign, not sign, or end; what is done already stays as it is."""
    with provider.store.transaction() as db:
        row = row_of(db, "agreements", reference)
        at = done.occurred_at or _clock_of(row, provider)
        state = status_of(row, provider).state
        if done.choice is SignerChoice.SIGN and state is AgreementState.PENDING:
            _change(db, row, AgreementState.SIGNED, "", at)
            provider.tell(db, new_event(EventKind.AGREEMENT_SIGNED, row, fee_minor=0, occurred_at=at))
        elif done.choice is SignerChoice.SIGN and state is AgreementState.ENDED:
            raise GatewayRefused("AGREEMENT_ENDED", f"{reference} can no longer be signed")
        elif done.choice is SignerChoice.END and state is AgreementState.SIGNED:
            end(provider, db, row, BY_PAYER, at=at)
        elif done.choice is SignerChoice.DECLINE and state is AgreementState.PENDING:
            end(provider, db, row, NOT_SIGNED, at=at)
        answer = status_of(row_of(db, "agreements", reference), provider)
    provider.wake()
    return answer


def end(provider: Provider, db: sqlite3.Connection, row: sqlite3.Row, reason: str, *, at: datetime) -> None:
    """This will end an agreement and tell."""
    _change(db, row, AgreementState.ENDED, reason, at)
    provider.tell(db, new_event(EventKind.AGREEMENT_ENDED, row, fee_minor=0, occurred_at=at, reason=reason))


def page_facts(provider: Provider, reference: str) -> tuple[AgreementStatus, str, str]:
    """This will give what the page of an agreement shows: how it stands, what it is for, and the way back."""
    with provider.store.transaction() as db:
        row = row_of(db, "agreements", reference)
    return status_of(row, provider), row["description"], row["return_url"]


def status_of(row: sqlite3.Row, provider: Provider) -> AgreementStatus:
    """This will put an agreement into the words of the protocol; one that nobody signed in time is ended."""
    state, reason = AgreementState(row["state"]), row["reason"]
    if state is AgreementState.PENDING and micros(_clock_of(row, provider)) >= row["expires_at"]:
        state, reason = AgreementState.ENDED, NOT_SIGNED
    return AgreementStatus(
        reference=row["reference"],
        provider_reference=row["provider_reference"],
        state=state,
        most_minor=row["amount"],
        currency=row["currency"],
        reason=reason,
        changed_at=instant(row["changed_at"]) if row["changed_at"] is not None else None,
    )


def _change(db: sqlite3.Connection, row: sqlite3.Row, state: AgreementState, reason: str, at: datetime) -> None:
    db.execute(
        "UPDATE agreements SET state = ?, reason = ?, changed_at = ? WHERE reference = ?",
        (state, reason, micros(at), row["reference"]),
    )


def _clock_of(row: sqlite3.Row, provider: Provider) -> datetime:
    return instant(row["requested_at"] + max(0, micros(provider.now()) - row["received_at"]))
