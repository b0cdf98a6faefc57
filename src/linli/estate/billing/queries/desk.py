"""What the desk asks: the bills of a community, and the account of a home with its running balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from linli.estate.billing.queries.bills import CARD, BillCard, LineCard, bill_card, line_card
from linli.estate.billing.rules import SubjectKind
from linli.ground.places import queries as places
from linli.kernel.ids import BillId, CommunityId, HomeId, ItemId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_BILLS = 20_000
MOST_ENTRIES = 500


class Standing(StrEnum):
    """How far a bill is paid."""

    OPEN = "open"
    LATE = "late"
    PAID = "paid"


class BillOrder(StrEnum):
    """By what a list of bills is sorted."""

    NEWEST = "newest"
    AMOUNT = "amount"
    OPEN = "open"
    DUE = "due"


_KEYS = {
    BillOrder.AMOUNT: "s.amount",
    BillOrder.OPEN: "s.open",
    BillOrder.DUE: "coalesce(s.due_on, DATE '1900-01-01')",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of an account: a line that is owed or money that went back (above nothing), or that came (below)."""

    at: datetime
    what: str
    """`line`, `receipt`, or `repayment` of one."""
    id: str
    """Of the bill, or of the receipt."""
    name: dict[str, str]
    kind: str
    start_on: date | None
    end_on: date | None
    number: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that is not wholly paid, with who owes it."""

    line: LineCard
    obligor: PartyId
    bill: BillId


@dataclass(frozen=True, slots=True)
class AccountPage:
    """All that was ever charged and paid for a home, the latest first, and what is open now."""

    subject: UUID
    kind: SubjectKind
    home: HomeId | None
    door: str
    community: CommunityId
    entries: tuple[Entry, ...]
    open_lines: tuple[OpenLine, ...]
    open: Money
    kept: Money
    """What was paid in advance, kept for bills to come."""

    @property
    def elsewhere(self) -> Money:
        """What was paid here for months ahead, or into a wallet: neither open nor kept, and in the balance."""
        return self.open - self.kept - self.entries[0].balance if self.entries else Money.zero


_ENTRIES = """
    WITH moved AS (
        SELECT l.issued_at AS at, 'line' AS what, b.id::text AS id, l.id AS nth, i.name, l.kind, l.start_on, l.end_on,
               b.number, l.amount_minor AS minor
        FROM billing_bill b JOIN billing_line l ON l.bill_id = b.id JOIN billing_item i ON i.id = l.item_id
        WHERE (b.home = %s OR (b.home IS NULL AND b.subject = %s)) AND b.community = %s
        UNION ALL
        SELECT r.received_at, 'receipt', r.id::text, 0, '{}'::jsonb, r.channel, NULL, NULL, r.number, -r.amount_minor
        FROM billing_receipt r
        WHERE (r.home = %s OR (r.home IS NULL AND r.subject = %s)) AND r.community = %s
        UNION ALL
        SELECT g.repaid_at, 'repayment', r.id::text, 0, '{}'::jsonb, g.channel, NULL, NULL, g.number, g.amount_minor
        FROM billing_receipt r JOIN billing_repayment g ON g.receipt_id = r.id
        WHERE (r.home = %s OR (r.home IS NULL AND r.subject = %s)) AND r.community = %s
    )
    SELECT at, what, id, name, kind, start_on, end_on, number, minor,
           (sum(minor) OVER (ORDER BY at, what, nth, id))::bigint AS balance
    FROM moved ORDER BY at DESC, what DESC, nth DESC, id DESC LIMIT %s
"""
_OPEN_LINES = """
    SELECT l.id, i.name, l.kind, l.start_on, l.end_on, l.due_on, l.amount_minor, l.paid_minor, l.credited_minor,
           l.credits_id, i.payable_online, l.subject, l.subject_kind, l.reason, t.preset, t.start_on,
           l.obligor, l.bill_id
    FROM billing_line l JOIN billing_item i ON i.id = l.item_id LEFT JOIN billing_tariff t ON t.id = l.tariff_id
    WHERE l.community = %s AND (l.home = %s OR (l.home IS NULL AND l.subject = %s)) AND l.is_open
    ORDER BY l.due_on, l.id LIMIT 500
"""

_OPEN_OF_MANY = """
    SELECT l.id, i.name, l.kind, l.start_on, l.end_on, l.due_on, l.amount_minor, l.paid_minor, l.credited_minor,
           l.credits_id, i.payable_online, l.subject, l.subject_kind, l.reason, '', NULL::date, l.obligor, l.bill_id,
           coalesce(l.home, l.subject)
    FROM billing_line l JOIN billing_item i ON i.id = l.item_id
    WHERE l.community = %s AND (l.home = ANY(%s::uuid[]) OR (l.home IS NULL AND l.subject = ANY(%s::uuid[])))
      AND l.is_open
    ORDER BY l.due_on, l.id LIMIT %s
