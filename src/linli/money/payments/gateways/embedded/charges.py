"""The life of a charge: prepared, then paid by somebody, or declined and open still, or closed."""

import sqlite3
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from linli.money.payments.gateways.embedded import terms
from linli.money.payments.gateways.embedded.provider import Provider, book, new_event
from linli.money.payments.gateways.embedded.store import (
    content_of,
    instant,
    micros,
    new_provider_reference,
    put,
    repeated,
    row_of,
)
from linli.money.payments.gateways.embedded.switches import Name
from linli.money.payments.gateways.protocol import (
    BillKind,
    Channel,
    Charge,
    ChargeState,
    ChargeStatus,
    EventKind,
    GatewayRefused,
    Instant,
    Prepared,
    Reference,
)

# Whether the money of a paid charge goes to settlement at once, waits to be split, or has been released after that.
FREE, HELD, RELEASED = 0, 1, 2


class Outcome(StrEnum):
    PAY = "pay"
    DECLINE = "decline"


class PayerAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a payer does. Without `occurred_at` the charge's own clock goes on from when it was asked for."""

    reference: Reference
    outcome: Outcome = Outcome.PAY
    occurred_at: Instant | None = None


class PayerActs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Many payers at once, in one transaction."""

    acts: Annotated[list[PayerAct], msgspec.Meta(max_length=500)]


class ActResult(msgspec.Struct, frozen=True):
    """How one payer of many fared; `code` is empty unless refused."""

    reference: str
    state: str
    code: str = ""


def prepare(provider: Provider, charge: Charge) -> Prepared:
    """This will open a charge, or find it open already."""
    if charge.expires_at <= charge.requested_at:
        raise GatewayRefused("BAD_REQUEST", "a charge cannot expire before it is asked for")
    content = content_of(charge)
    with provider.store.transaction() as db:
        row = repeated(db, "charges", charge.reference, content)
        number = row["provider_reference"] if row else new_provider_reference("ch")
        if row is None:
            put(
                db,
                "charges",
                reference=charge.reference,
                provider_reference=number,
                content=content,
                amount=charge.amount_minor,
                currency=charge.currency,
                channel=charge.channel,
                description=charge.description,
                return_url=charge.return_url,
                held=HELD if charge.held_for_split else FREE,
                state=ChargeState.PENDING,
                requested_at=micros(charge.requested_at),
                received_at=micros(provider.now()),
                expires_at=micros(charge.expires_at),
            )
    pay_url = f"{provider.url}/pay/{charge.reference}"
    return Prepared(reference=charge.reference, provider_reference=number, pay_url=pay_url, qr_text=pay_url)


def status(provider: Provider, reference: str) -> ChargeStatus:
    """This will tell how a charge stands."""
    with provider.store.transaction() as db:
        return status_of(db, row_of(db, "charges", reference), provider)


def close(provider: Provider, reference: str) -> ChargeStatus:
    """This will close an unpaid charge; a paid one stays paid."""
    with provider.store.transaction() as db:
        row = row_of(db, "charges", reference)
        if row["state"] != ChargeState.PENDING:
            return _status_of(row, provider)
        late = provider.board.strikes(db, Name.LATE_SUCCESS, reference)
        db.execute("UPDATE charges SET state = ? WHERE reference = ?", (ChargeState.CLOSED, reference))
        answer = _status_of(row_of(db, "charges", reference), provider)
        if late:
            # The payer was faster than the word got round: we have said "closed", and yet the money is here.
            capture(provider, db, row, at=_clock_of(row, provider))
    provider.wake()
    return answer


def act(provider: Provider, payer: PayerAct) -> ChargeStatus:
    """This will let the payer pay or decline; paying twice takes money once."""
    with provider.store.transaction() as db:
        result = _act(provider, db, payer)
    provider.wake()
    return result


def act_many(provider: Provider, payers: list[PayerAct]) -> list[ActResult]:
    """This will let many payers act; one that is refused does not hold up the others."""
    results = []
    with provider.store.transaction() as db:
        for payer in payers:
            try:
                done = _act(provider, db, payer)
                results.append(ActResult(payer.reference, done.state))
            except GatewayRefused as refusal:
                results.append(ActResult(payer.reference, "", refusal.code))
    provider.wake()
    return results


def page_facts(provider: Provider, reference: str) -> tuple[ChargeStatus, str, str]:
    """This will give what the pay page shows: the charge, its description and the way back."""
    with provider.store.transaction() as db:
        row = row_of(db, "charges", reference)
    return _status_of(row, provider), row["description"], row["return_url"]


def _act(provider: Provider, db: sqlite3.Connection, payer: PayerAct) -> ChargeStatus:
    row = row_of(db, "charges", payer.reference)
    if row["state"] in (ChargeState.PAID, ChargeState.DECLINED):
        return _status_of(row, provider)
    at = payer.occurred_at or _clock_of(row, provider)
    if row["state"] == ChargeState.CLOSED or micros(at) >= row["expires_at"]:
        raise GatewayRefused("CHARGE_CLOSED", f"{payer.reference} can no longer be paid")
    if micros(at) < row["requested_at"]:
        raise GatewayRefused("BAD_REQUEST", f"{payer.reference} was not yet asked for at that instant")
    if payer.outcome is Outcome.DECLINE or provider.board.strikes(db, Name.DECLINE, payer.reference):
        provider.tell(
            db, new_event(EventKind.CHARGE_DECLINED, row, fee_minor=0, occurred_at=at, reason="declined by the payer")
        )
    else:
        capture(provider, db, row, at=at)
    return _status_of(row_of(db, "charges", payer.reference), provider)


def capture(provider: Provider, db: sqlite3.Connection, row: sqlite3.Row, *, at: datetime) -> None:
    """This will take the money of a charge, write it into the bill, and tell."""
    fee = terms.fee(row["amount"], provider.terms.fee_bp)
    db.execute(
        "UPDATE charges SET state = ?, paid_at = ?, fee = ? WHERE reference = ?",
        (ChargeState.PAID, micros(at), fee, row["reference"]),
    )
    book(
        db,
        BillKind.CHARGE,
        row,
        reference=row["reference"],
        provider_reference=row["provider_reference"],
        amount=row["amount"],
        fee=fee,
        net=0 if row["held"] == HELD else row["amount"] - fee,
        at=at,
    )
    provider.tell(db, new_event(EventKind.CHARGE_PAID, row, fee_minor=fee, occurred_at=at))


def _clock_of(row: sqlite3.Row, provider: Provider) -> datetime:
    # A replay asks at instants long past: what follows then happens as long after them as it really took.
    return instant(row["requested_at"] + max(0, micros(provider.now()) - row["received_at"]))


def status_of(db: sqlite3.Connection, row: sqlite3.Row, provider: Provider) -> ChargeStatus:
    """This will tell how a charge stands, and of a deduction that was declined also why."""
    told = _status_of(row, provider)
    if told.state is not ChargeState.DECLINED:
        return told
    (reason,) = db.execute("SELECT reason FROM deductions WHERE reference = ?", (row["reference"],)).fetchone()
    return replace(told, reason=reason)


def _status_of(row: sqlite3.Row, provider: Provider) -> ChargeStatus:
    state = ChargeState(row["state"])
    if state is ChargeState.PENDING and micros(_clock_of(row, provider)) >= row["expires_at"]:
        state = ChargeState.CLOSED
    return ChargeStatus(
        reference=row["reference"],
        provider_reference=row["provider_reference"],
        state=state,
        amount_minor=row["amount"],
        currency=row["currency"],
        channel=Channel(row["channel"]),
        fee_minor=row["fee"] - row["fee_returned"],
        refunded_minor=row["refunded"],
        paid_at=instant(row["paid_at"]) if row["paid_at"] is not None else None,
    )
