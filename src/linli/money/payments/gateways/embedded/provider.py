"""The provider as its verbs see it: memory, switches, terms, a clock, and somebody to wake when there is news."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec

from linli.money.payments.gateways.embedded.store import Store, micros, put
from linli.money.payments.gateways.embedded.switches import Name, Switchboard
from linli.money.payments.gateways.embedded.terms import Terms, day_of
from linli.money.payments.gateways.protocol import BillKind, EventKind, GatewayEvent


def real_now() -> datetime:
    """This will read the machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """`pace` stretches or shortens every wait; `wake` tells the dispatcher that a call-back was queued."""

    store: Store
    board: Switchboard
    terms: Terms
    url: str
    pace: float = 1.0
    wake: Callable[[], None] = lambda: None
    now: Callable[[], datetime] = real_now

    def later(self, seconds: float) -> int:
        """This will give the real instant so many paced seconds from now."""
        return micros(self.now() + timedelta(seconds=seconds * self.pace))

    def tell(self, db: sqlite3.Connection, event: GatewayEvent, *, after_s: float = 0.0) -> None:
        """This will queue a call-back in the transaction of what it tells, in the manner the switches ask for."""
        struck = {
            name: setting
            for name in (Name.DROP, Name.WRONG_AMOUNT, Name.DELAY, Name.REORDER, Name.DUPLICATE, Name.FORGE, Name.STALE)
            if (setting := self.board.strikes(db, name, event.reference))
        }
        if Name.WRONG_AMOUNT in struck:
            event = replace(event, amount_minor=event.amount_minor + 1)
        if Name.DELAY in struck:
            after_s += struck[Name.DELAY].seconds
        if Name.REORDER in struck:
            after_s += struck[Name.REORDER].seconds
        put(
            db,
            "callbacks",
            event_id=str(event.event_id),
            body=msgspec.json.encode(event),
            state="dropped" if Name.DROP in struck else "pending",
            due_at=self.later(after_s),
            held=Name.REORDER in struck,
            manner=" ".join(struck),
        )


def new_event(
    kind: EventKind, row: sqlite3.Row, *, fee_minor: int, occurred_at: datetime, reason: str = ""
) -> GatewayEvent:
    """This will put a change of a charge, refund or transfer into words."""
    columns = row.keys()
    return GatewayEvent(
        event_id=uuid4(),
        kind=kind,
        reference=row["reference"],
        charge_reference=row["charge_reference"] if "charge_reference" in columns else "",
        provider_reference=row["provider_reference"],
        amount_minor=row["amount"],
        fee_minor=fee_minor,
        currency=row["currency"],
        occurred_at=occurred_at,
        reason=reason,
    )


def book(
    db: sqlite3.Connection,
    kind: BillKind,
    charge: sqlite3.Row,
    *,
    reference: str,
    provider_reference: str,
    amount: int,
    fee: int,
    net: int,
    at: datetime,
) -> None:
    """This will write one line of the bill; the database refuses a second one of the same kind and reference."""
    put(
        db,
        "movements",
        day=day_of(at).isoformat(),
        kind=kind,
        reference=reference,
        charge_reference=charge["reference"],
        provider_reference=provider_reference,
        channel=charge["channel"],
        amount=amount,
        fee=fee,
        net=net,
        currency=charge["currency"],
        occurred_at=micros(at),
    )
