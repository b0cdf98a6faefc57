"""The second shape of payout: shares of a held charge, paid inside the provider to receivers it knows."""

import sqlite3
from datetime import datetime, timedelta

from linli.money.payments.gateways.embedded.charges import HELD, RELEASED
from linli.money.payments.gateways.embedded.provider import Provider, book
from linli.money.payments.gateways.embedded.store import (
    content_of,
    instant,
    micros,
    new_provider_reference,
    put,
    repeated,
    row_of,
)
from linli.money.payments.gateways.embedded.terms import Terms
from linli.money.payments.gateways.protocol import (
    BillKind,
    ChargeState,
    GatewayRefused,
    Split,
    SplitReturn,
    SplitStatus,
    Unfreeze,
)


def held_left(charge: sqlite3.Row) -> int:
    """This will give what a held charge still holds: captured, less fee, refunds and shares."""
    net_fee = charge["fee"] - charge["fee_returned"]
    return int(charge["amount"] - charge["refunded"] - net_fee - charge["shared"])


def split(provider: Provider, asked: Split) -> SplitStatus:
    """This will pay shares to receivers, within the provider's cap and time limit."""
    content = content_of(asked)
    with provider.store.transaction() as db:
        row = repeated(db, "splits", asked.reference, content)
        if row is None:
            charge = _held_charge(db, asked.charge_reference)
            _check_split(charge, asked, provider.terms)
            total = sum(one.amount_minor for one in asked.receivers)
            db.execute("UPDATE charges SET shared = shared + ? WHERE reference = ?", (total, asked.charge_reference))
            db.executemany(
                "INSERT INTO split_shares (split_reference, receiver, amount) VALUES (?, ?, ?)",
                [(asked.reference, one.receiver, one.amount_minor) for one in asked.receivers],
            )
            row = _record(
                db,
                BillKind.SPLIT,
                asked.reference,
                asked.charge_reference,
                content,
                moved=total,
                net=0,
                at=asked.requested_at,
            )
    return _status_of(row)


def return_split(provider: Provider, asked: SplitReturn) -> SplitStatus:
    """This will take a share back; into the held charge, or to settlement once that was released."""
    content = content_of(asked)
    with provider.store.transaction() as db:
        row = repeated(db, "splits", asked.reference, content)
        if row is None:
            charge = row_of(db, "charges", row_of(db, "splits", asked.split_reference)["charge_reference"])
            taken = db.execute(
                "UPDATE split_shares SET returned = returned + ?"
                " WHERE split_reference = ? AND receiver = ? AND returned + ? <= amount",
                (asked.amount_minor, asked.split_reference, asked.receiver, asked.amount_minor),
            ).rowcount
            if not taken:
                raise GatewayRefused(
                    "RETURN_EXCEEDS_SHARE", f"{asked.receiver} has not got that much of {asked.split_reference}"
                )
            db.execute(
                "UPDATE charges SET shared = shared - ? WHERE reference = ?", (asked.amount_minor, charge["reference"])
            )
            net = asked.amount_minor if charge["held"] == RELEASED else 0
            moved = asked.amount_minor
            at = asked.requested_at
            row = _record(
                db, BillKind.SPLIT_RETURN, asked.reference, charge["reference"], content, moved=moved, net=net, at=at
            )
    return _status_of(row)


def unfreeze(provider: Provider, asked: Unfreeze) -> SplitStatus:
    """This will release what is left of a held charge into the day's settlement."""
    content = content_of(asked)
    with provider.store.transaction() as db:
        row = repeated(db, "splits", asked.reference, content)
        if row is None:
            rest = held_left(_held_charge(db, asked.charge_reference))
            db.execute("UPDATE charges SET held = ? WHERE reference = ?", (RELEASED, asked.charge_reference))
            at = asked.requested_at
            row = _record(
                db, BillKind.RELEASE, asked.reference, asked.charge_reference, content, moved=rest, net=rest, at=at
            )
    return _status_of(row)


def status(provider: Provider, reference: str) -> SplitStatus:
    """This will tell what a split, a return or an unfreeze did."""
    with provider.store.transaction() as db:
        return _status_of(row_of(db, "splits", reference))


def _held_charge(db: sqlite3.Connection, reference: str) -> sqlite3.Row:
    charge = row_of(db, "charges", reference)
    if charge["state"] != ChargeState.PAID:
        raise GatewayRefused("CHARGE_NOT_PAID", f"{reference} holds no money")
    if charge["held"] != HELD:
        raise GatewayRefused("NOT_HELD", f"{reference} is not held for a split")
    return charge


def _check_split(charge: sqlite3.Row, asked: Split, terms: Terms) -> None:
    total = sum(one.amount_minor for one in asked.receivers)
    if len({one.receiver for one in asked.receivers}) != len(asked.receivers):
        raise GatewayRefused("BAD_REQUEST", "a receiver stands twice in one split")
    if total > held_left(charge):
        raise GatewayRefused("SPLIT_EXCEEDS_CHARGE", f"only {held_left(charge)} is held")
    if (charge["shared"] + total) * 10_000 > charge["amount"] * terms.split_cap_bp:
        raise GatewayRefused("SPLIT_EXCEEDS_CAP", f"at most {terms.split_cap_bp} basis points of a charge may be split")
    if asked.requested_at > instant(charge["paid_at"]) + timedelta(days=terms.split_days):
        raise GatewayRefused("SPLIT_TOO_LATE", f"a charge may be split for {terms.split_days} days")


def _record(
    db: sqlite3.Connection,
    kind: BillKind,
    reference: str,
    charge_reference: str,
    content: bytes,
    *,
    moved: int,
    net: int,
    at: datetime,
) -> sqlite3.Row:
    charge = row_of(db, "charges", charge_reference)
    number = new_provider_reference("sp")
    held = held_left(charge) if charge["held"] == HELD else 0
    put(
        db,
        "splits",
        reference=reference,
        provider_reference=number,
        content=content,
        kind=kind,
        charge_reference=charge_reference,
        moved=moved,
        held_after=held,
        finished_at=micros(at),
    )
    book(db, kind, charge, reference=reference, provider_reference=number, amount=moved, fee=0, net=net, at=at)
    return row_of(db, "splits", reference)


def _status_of(row: sqlite3.Row) -> SplitStatus:
    return SplitStatus(
        reference=row["reference"],
        charge_reference=row["charge_reference"],
        provider_reference=row["provider_reference"],
        moved_minor=row["moved"],
        held_minor=row["held_after"],
        finished_at=instant(row["finished_at"]),
    )
