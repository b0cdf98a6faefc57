"""Words for tests of money: a collection that somebody shall pay, and a provider that says what the test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import msgspec

from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, OrderId, PartyId, RefundId
from linli.kernel.money import Money
from linli.money.ledger.rules import Leg
from linli.money.payments import actions
from linli.money.payments.gateways import protocol as says
from linli.money.payments.rules import EventKind, Outcome, Told
from linli.spine import sql
from linli.spine.action import query, reading
from linli.spine.scope import SYSTEM, Scope

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PSP = "embedded"
FIFTY_SEVEN, FIVE = Money(5700), Money(500)
CLEARING = f"psp_clearing:{PSP}"
IN_TRANSIT = f"refund_in_transit:{PSP}"


@dataclass(frozen=True, kw_only=True)
class Due:
    """A requested collection of one order: 57.00 to pay and a coupon of 5.00 that the platform bears."""

    id: CollectionId
    city: CityId
    payer: PartyId
    order: OrderId
    amount: Money
    escrow: str
    subsidy: str

    def paid(
        self, *, amount: Money | None = None, reference: str | None = None, source: str = PSP, currency: str = "CNY"
    ) -> Told:
        """This will make the provider's word that a charge of the collection succeeded."""
        return Told(
            source=source,
            kind=EventKind.CHARGE,
            outcome=Outcome.SUCCESS,
            reference=reference or str(self.id),
            provider_reference=f"ch-{reference or self.id}",
            address=f"psp_clearing:{source}",
            amount=self.amount if amount is None else amount,
            fee=Money(34),
            currency=currency,
            occurred_at=NOW,
        )

    def declined(self) -> Told:
        return replace(self.paid(), outcome=Outcome.FAILURE)

    def balance(self, address: str) -> int:
        return balance(self.city, address)


def a_collection(
    *,
    amount: Money = FIFTY_SEVEN,
    coupon: Money = FIVE,
    purpose: str = "checkout",
    expires_at: datetime = NOW + timedelta(minutes=15),
    city: CityId | None = None,
) -> Due:
    """This will request a collection as the checkout of one order does."""
    order, city = OrderId(ids.new()), city or CityId(ids.new())
    due = Due(
        id=CollectionId(ids.new()),
        city=city,
        payer=PartyId(ids.new()),
        order=order,
        amount=amount,
        escrow=f"order_escrow:{order}",
        subsidy="marketing_subsidy:autumn",
    )
    actions.request_collection(
        SYSTEM,
        collection=due.id,
        purpose=purpose,
        for_=order,
        city=due.city,
        payer=due.payer,
        amount=amount,
        legs=(Leg(due.escrow, -(amount + coupon)), Leg(due.subsidy, coupon)),
        expires_at=expires_at,
        at=NOW,
    )
    return due


def a_paid_collection(**how: object) -> Due:
    """This will request a collection and let the provider say that it was paid."""
    due = a_collection(**how)  # type: ignore[arg-type]
    assert actions.record_told(SYSTEM, told=due.paid(), at=NOW) == "collected"
    return due


def ask_refund(due: Due, minor: int, *, at: datetime = NOW) -> RefundId:
    """This will ask for a part back, out of the order's escrow."""
    refund = RefundId(ids.new())
    actions.request_refund(
        SYSTEM,
        refund=refund,
        collection=due.id,
        amount=Money(minor),
        legs=(Leg(due.escrow, Money(minor)),),
        document=f"order:{due.order}",
        at=at,
    )
    return refund


def balance(city: UUID, address: str) -> int:
    """This will read an account of a city's book, in minor units; debit is positive."""
    found = as_the_house(
        "SELECT ledger_balance_of(a.id) FROM ledger_account AS a JOIN ledger_book AS b ON b.id = a.book_id"
        " WHERE b.name = %s AND a.address = %s",
        f"platform:{city}",
        address,
    )
    return int(found[0][0]) if found else 0


def facts(kind: str) -> list[dict[str, object]]:
    """This will read the bodies of the facts of a kind that were told so far."""
    rows = sql.fetch("SELECT body::text FROM spine_fact WHERE kind = %s ORDER BY id", kind)
    return [msgspec.json.decode(row[0]) for row in rows]


