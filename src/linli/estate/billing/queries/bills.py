"""Bills: lists of them, and one with its lines, why each of them, and what was paid of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.queries.late import why_late
from linli.estate.billing.queries.receipts import GivenBack, given_back
from linli.estate.billing.queries.why import Why, why_of
from linli.estate.billing.rules import Channel, LineKind, SubjectKind
from linli.kernel.ids import BillId, CommunityId, HomeId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_BILLS = 200
MOST_LINES = 500
MONTHS_BACK = 12


@dataclass(frozen=True, slots=True)
class BillCard:
    """A bill in a list. `month` is that with which it went out, of a single occasion that of its days; `names` are
    those of its items."""

    bill: BillId
    number: str
    month: date
    issued_at: datetime
    subject: UUID
    kind: SubjectKind
    home: HomeId | None
    community: CommunityId
    obligor: PartyId
    amount: Money
    open: Money
    due_on: date | None
    names: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line of a bill and why it costs what it does. A credit names the line that it credits."""

    line: int
    name: dict[str, str]
    kind: LineKind
    start_on: date
    end_on: date
    due_on: date
    amount: Money
    paid: Money
    credited: Money
    credits: int | None
    is_online: bool
    subject: UUID
    subject_kind: SubjectKind
    why: Why
    nights: int = 0
    """So many nights of a late fee stand in this row together."""

    @property
    def open(self) -> Money:
        return Money.zero if self.credits else self.amount - self.paid - self.credited


@dataclass(frozen=True, slots=True)
class PaidBy:
    """So much of a bill was paid by a receipt, before anything of it went back."""

    receipt: ReceiptId
    number: str
    channel: Channel
    received_at: datetime
    amount: Money


@dataclass(frozen=True, slots=True)
class BillPage:
    """A bill with everything on it; beside that of a month, `earlier` is what the home cost this obligor by months.

    What is paid of its lines is what `paid_by` sums to, less what was `given_back`.
    """

    card: BillCard
    lines: tuple[LineCard, ...]
    paid_by: tuple[PaidBy, ...]
    given_back: tuple[GivenBack, ...]
    earlier: tuple[tuple[date, Money], ...]


# A resident sees no month of the company's; the number of a bill begins with it.
CARD = """
    SELECT b.id, b.number, CASE WHEN b.month_id IS NULL THEN s.month ELSE to_date(left(b.number, 6), 'YYYYMM') END,
           b.issued_at, b.subject, b.subject_kind, b.home, b.community, b.obligor,
           s.amount, s.open, s.due_on, s.names
    FROM billing_bill b CROSS JOIN LATERAL (
        SELECT date_trunc('month', min(l.start_on))::date AS month, sum(l.amount_minor)::bigint AS amount,
               coalesce(sum(l.amount_minor - l.paid_minor - l.credited_minor)
                            FILTER (WHERE l.credits_id IS NULL), 0)::bigint AS open,
               min(l.due_on) FILTER (WHERE l.is_open)
                   AS due_on,
               jsonb_agg(DISTINCT i.name) AS names
        FROM billing_line l JOIN billing_item i ON i.id = l.item_id WHERE l.bill_id = b.id
    ) s
"""
# The months of a late fee, and what was credited of them, are one row each: a year of nights is one line to read.
_LINES = """
    WITH line AS MATERIALIZED (
        SELECT l.*, CASE WHEN l.kind = 'late_fee' THEN l.late_of_id ELSE c.late_of_id END AS fee_of
        FROM billing_line l LEFT JOIN billing_line c ON c.id = l.credits_id WHERE l.bill_id = %s
    ), shown AS (
        SELECT id, item_id, tariff_id, kind, start_on, end_on, due_on, amount_minor, paid_minor, credited_minor,
               credits_id, subject, subject_kind, reason, NULL::bigint AS fee_of, 0 AS nights
        FROM line WHERE fee_of IS NULL
        UNION ALL
        SELECT min(id), item_id, tariff_id, kind, min(start_on), max(end_on), max(due_on), sum(amount_minor)::bigint,
               sum(paid_minor)::bigint, sum(credited_minor)::bigint, min(credits_id), subject, subject_kind,
               CASE WHEN kind = 'credit' THEN min(reason::text)::jsonb ELSE '{}' END, fee_of,
               greatest(max(end_on) - min(start_on), 1)
        FROM line WHERE fee_of IS NOT NULL GROUP BY item_id, tariff_id, kind, subject, subject_kind, fee_of
    )
    SELECT l.id, i.name, l.kind, l.start_on, l.end_on, l.due_on, l.amount_minor, l.paid_minor, l.credited_minor,
           l.credits_id, i.payable_online, l.subject, l.subject_kind, l.reason, t.preset, t.start_on, l.fee_of, l.nights
    FROM shown l JOIN billing_item i ON i.id = l.item_id LEFT JOIN billing_tariff t ON t.id = l.tariff_id
    ORDER BY coalesce(l.fee_of, l.credits_id, l.id), l.fee_of IS NOT NULL, l.id LIMIT %s
"""
# What a receipt paid is told as it was before a part of it went back; what was freed by a credit is paid no longer.
_PAID_BY = """
    WITH paid AS (
        SELECT a.receipt_id, sum(a.amount_minor) AS minor
        FROM billing_line l JOIN billing_allocation a ON a.line_id = l.id WHERE l.bill_id = %s GROUP BY a.receipt_id
    ), back AS (
        SELECT g.receipt_id, g.number, g.channel, g.repaid_at, g.amount_minor, g.why, false
        FROM paid JOIN billing_repayment g USING (receipt_id) JOIN billing_line l ON l.id = g.line WHERE l.bill_id = %s
    ), gross AS (
        SELECT receipt_id, (minor + coalesce((SELECT sum(b.amount_minor) FROM back b WHERE b.receipt_id = p.receipt_id),
                                             0))::bigint AS minor
        FROM paid p
    )
    SELECT false, r.id, r.number, r.channel, r.received_at, g.minor, '', false
    FROM gross g JOIN billing_receipt r ON r.id = g.receipt_id WHERE g.minor > 0
    UNION ALL
    SELECT true, * FROM back ORDER BY 5 DESC, 3 LIMIT %s
"""
_EARLIER = """
    SELECT date_trunc('month', l.start_on)::date, sum(l.amount_minor)::bigint
    FROM billing_bill b JOIN billing_line l ON l.bill_id = b.id
    WHERE (b.home = %s OR (b.home IS NULL AND b.subject = %s)) AND b.obligor = %s
      AND l.start_on > %s::date - interval '1 year' AND l.start_on <= %s
    GROUP BY 1 ORDER BY 1 DESC LIMIT %s
"""


