"""Everything that a person was charged and paid, for them to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from linli.estate.billing.models import Deposit, Invoice, Line, Receipt
from linli.kernel.money import Money
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 5_000


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A line of a bill."""

    bill: str
    item: dict[str, str]
    kind: str
    start_on: date
    end_on: date
    due_on: date
    amount: Money
    paid: Money
    credited: Money


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """Money that somebody paid."""

    number: str
    channel: str
    amount: Money
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DepositRecord:
    """A deposit, and what became of it."""

    title: dict[str, str]
    state: str
    amount: Money
    deducted: Money
    returned: Money
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """An invoice that was asked for."""

    title: str
    tax_number: str
    amount: Money
    state: str
    number: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class BillingRecords:
    """All of it, the latest first."""

    lines: tuple[LineRecord, ...]
    receipts: tuple[ReceiptRecord, ...]
    deposits: tuple[DepositRecord, ...]
    invoices: tuple[InvoiceRecord, ...]


@query
def my_billing_records(scope: Scope, *, limit: int = MOST) -> BillingRecords:
    """This will give what the asker was charged and paid, left as a deposit, and asked invoices for."""
    limit = min(limit, MOST)
    owed = Line.objects.within(scope).filter(Q(obligor=scope.person)).select_related("bill", "item").order_by("-id")
    paid = Receipt.objects.within(scope).filter(Q(payer=scope.person)).order_by("-id")
    left = Deposit.objects.within(scope).filter(Q(obligor=scope.person)).order_by("-id")
    asked = Invoice.objects.within(scope).filter(Q(payer=scope.person)).order_by("-id")
    return BillingRecords(
        lines=tuple(_line(row) for row in owed[:limit]),
        receipts=tuple(
            ReceiptRecord(row.number, row.channel, Money(row.amount_minor), row.received_at) for row in paid[:limit]
        ),
        deposits=tuple(_deposit(row) for row in left[:limit]),
        invoices=tuple(
            InvoiceRecord(row.title, row.tax_number, Money(row.amount_minor), row.state, row.number, row.asked_at)
            for row in asked[:limit]
        ),
    )


def _line(row: Line) -> LineRecord:
    return LineRecord(
        row.bill.number,
        row.item.name,
        row.kind,
        row.start_on,
        row.end_on,
        row.due_on,
        Money(row.amount_minor),
        Money(row.paid_minor),
        Money(row.credited_minor),
    )


def _deposit(row: Deposit) -> DepositRecord:
    return DepositRecord(
        row.title,
        row.state,
        Money(row.amount_minor),
        Money(row.deducted_minor),
        Money(row.returned_minor),
        row.asked_at,
    )
