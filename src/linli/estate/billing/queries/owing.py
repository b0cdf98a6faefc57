"""What a person owes: the sum that waits on their phone, and what it is owed for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.queries.bills import line_card
from linli.estate.billing.queries.desk import OpenLine
from linli.estate.billing.rules import OF_HOMES, SubjectKind
from linli.kernel.ids import CommunityId, HomeId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_ACCOUNTS = 100
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Owed:
    """What is open of a person's lines, how much of it is late, and until when the next of it should be paid."""

    amount: Money
    late: Money
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """What a person owes for a home, or for a space or a contract of no home; paid in one go."""

    subject: UUID
    kind: SubjectKind
    home: HomeId | None
    community: CommunityId
    amount: Money
    late: Money
    due_on: date
    lines: int
    is_online: bool
    """All of it may be paid on the phone; else some of it is taken at the desk only."""
    of_homes: Money
    """What of it are fees of homes, which every bucket of a wallet may pay."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What is kept of a person's payments for a home (or a space), and pays its next bills by itself."""

    subject: UUID
    kind: SubjectKind
    home: HomeId | None
    community: CommunityId
    amount: Money


_OPEN = """
    SELECT coalesce(l.home, l.subject) AS subject, CASE WHEN l.home IS NULL THEN l.subject_kind ELSE 'home' END AS kind,
           l.home, l.community, l.amount_minor - l.paid_minor - l.credited_minor AS open, l.due_on, l.kind AS line_kind,
           places_day(l.community, %s) AS today, i.payable_online
    FROM billing_line l JOIN billing_item i ON i.id = l.item_id
    WHERE l.obligor = %s AND l.is_open
"""


@query
def owed(scope: Scope, *, at: datetime) -> Owed:
    """This will tell what the person who asks owes, in all their homes."""
    ((amount, late, due_on),) = sql.fetch(
        "SELECT coalesce(sum(o.open), 0)::bigint, coalesce(sum(o.open) FILTER (WHERE o.due_on < o.today), 0)::bigint,"
        " min(o.due_on) FROM (" + _OPEN + ") o",
        at,
        scope.person,
    )
    return Owed(Money(amount), Money(late), due_on)


@query
def accounts(scope: Scope, *, at: datetime) -> tuple[Account, ...]:
    """This will tell what the person who asks owes, home by home, the most urgent first."""
    rows = sql.fetch(
        "SELECT o.subject, o.kind, o.home, o.community, sum(o.open)::bigint,"
        " coalesce(sum(o.open) FILTER (WHERE o.due_on < o.today), 0)::bigint, min(o.due_on), count(*),"
        " bool_and(o.payable_online), coalesce(sum(o.open) FILTER (WHERE o.line_kind = ANY(%s)), 0)::bigint"
        " FROM (" + _OPEN + ") o"
        " GROUP BY o.subject, o.kind, o.home, o.community ORDER BY min(o.due_on), o.subject LIMIT %s",
        sorted(OF_HOMES),
        at,
        scope.person,
        MOST_ACCOUNTS,
    )
    return tuple(_account(row) for row in rows)


_LEFT = """
    SELECT community FROM (
        (SELECT community, 0 AS rank FROM billing_line
         WHERE obligor = %s AND is_open ORDER BY due_on LIMIT 1)
        UNION ALL (SELECT community, 1 FROM billing_wallet WHERE person = %s AND balance_minor > 0 LIMIT 1)
        UNION ALL (SELECT community, 2 FROM billing_bill WHERE obligor = %s ORDER BY id DESC LIMIT 1)
    ) found ORDER BY rank LIMIT 1
"""


@query
def left_behind(scope: Scope) -> CommunityId | None:
    """This will name the community in which a person who lives nowhere owes something still, or keeps money, or was
    billed last: whoever sold a home pays what is open, and finds their receipts, as before."""
    row = sql.fetch_one(_LEFT, scope.person, scope.person, scope.person)
    return None if row is None else CommunityId(row[0])


_MINE = """
    SELECT l.id, i.name, l.kind, l.start_on, l.end_on, l.due_on, l.amount_minor, l.paid_minor, l.credited_minor,
           l.credits_id, i.payable_online, l.subject, l.subject_kind, l.reason, '', NULL::date, l.obligor, l.bill_id
    FROM billing_line l JOIN billing_item i ON i.id = l.item_id
    WHERE l.obligor = %s AND l.is_open AND coalesce(l.home, l.subject) = %s ORDER BY l.due_on, l.id LIMIT %s
"""


@query
def my_credit(scope: Scope) -> tuple[Credit, ...]:
    """This will tell what is kept for the next bills of the person who asks: too much once paid, or brought along."""
    rows = sql.fetch(
        "SELECT subject, subject_kind, home, community, sum(rest_minor)::bigint FROM billing_receipt"
        " WHERE keeper = %s AND rest_minor > 0"
        " GROUP BY subject, subject_kind, home, community ORDER BY subject LIMIT %s",
        scope.person,
        MOST_ACCOUNTS,
    )
    return tuple(
        Credit(subject, SubjectKind(kind), home, community, Money(minor))
        for subject, kind, home, community, minor in rows
    )


@query
def my_open_lines(scope: Scope, *, subject: UUID) -> tuple[OpenLine, ...]:
    """This will tell line by line what the person who asks owes for a home, or for a space or a contract of no home."""
    rows = sql.fetch(_MINE, scope.person, subject, MOST_LINES)
    return tuple(OpenLine(line_card(row[:16]), row[16], row[17]) for row in rows)


def _account(row: tuple[Any, ...]) -> Account:
    subject, kind, home, community, amount, late, due_on, lines, is_online, fees = row
    of, sums = SubjectKind(kind), (Money(amount), Money(late))
    return Account(subject, of, home, community, *sums, due_on, lines, is_online, Money(fees))
