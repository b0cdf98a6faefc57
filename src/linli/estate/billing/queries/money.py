"""The company's cash book: every movement of money through a till, a bank or the platform, and what it was for.

What only moves within the house (a wallet pays a bill, a deposit is kept for fees) is no movement of money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from linli.estate.billing.rules import Channel, Purpose, SubjectKind, add_months
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger.rules import property_book
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_ROWS = 5_000
MOST_MOVES = 200_000
TILLS = ("desk_cash", "own_bank", "due_from_platform")
"""The accounts of a company's book on which money comes and goes."""


@dataclass(frozen=True, slots=True)
class MoneySum:
    """What came in and went back within a month for a purpose, by one way."""

    month: date
    purpose: Purpose
    channel: Channel
    moves: int
    came: Money
    back: Money

    @property
    def net(self) -> Money:
        return self.came - self.back


@dataclass(frozen=True, slots=True)
class MoneyMove:
    """One movement: above nothing it came, below it went back. `document` names it in the ledger."""

    at: datetime
    purpose: Purpose
    channel: Channel
    number: str
    subject: UUID
    kind: SubjectKind | None
    """None where it is somebody's wallet; `subject` is then the person."""
    home: HomeId | None
    amount: Money
    document: str


_WITHIN: LiteralString = """
    WHERE m.community = ANY(%s::uuid[])
      AND m.at >= places_midnight(m.community, %s) AND m.at < places_midnight(m.community, %s)
"""


@dataclass(frozen=True, slots=True)
class CashBook:
    """The cash book of one module, as a SELECT of its tables: community, at, purpose, channel, number, subject,
    subject_kind, home, minor and document of each movement. Every module's is summed and listed alike."""

    moves: LiteralString

    @property
    def _within(self) -> LiteralString:
        return " FROM (" + self.moves + ") m" + _WITHIN

    def sums(
        self, scope: Scope, *, communities: Sequence[CommunityId], since: date, until: date
    ) -> tuple[MoneySum, ...]:
        """This will sum what came in and went back in the months from one to another (both with it)."""
        rows = sql.fetch(
            "SELECT date_trunc('month', places_day(m.community, m.at))::date, m.purpose, m.channel, count(*),"
            " coalesce(sum(m.minor) FILTER (WHERE m.minor > 0), 0)::bigint,"
            " -coalesce(sum(m.minor) FILTER (WHERE m.minor < 0), 0)::bigint"
            + self._within
            + " GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3 LIMIT %s",
            _reach(scope, communities),
            since,
            add_months(until, 1),
            MOST_ROWS,
        )
        return tuple(
            MoneySum(month, Purpose(purpose), Channel(channel), number, Money(came), Money(back))
            for month, purpose, channel, number, came, back in rows
        )

    def movements(
        self,
        scope: Scope,
        *,
        communities: Sequence[CommunityId],
        since: date,
        until: date,
        purpose: Purpose | None,
        channel: Channel | None,
        limit: int,
    ) -> tuple[MoneyMove, ...]:
        """This will list the movements behind the sums, the latest first."""
        rows = sql.fetch(
            "SELECT m.at, m.purpose, m.channel, m.number, m.subject, m.subject_kind, m.home, m.minor, m.document"
            + self._within
            + " AND (%s = '' OR m.purpose = %s) AND (%s = '' OR m.channel = %s)"
            " ORDER BY m.at DESC, m.document DESC LIMIT %s",
            _reach(scope, communities),
            since,
            add_months(until, 1),
            *2 * [purpose.value if purpose else ""],
            *2 * [channel.value if channel else ""],
            min(limit, MOST_MOVES),
        )
        return tuple(_move(row) for row in rows)


_BOOK = CashBook("""
    SELECT r.community, r.received_at AS at, CASE WHEN t.id IS NULL THEN 'bills' ELSE 'months_ahead' END AS purpose,
           r.channel, r.number, r.subject, r.subject_kind, r.home, r.amount_minor AS minor,
           CASE WHEN t.id IS NOT NULL THEN 'term:' || t.id WHEN p.id IS NOT NULL THEN 'bill_payment:' || p.id
                ELSE 'receipt:' || r.id END AS document
    FROM billing_receipt r LEFT JOIN billing_term t ON t.receipt_id = r.id
    LEFT JOIN billing_payment p ON p.collection = r.collection
    WHERE r.channel IN ('cash', 'pos', 'qr', 'bank', 'online')
    UNION ALL
    SELECT g.community, g.repaid_at, CASE WHEN t.id IS NULL THEN 'bills' ELSE 'months_ahead' END, g.channel,
           g.number, r.subject, r.subject_kind, r.home, -g.amount_minor, 'repayment:' || g.id
    FROM billing_repayment g JOIN billing_receipt r ON r.id = g.receipt_id
    LEFT JOIN billing_term t ON t.receipt_id = r.id
    WHERE g.channel IN ('cash', 'bank', 'online')
    UNION ALL
    SELECT e.community, e.happened_at, 'deposits', e.channel, d.number, d.subject, d.subject_kind, d.home,
           CASE e.verb WHEN 'take' THEN e.amount_minor ELSE -e.amount_minor END, 'deposit:' || d.id
    FROM billing_deposit_entry e JOIN billing_deposit d ON d.id = e.deposit_id
    WHERE e.verb IN ('take', 'return') AND e.channel IN ('cash', 'pos', 'qr', 'bank', 'online')
    UNION ALL
    SELECT e.community, e.happened_at, 'wallets', e.channel, e.number, e.person, '', NULL, e.amount_minor, e.document
    FROM billing_wallet_entry e
    WHERE e.verb IN ('top_up', 'refund') AND e.channel IN ('cash', 'pos', 'qr', 'bank', 'online')
""")


@query
def money_sums(scope: Scope, *, communities: Sequence[CommunityId], since: date, until: date) -> tuple[MoneySum, ...]:
    """This will sum what came in and went back in the months from one to another (both with it), the latest first."""
    return _BOOK.sums(scope, communities=communities, since=since, until=until)


@query
def money_moves(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    since: date,
    until: date,
    purpose: Purpose | None = None,
    channel: Channel | None = None,
    limit: int = 200,
) -> tuple[MoneyMove, ...]:
    """This will list the movements behind the sums, the latest first."""
    return _BOOK.movements(
        scope, communities=communities, since=since, until=until, purpose=purpose, channel=channel, limit=limit
    )


@query
def booked_money(
    scope: Scope, *, company: PartyId, community: CommunityId, since: date, until: date
) -> dict[str, Money]:
    """This will tell what the company's book says of each document that moved money in these months, as the community
    counts its days; what moved in the company's other communities is among it."""
    if not scope.is_inside and (scope.company != company or community not in scope.communities):
        raise NotFound("community")
    rows = sql.fetch(
        "SELECT document, minor FROM ledger_moved(%s, %s, places_midnight(%s, %s), places_midnight(%s, %s))"
        " WHERE minor <> 0 LIMIT %s",
        property_book(company),
        list(TILLS),
        community,
        since,
        community,
        add_months(until, 1),
        MOST_MOVES,
    )
    return {document: Money(minor) for document, minor in rows}


def _move(row: tuple[Any, ...]) -> MoneyMove:
    at, purpose, channel, number, subject, kind, home, minor, document = row
    return MoneyMove(
        at,
        Purpose(purpose),
        Channel(channel),
        number,
        subject,
        SubjectKind(kind) if kind else None,
        home,
        Money(minor),
        document,
    )


def _reach(scope: Scope, communities: Sequence[CommunityId]) -> str:
    return sql.as_ids(each for each in communities if each in scope.communities)
