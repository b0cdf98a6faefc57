"""Money back the way it came, with the provider's fee in proportion."""

import sqlite3
from datetime import datetime

from linli.money.payments.gateways.embedded import terms
from linli.money.payments.gateways.embedded.charges import HELD
from linli.money.payments.gateways.embedded.provider import Provider, book, new_event
from linli.money.payments.gateways.embedded.splits import held_left
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
    ChargeState,
    EventKind,
    GatewayRefused,
    Refund,
    RefundState,
    RefundStatus,
)

_ACCOUNT_CLOSED = "the payer's account is closed"


def request(provider: Provider, refund: Refund) -> RefundStatus:
    """This will refund a part or all of a charge, once per reference."""
    content = content_of(refund)
    with provider.store.transaction() as db:
        row = repeated(db, "refunds", refund.reference, content)
        if row is None:
            row = _refund(provider, db, refund, content)
    provider.wake()
    return _status_of(row)


def status(provider: Provider, reference: str) -> RefundStatus:
    """This will tell how a refund stands."""
    with provider.store.transaction() as db:
        return _status_of(row_of(db, "refunds", reference))


def _refund(provider: Provider, db: sqlite3.Connection, refund: Refund, content: bytes) -> sqlite3.Row:
    charge = row_of(db, "charges", refund.charge_reference)
    fee_back = _checked_fee_back(charge, refund)
    failed = provider.board.strikes(db, Name.REFUND_FAILURE, refund.reference)
    state, reason = (RefundState.FAILED, _ACCOUNT_CLOSED) if failed else (RefundState.SUCCEEDED, "")
    fee_back = 0 if failed else fee_back
    put(
        db,
        "refunds",
        reference=refund.reference,
        provider_reference=new_provider_reference("rf"),
        content=content,
        charge_reference=refund.charge_reference,
        amount=refund.amount_minor,
        currency=refund.currency,
        state=state,
        reason=reason,
        fee_returned=fee_back,
        finished_at=micros(refund.requested_at),
    )
    row = row_of(db, "refunds", refund.reference)
    if not failed:
        _book(db, charge, row, fee_back=fee_back, at=refund.requested_at)
    kind = EventKind.REFUND_FAILED if failed else EventKind.REFUND_SUCCEEDED
    provider.tell(db, new_event(kind, row, fee_minor=-fee_back, occurred_at=refund.requested_at, reason=reason))
    return row


def _checked_fee_back(charge: sqlite3.Row, refund: Refund) -> int:
    if charge["state"] != ChargeState.PAID:
        raise GatewayRefused("CHARGE_NOT_PAID", f"{refund.charge_reference} holds no money")
    if charge["currency"] != refund.currency:
        raise GatewayRefused("CURRENCY_DIFFERS", f"{refund.charge_reference} was paid in {charge['currency']}")
    left = charge["amount"] - charge["refunded"]
    if refund.amount_minor > left:
        raise GatewayRefused(
            "REFUND_EXCEEDS_CHARGE",
            f"only {left} is left of {refund.charge_reference}",
        )
    if micros(refund.requested_at) < charge["paid_at"]:
        raise GatewayRefused("BAD_REQUEST", f"{refund.charge_reference} was not yet paid at that instant")
    fee_back = terms.fee_returned(charge["fee"], charge["amount"], charge["refunded"], refund.amount_minor)
    if charge["held"] == HELD and refund.amount_minor - fee_back > held_left(charge):
        raise GatewayRefused("SPLIT_ALREADY", "the money was split: take shares back first")
    return fee_back


def _book(db: sqlite3.Connection, charge: sqlite3.Row, row: sqlite3.Row, *, fee_back: int, at: datetime) -> None:
    db.execute(
        "UPDATE charges SET refunded = refunded + ?, fee_returned = fee_returned + ? WHERE reference = ?",
        (row["amount"], fee_back, charge["reference"]),
    )
    book(
        db,
        BillKind.REFUND,
        charge,
        reference=row["reference"],
        provider_reference=row["provider_reference"],
        amount=row["amount"],
        fee=-fee_back,
        net=0 if charge["held"] == HELD else fee_back - row["amount"],
        at=at,
    )


def _status_of(row: sqlite3.Row) -> RefundStatus:
    return RefundStatus(
        reference=row["reference"],
        charge_reference=row["charge_reference"],
        provider_reference=row["provider_reference"],
        state=RefundState(row["state"]),
        amount_minor=row["amount"],
        currency=row["currency"],
        fee_returned_minor=row["fee_returned"],
        reason=row["reason"],
        finished_at=instant(row["finished_at"]),
    )