@query
def my_bills(scope: Scope, *, after: BillId | None = None, limit: int = 24) -> tuple[BillCard, ...]:
    """This will list the bills of the person who asks, the latest first."""
    rows = sql.fetch(
        CARD + " WHERE b.obligor = %s AND (%s::uuid IS NULL OR b.id < %s) ORDER BY b.id DESC LIMIT %s",
        scope.person,
        after,
        after,
        min(limit, MOST_BILLS),
    )
    return tuple(bill_card(row) for row in rows)


@query
def bill_page(scope: Scope, *, bill: BillId) -> BillPage:
    """This will show a bill to whoever owes it, and to the staff of its community."""
    row = sql.fetch_one(
        CARD + " WHERE b.id = %s AND (b.obligor = %s OR b.community = ANY(%s::uuid[]))",
        bill,
        scope.person,
        sql.as_ids(scope.communities),
    )
    if row is None:
        raise NotFound("bill")
    card = bill_card(row)
    account, lines = card.home or card.subject, _lines(bill)
    is_monthly = any(line.kind is LineKind.CHARGE for line in lines)
    months = (account, account, card.obligor, card.month, card.month, MONTHS_BACK)
    earlier = sql.fetch(_EARLIER, *months) if is_monthly else []
    moved = sql.fetch(_PAID_BY, bill, bill, MOST_LINES)
    came, back = ([row[1:] for row in moved if row[0] is is_back] for is_back in (False, True))
    return BillPage(
        card,
        lines,
        tuple(PaidBy(ReceiptId(id_), number, Channel(by), at, Money(minor)) for id_, number, by, at, minor, *_ in came),
        tuple(given_back(row) for row in back),
        tuple((month, Money(amount)) for month, amount in reversed(earlier)),
    )


def _lines(bill: BillId) -> tuple[LineCard, ...]:
    """The lines of a bill; late fees are worked out anew beside their sum."""
    rows = sql.fetch(_LINES, bill, MOST_LINES)
    late = why_late({row[16]: (row[17], row[4]) for row in rows if row[2] == LineKind.LATE_FEE.value})
    cards = []
    for row in rows:
        card = line_card(row[:16])
        if card.kind is LineKind.LATE_FEE:
            card = replace(card, nights=row[17], why=replace(card.why, late=late.get(row[16])))
        cards.append(card)
    return tuple(cards)


def bill_card(row: tuple[Any, ...]) -> BillCard:
    """This will read a row of `CARD`."""
    bill, number, month, issued_at, subject, kind, home, community, obligor, amount, open_, due_on, names = row
    return BillCard(
        BillId(bill),
        number,
        month,
        issued_at,
        subject,
        SubjectKind(kind),
        home,
        community,
        obligor,
        Money(amount),
        Money(open_),
        due_on,
        tuple(sql.from_json(names)),
    )


def line_card(row: tuple[Any, ...]) -> LineCard:
    """This will read a line with its item and its tariff."""
    line, name, kind, start_on, end_on, due_on, amount, paid, credited, credits_, online, subject, of, reason = row[:14]
    return LineCard(
        line,
        sql.from_json(name),
        LineKind(kind),
        start_on,
        end_on,
        due_on,
        Money(amount),
        Money(paid),
        Money(credited),
        credits_,
        online,
        subject,
        SubjectKind(of),
        why_of(sql.from_json(reason), preset=row[14] or "", since=row[15]),
    )