def as_the_house(statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """This will run a statement that no wall narrows, to look at what stands in the tables."""
    with reading(SYSTEM):
        return _fetch(SYSTEM, statement=statement, values=values)


@query
def _fetch(scope: Scope, *, statement: LiteralString, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    return sql.fetch(statement, *values)


def counts() -> tuple[int, ...]:
    """This will count what a refusal must not change: events, refunds, differences, facts."""
    return as_the_house(
        "SELECT (SELECT count(*) FROM payments_event), (SELECT count(*) FROM payments_refund),"
        " (SELECT count(*) FROM payments_difference), (SELECT count(*) FROM spine_fact)"
    )[0]


@dataclass
class SaidProvider:
    """A provider at the other end of the gateway protocol whose answers a test chooses; it remembers every call."""

    charge: says.ChargeState = says.ChargeState.PENDING
    refund: says.RefundState = says.RefundState.SUCCEEDED
    transfer: says.TransferState = says.TransferState.SUCCEEDED
    fails: Exception | None = None
    calls: list[object] = field(default_factory=list)
    bill: dict[date, list[says.BillLine]] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    fee_returned_minor: int = 0
    before_answer: Callable[[], None] = lambda: None

    def _called(self, what: object) -> None:
        self.calls.append(what)
        self.before_answer()
        if self.fails is not None:
            raise self.fails

    def prepare(self, charge: says.Charge) -> says.Prepared:
        self._called(charge)
        self.amounts[charge.reference] = charge.amount_minor
        url = f"https://pay.example/{charge.reference}"
        return says.Prepared(reference=charge.reference, provider_reference="ch-1", pay_url=url, qr_text=url)

    def query_charge(self, reference: str) -> says.ChargeStatus:
        self._called(reference)
        return says.ChargeStatus(
            reference=reference,
            provider_reference="ch-1",
            state=self.charge,
            amount_minor=self.amounts[reference],
            currency="CNY",
            channel=says.Channel.WECHAT,
            fee_minor=34,
            refunded_minor=0,
            paid_at=NOW if self.charge is says.ChargeState.PAID else None,
        )

    def request_refund(self, refund: says.Refund) -> says.RefundStatus:
        self._called(refund)
        return says.RefundStatus(
            reference=refund.reference,
            charge_reference=refund.charge_reference,
            provider_reference=f"rf-{refund.reference}",
            state=self.refund,
            amount_minor=refund.amount_minor,
            currency=refund.currency,
            fee_returned_minor=self.fee_returned_minor,
            reason="account closed" if self.refund is says.RefundState.FAILED else "",
            finished_at=refund.requested_at,
        )

    def request_transfer(self, transfer: says.Transfer) -> says.TransferStatus:
        self._called(transfer)
        return says.TransferStatus(
            reference=transfer.reference,
            provider_reference=f"tr-{transfer.reference}",
            state=self.transfer,
            amount_minor=transfer.amount_minor,
            currency=transfer.currency,
            reason="no such account" if self.transfer is says.TransferState.FAILED else "",
            finished_at=transfer.requested_at,
            returned_at=None,
        )

    def split(self, split: says.Split) -> says.SplitStatus:
        self._called(split)
        return self._moved(split.reference, split.charge_reference, split.receivers[0].amount_minor)

    def return_split(self, back: says.SplitReturn) -> says.SplitStatus:
        self._called(back)
        return self._moved(back.reference, "", back.amount_minor)

    def unfreeze(self, unfreeze: says.Unfreeze) -> says.SplitStatus:
        self._called(unfreeze)
        return self._moved(unfreeze.reference, unfreeze.charge_reference, 0)

    def _moved(self, reference: str, charge: str, minor: int) -> says.SplitStatus:
        return says.SplitStatus(
            reference=reference, charge_reference=charge, provider_reference="sp-1", moved_minor=minor, held_minor=0,
            finished_at=NOW,
        )  # fmt: skip

    def fetch_bill(self, day: date) -> Iterator[says.BillLine]:
        self._called(day)
        yield from self.bill.get(day, [])

    def verify_callback(self, headers: Mapping[str, str], body: bytes) -> says.GatewayEvent:
        if {name.lower(): value for name, value in headers.items()}.get("signed") != "yes":
            raise says.ForgedCallback("nobody signed this")
        return msgspec.json.decode(body, type=says.GatewayEvent)


def told_of_money_going_back(payer: UUID) -> list[str]:
    """The amounts of which somebody was told that they go back by themselves, in the order they were."""
    said: LiteralString = (
        "SELECT values ->> 'amount' FROM notify_message WHERE party = %s AND template = 'payment_goes_back' ORDER BY id"
    )
    return [row[0] for row in as_the_house(said, payer)]
