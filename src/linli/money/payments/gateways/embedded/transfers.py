"""Payouts by the custody bank, which never lacks funds: whether a payout is covered is the ledger's question."""

import sqlite3
from datetime import timedelta

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
from linli.money.payments.gateways.embedded.switches import Name, Setting
from linli.money.payments.gateways.embedded.terms import day_of
from linli.money.payments.gateways.protocol import (
    BankKind,
    Currency,
    EventKind,
    Instant,
    Transfer,
    TransferState,
    TransferStatus,
    Words,
)

_RETURN_AFTER = timedelta(days=1)
_NO_SUCH_ACCOUNT = "no such account"
_ACCOUNT_CLOSED = "account closed, returned by the receiving bank"


class Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A transfer that somebody else made into the custody account, or (negative) out of it, with words of their own."""

    words: Words
    amount_minor: int
    occurred_at: Instant
    counterpart: Words = ""
    currency: Currency = "CNY"


def wire(provider: Provider, made: Wire) -> None:
    """This will book a transfer on the custody account; as with every bank, nobody is told before its file."""
    with provider.store.transaction() as db:
        put(
            db,
            "bank_lines",
            day=day_of(made.occurred_at).isoformat(),
            kind=BankKind.TRANSFER,
            reference=made.words,
            amount=made.amount_minor,
            currency=made.currency,
            counterpart=made.counterpart,
        )


def request(provider: Provider, transfer: Transfer) -> TransferStatus:
    """This will pay out, once per reference."""
    content = content_of(transfer)
    with provider.store.transaction() as db:
        row = repeated(db, "transfers", transfer.reference, content)
        if row is None:
            row = _transfer(provider, db, transfer, content)
    provider.wake()
    return _status_of(row, provider)


def status(provider: Provider, reference: str) -> TransferStatus:
    """This will tell how a payout stands."""
    with provider.store.transaction() as db:
        return _status_of(row_of(db, "transfers", reference), provider)


def _transfer(provider: Provider, db: sqlite3.Connection, transfer: Transfer, content: bytes) -> sqlite3.Row:
    failed = provider.board.strikes(db, Name.TRANSFER_FAILURE, transfer.reference)
    returned = None if failed else provider.board.strikes(db, Name.PAYOUT_RETURN, transfer.reference)
    put(
        db,
        "transfers",
        reference=transfer.reference,
        provider_reference=new_provider_reference("tr"),
        content=content,
        amount=transfer.amount_minor,
        currency=transfer.currency,
        state=TransferState.FAILED if failed else TransferState.SUCCEEDED,
        reason=_NO_SUCH_ACCOUNT if failed else "",
        finished_at=micros(transfer.requested_at),
    )
    row = row_of(db, "transfers", transfer.reference)
    at = transfer.requested_at
    if failed:
        provider.tell(
            db, new_event(EventKind.TRANSFER_FAILED, row, fee_minor=0, occurred_at=at, reason=_NO_SUCH_ACCOUNT)
        )
        return row
    _book(db, BankKind.PAYOUT, transfer, amount=-transfer.amount_minor, day=day_of(at).isoformat())
    provider.tell(db, new_event(EventKind.TRANSFER_SUCCEEDED, row, fee_minor=0, occurred_at=at))
    if returned:
        _return(provider, db, transfer, row, returned)
    return row


def _return(provider: Provider, db: sqlite3.Connection, transfer: Transfer, row: sqlite3.Row, setting: Setting) -> None:
    # On the books the money comes back a day later; the word of it arrives after the switch's seconds, so that
    # nobody waits a real day.
    at = transfer.requested_at + _RETURN_AFTER
    db.execute(
        "UPDATE transfers SET returned_at = ?, return_known_at = ? WHERE reference = ?",
        (micros(at), provider.later(setting.seconds), transfer.reference),
    )
    _book(db, BankKind.PAYOUT_RETURN, transfer, amount=transfer.amount_minor, day=day_of(at).isoformat())
    event = new_event(EventKind.TRANSFER_RETURNED, row, fee_minor=0, occurred_at=at, reason=_ACCOUNT_CLOSED)
    provider.tell(db, event, after_s=setting.seconds)


def _book(db: sqlite3.Connection, kind: BankKind, transfer: Transfer, *, amount: int, day: str) -> None:
    put(
        db,
        "bank_lines",
        day=day,
        kind=kind,
        reference=transfer.reference,
        amount=amount,
        currency=transfer.currency,
        counterpart=transfer.receiver_name,
    )


def _status_of(row: sqlite3.Row, provider: Provider) -> TransferStatus:
    known = row["return_known_at"] is not None and micros(provider.now()) >= row["return_known_at"]
    return TransferStatus(
        reference=row["reference"],
        provider_reference=row["provider_reference"],
        state=TransferState.RETURNED if known else TransferState(row["state"]),
        amount_minor=row["amount"],
        currency=row["currency"],
        reason=_ACCOUNT_CLOSED if known else row["reason"],
        finished_at=instant(row["finished_at"]),
        returned_at=instant(row["returned_at"]) if known else None,
    )
