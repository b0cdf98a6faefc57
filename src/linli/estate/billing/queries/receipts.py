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
    """So much of a receipt paid so much of a line, before anything of it went back."""

    bill: BillId
    bill_number: str
    line: int
    name: dict[str, str]
    kind: LineKind
    start_on: date
    end_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class GivenBack:
    """So much of a receipt went back, under a number of its own: when, by what way, and what the desk wrote down."""

    receipt: ReceiptId
    number: str
    channel: Channel
    at: datetime
    amount: Money
    why: str
    is_of_rest: bool = False
    """It was kept for bills to come, and had paid no line."""


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A receipt. What its lines sum to, what is kept of it, what went back of that, and what was put elsewhere (months
    paid ahead, a wallet) are its amount."""

    card: ReceiptCard
    lines: tuple[ReceiptLine, ...]
    given_back: tuple[GivenBack, ...]

    @property
    def no_longer_kept(self) -> Money:
        """What it did not pay, and was given back."""
        return Money.total(each.amount for each in self.given_back if each.is_of_rest)

    @property
    def elsewhere(self) -> Money:
        """What of it paid months ahead, or went into a wallet."""
        paid = Money.total(line.amount for line in self.lines)
        return self.card.amount - paid - self.card.kept - self.no_longer_kept


CARD = """
    SELECT r.id, r.number, r.channel, r.received_at, r.amount_minor, r.rest_minor, r.subject, r.subject_kind, r.home,
           r.community, r.company, r.payer, r.taken_by
    FROM billing_receipt r
"""
_LINES = """
    WITH paid AS (
        SELECT a.line_id, min(a.id) AS first, sum(a.amount_minor) + coalesce(
                   (SELECT sum(g.amount_minor) FROM billing_repayment g
                    WHERE g.receipt_id = %s AND g.line = a.line_id), 0) AS minor
        FROM billing_allocation a WHERE a.receipt_id = %s GROUP BY a.line_id
    )
    SELECT b.id, b.number, l.id, i.name, l.kind, l.start_on, l.end_on, p.minor::bigint
    FROM paid p JOIN billing_line l ON l.id = p.line_id JOIN billing_bill b ON b.id = l.bill_id
    JOIN billing_item i ON i.id = l.item_id
    WHERE p.minor > 0 ORDER BY p.first LIMIT %s
"""
_BACK = """
    SELECT receipt_id, number, channel, repaid_at, amount_minor, why, line IS NULL FROM billing_repayment
    WHERE receipt_id = %s ORDER BY repaid_at DESC, id DESC LIMIT %s
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
        for bill, number, line, name, kind, start_on, end_on, minor in sql.fetch(_LINES, receipt, receipt, MOST_LINES)
    )
    return ReceiptPage(
        receipt_card(row), lines, tuple(given_back(each) for each in sql.fetch(_BACK, receipt, MOST_LINES))
    )


def given_back(row: tuple[Any, ...]) -> GivenBack:
    """This will read a repayment."""
    receipt, number, channel, at, minor, why, is_of_rest = row
    return GivenBack(ReceiptId(receipt), number, Channel(channel), at, Money(minor), why, is_of_rest)


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
