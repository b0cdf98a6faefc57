"""Receipts: money that came in, what it paid, and what is kept for bills to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.rules import Channel, LineKind, SubjectKind
from linli.kernel.ids import BillId, CommunityId, HomeId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_RECEIPTS = 200
MOST_LINES = 1_000


@dataclass(frozen=True, slots=True)
class ReceiptCard:
    """A receipt in a list."""

    receipt: ReceiptId
    number: str
    channel: Channel
    received_at: datetime
    amount: Money
    kept: Money
    """What it did not pay, kept for bills to come."""
    subject: UUID
    kind: SubjectKind
    home: HomeId | None
    community: CommunityId
    company: PartyId
    payer: PartyId | None
    taken_by: PartyId | None


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """So much of a receipt paid so much of a line."""

    bill: BillId
    bill_number: str
    line: int
    name: dict[str, str]
    kind: LineKind
    start_on: date
    end_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    card: ReceiptCard
    lines: tuple[ReceiptLine, ...]


CARD = """
    SELECT r.id, r.number, r.channel, r.received_at, r.amount_minor, r.rest_minor, r.subject, r.subject_kind, r.home,
           r.community, r.company, r.payer, r.taken_by
    FROM billing_receipt r
"""
_LINES = """
    SELECT b.id, b.number, l.id, i.name, l.kind, l.start_on, l.end_on, a.amount_minor
    FROM billing_allocation a JOIN billing_line l ON l.id = a.line_id JOIN billing_bill b ON b.id = l.bill_id
    JOIN billing_item i ON i.id = l.item_id
    WHERE a.receipt_id = %s ORDER BY a.id LIMIT %s
"""


@query
def my_receipts(scope: Scope, *, after: ReceiptId | None = None, limit: int = 24) -> tuple[ReceiptCard, ...]:
    """This will list what the person who asks has paid, the latest first."""
    rows = sql.fetch(
        CARD + " WHERE r.payer = %s AND (%s::uuid IS NULL OR r.id < %s) ORDER BY r.id DESC LIMIT %s",
        scope.person,
        after,
        after,
        min(limit, MOST_RECEIPTS),
    )
    return tuple(receipt_card(row) for row in rows)


@query
def receipt_page(scope: Scope, *, receipt: ReceiptId) -> ReceiptPage:
    """This will show a receipt to its payer and to the staff of its community."""
    row = sql.fetch_one(
        CARD + " WHERE r.id = %s AND (r.payer = %s OR r.community = ANY(%s::uuid[]))",
        receipt,
        scope.person,
        sql.as_ids(scope.communities),
    )
    if row is None:
        raise NotFound("receipt")
    lines = tuple(
        ReceiptLine(BillId(bill), number, line, sql.from_json(name), LineKind(kind), start_on, end_on, Money(minor))
        for bill, number, line, name, kind, start_on, end_on, minor in sql.fetch(_LINES, receipt, MOST_LINES)
    )
    return ReceiptPage(receipt_card(row), lines)


def receipt_card(row: tuple[Any, ...]) -> ReceiptCard:
    """This will read a row of `CARD`."""
    receipt, number, channel, received_at, amount, kept, subject, kind, home, *rest = row
    return ReceiptCard(
        ReceiptId(receipt),
        number,
        Channel(channel),
        received_at,
        Money(amount),
        Money(kept),
        subject,
        SubjectKind(kind),
        home,
        *rest,
    )