"""


@query
def bills(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    on: date,
    month: date | None = None,
    standing: Standing | None = None,
    homes: Sequence[HomeId] | None = None,
    number: str = "",
    issued: date | None = None,
    item: ItemId | None = None,
    order: BillOrder = BillOrder.NEWEST,
    is_rising: bool = False,
    after: BillId | None = None,
    limit: int = 50,
) -> tuple[BillCard, ...]:
    """This will list bills of communities, the latest first or as `order` says: of a month, of homes, the open ones.

    `issued` and `item` leave those with a line of that item that went out in that month: what a report's figure sums.
    """
    within = [each for each in communities if each in scope.communities]
    going_on, by = _order(order, is_rising=is_rising)
    rows = sql.fetch(
        CARD + " WHERE b.community = ANY(%s::uuid[]) AND (%s::uuid IS NULL OR " + going_on + ")"
        " AND (%s::date IS NULL OR s.month = %s)"
        " AND (%s::uuid[] IS NULL OR b.home = ANY(%s::uuid[])) AND (%s = '' OR b.number = %s)"
        " AND (%s::date IS NULL OR EXISTS (SELECT FROM billing_line x WHERE x.bill_id = b.id AND x.credits_id IS NULL"
        "     AND date_trunc('month', places_day(x.community, x.issued_at))::date = %s"
        "     AND (%s::uuid IS NULL OR x.item_id = %s)))"
        " AND CASE %s WHEN 'open' THEN s.open > 0 WHEN 'late' THEN s.open > 0 AND s.due_on < %s"
        "     WHEN 'paid' THEN s.open = 0 ELSE true END"
        " ORDER BY " + by + " LIMIT %s",
        sql.as_ids(within),
        after,
        after,
        month,
        month,
        None if homes is None else sql.as_ids(homes),
        None if homes is None else sql.as_ids(homes),
        number,
        number,
        issued,
        issued,
        item,
        item,
        standing.value if standing else "",
        on,
        min(limit, MOST_BILLS),
    )
    return tuple(bill_card(row) for row in rows)


def _order(order: BillOrder, *, is_rising: bool) -> tuple[str, str]:
    """What comes after the bill where a page ended, whose id is one `%s`, and by what all are sorted."""
    key = _KEYS.get(order)
    if key is None:
        return "b.id < %s", "b.id DESC"
    than, way = (">", "ASC") if is_rising else ("<", "DESC")
    there = "(SELECT " + key + ", b.id " + CARD[CARD.index("FROM billing_bill") :] + " WHERE b.id = %s)"
    return "(" + key + ", b.id) " + than + " " + there, key + " " + way + ", b.id " + way


@query
def account_page(scope: Scope, *, subject: UUID) -> AccountPage:
    """This will show the account of a home, or of a space or a contract of no home."""
    community, kind, door = _where(scope, subject)
    of = (subject, subject, community)
    entries = sql.fetch(_ENTRIES, *of, *of, *of, MOST_ENTRIES)
    opened = sql.fetch(_OPEN_LINES, community, subject, subject)
    ((kept,),) = sql.fetch(
        "SELECT coalesce(sum(rest_minor), 0)::bigint FROM billing_receipt"
        " WHERE community = %s AND (home = %s OR (home IS NULL AND subject = %s)) AND rest_minor > 0",
        community,
        subject,
        subject,
    )
    lines = tuple(OpenLine(line_card(row[:16]), row[16], row[17]) for row in opened)
    return AccountPage(
        subject,
        kind,
        HomeId(subject) if kind is SubjectKind.HOME else None,
        door,
        community,
        tuple(_entry(row) for row in entries),
        lines,
        Money.total(each.line.open for each in lines),
        Money(kept),
    )


@query
def open_accounts(scope: Scope, *, community: CommunityId, subjects: Sequence[UUID]) -> list[AccountPage]:
    """This will tell what is open of many homes at once, without their movements."""
    if community not in scope.communities:
        raise NotFound("account")
    wanted = list(dict.fromkeys(subjects))
    rows = sql.fetch(_OPEN_OF_MANY, community, sql.as_ids(wanted), sql.as_ids(wanted), MOST_BILLS)
    cards = places.homes(HomeId(each) for each in wanted)
    of: dict[UUID, list[OpenLine]] = {}
    for row in rows:
        of.setdefault(row[18], []).append(OpenLine(line_card(row[:16]), row[16], row[17]))
    found = []
    for each in wanted:
        lines, home = tuple(of.get(each, ())), HomeId(each)
        card = cards.get(home)
        kind = SubjectKind.HOME if card else SubjectKind(lines[0].line.subject_kind) if lines else SubjectKind.SPACE
        total = Money.total(line.line.open for line in lines)
        door = card.door if card else ""
        found.append(AccountPage(each, kind, home if card else None, door, community, (), lines, total, Money.zero))
    return found


def _where(scope: Scope, subject: UUID) -> tuple[CommunityId, SubjectKind, str]:
    """The community of what is charged, and what it is; where the asker does not work, it does not exist."""
    home = places.homes([HomeId(subject)]).get(HomeId(subject))
    found = None if home is None else (home.community, SubjectKind.HOME.value)
    if found is None:
        found = sql.fetch_one(
            "SELECT community, subject_kind FROM billing_assignment WHERE subject = %s"
            " UNION ALL SELECT community, subject_kind FROM billing_bill WHERE subject = %s AND home IS NULL LIMIT 1",
            subject,
            subject,
        )
    if found is None or found[0] not in scope.communities:
        raise NotFound("account")
    return CommunityId(found[0]), SubjectKind(found[1]), home.door if home else ""


def _entry(row: tuple[Any, ...]) -> Entry:
    at, what, id_, name, kind, start_on, end_on, number, minor, balance = row
    return Entry(at, what, id_, sql.from_json(name), kind, start_on, end_on, number, Money(minor), Money(balance))
