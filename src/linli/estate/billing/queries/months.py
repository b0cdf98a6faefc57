"""Months of a community: what one would come to before it goes out, and how it is collected afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.rules import MonthState, Stop, SubjectKind
from linli.kernel.ids import CommunityId, HomeId, ItemId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_MONTHS = 1_200
MOST_SHOWN = 50
FAR_BP = 3000
"""A home whose month differs from the one before by 30 % and by ten yuan is worth a look."""
FAR_LEAST = Money(1000)


@dataclass(frozen=True, slots=True)
class MonthCard:
    """A month of a community: what was issued, and how much of it is paid."""

    community: CommunityId
    first_on: date
    state: MonthState
    drafted_at: datetime | None
    issued_at: datetime | None
    closed_at: datetime | None
    bills: int
    amount: Money
    paid: Money
    credited: Money

    @property
    def open(self) -> Money:
        return self.amount - self.paid - self.credited


@dataclass(frozen=True, slots=True)
class MonthItem:
    """What an item comes to in a month, beside the month before."""

    item: ItemId
    name: dict[str, str]
    lines: int
    amount: Money
    stopped: int
    before: Money


@dataclass(frozen=True, slots=True)
class StoppedLine:
    """A charge that cannot be worked out, where and why."""

    subject: UUID
    kind: SubjectKind
    home: HomeId | None
    item: ItemId
    name: dict[str, str]
    stop: Stop
    about: str
    cost: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outlier:
    """A home whose month is far from the one before."""

    subject: UUID
    amount: Money
    before: Money


@dataclass(frozen=True, slots=True)
class MonthPage:
    """A month with its sums by item; those of a month that is not out yet are its draft's."""

    card: MonthCard
    items: tuple[MonthItem, ...]
    stopped: int
    stopped_lines: tuple[StoppedLine, ...]
    outliers: tuple[Outlier, ...]

    @property
    def amount(self) -> Money:
        return Money.total(each.amount for each in self.items)

    @property
    def before(self) -> Money:
        return Money.total(each.before for each in self.items)


_MONTHS = """
    SELECT m.id, m.community, m.first_on, m.state, m.drafted_at, m.issued_at, m.closed_at, s.bills, s.amount, s.paid,
           s.credited
    FROM billing_month m CROSS JOIN LATERAL (
        SELECT count(DISTINCT b.id) AS bills, coalesce(sum(l.amount_minor), 0)::bigint AS amount,
               coalesce(sum(l.paid_minor), 0)::bigint AS paid, coalesce(sum(l.credited_minor), 0)::bigint AS credited
        FROM billing_bill b JOIN billing_line l ON l.bill_id = b.id AND l.credits_id IS NULL WHERE b.month_id = m.id
    ) s
    WHERE m.community = %s
"""
_NOW_OF_DRAFT = (
    "SELECT item_id, coalesce(home, subject) AS account, amount_minor, stop <> '' AS is_stopped"
    " FROM billing_draft WHERE month_id = %s"
)
_NOW_OF_ISSUED = (
    "SELECT l.item_id, coalesce(l.home, l.subject) AS account, l.amount_minor, false AS is_stopped"
    " FROM billing_bill b JOIN billing_line l ON l.bill_id = b.id AND l.credits_id IS NULL WHERE b.month_id = %s"
)
_BEFORE = """
    SELECT l.item_id, coalesce(l.home, l.subject) AS account, l.amount_minor
    FROM billing_month m JOIN billing_bill b ON b.month_id = m.id
    JOIN billing_line l ON l.bill_id = b.id AND l.credits_id IS NULL
    WHERE m.community = %s AND m.first_on = %s
"""
_ITEMS = """),
    n AS (SELECT item_id, count(*) FILTER (WHERE NOT is_stopped) AS lines, sum(amount_minor)::bigint AS amount,
                 count(*) FILTER (WHERE is_stopped) AS stopped FROM now GROUP BY item_id),
    p AS (SELECT item_id, sum(amount_minor)::bigint AS amount FROM before GROUP BY item_id)
    SELECT i.id, i.name, coalesce(n.lines, 0), coalesce(n.amount, 0), coalesce(n.stopped, 0), coalesce(p.amount, 0)
    FROM billing_item i LEFT JOIN n ON n.item_id = i.id LEFT JOIN p ON p.item_id = i.id
    WHERE n.item_id IS NOT NULL OR p.item_id IS NOT NULL ORDER BY i.priority, i.word LIMIT 200
"""
_OUTLIERS = """),
    n AS (SELECT account, sum(amount_minor)::bigint AS amount FROM now GROUP BY account),
    p AS (SELECT account, sum(amount_minor)::bigint AS amount FROM before GROUP BY account)
    SELECT account, coalesce(n.amount, 0), coalesce(p.amount, 0) FROM n FULL JOIN p USING (account)
    WHERE EXISTS (SELECT FROM before)
      AND abs(coalesce(n.amount, 0) - coalesce(p.amount, 0)) >= greatest(%s, coalesce(p.amount, 0) * %s / 10000)
    ORDER BY abs(coalesce(n.amount, 0) - coalesce(p.amount, 0)) DESC, account LIMIT %s
"""
_STOPPED = """
    SELECT d.subject, d.subject_kind, d.home, d.item_id, i.name, d.stop, d.about, d.cost, count(*) OVER ()
    FROM billing_draft d JOIN billing_item i ON i.id = d.item_id
    WHERE d.month_id = %s AND d.stop <> '' ORDER BY d.stop, i.priority, d.id LIMIT %s
"""


@query
def months(scope: Scope, *, community: CommunityId, limit: int = 24) -> tuple[MonthCard, ...]:
    """This will list the months of a community, the latest first."""
    if community not in scope.communities:
        raise NotFound("community")
    rows = sql.fetch(_MONTHS + " ORDER BY m.first_on DESC LIMIT %s", community, min(limit, MOST_MONTHS))
    return tuple(_card(row) for row in rows)


@query
def month_page(scope: Scope, *, community: CommunityId, first_on: date) -> MonthPage:
    """This will show a month as it stands: its draft, or what was issued, beside the month before."""
    if community not in scope.communities:
        raise NotFound("community")
    row = sql.fetch_one(_MONTHS + " AND m.first_on = %s", community, first_on)
    if row is None:
        raise NotFound("month")
    card, month = _card(row), row[0]
    now = _NOW_OF_DRAFT if card.state is MonthState.OPEN else _NOW_OF_ISSUED
    before = rules.add_months(first_on, -1, anchor=1)
    items = sql.fetch("WITH now AS (" + now + "), before AS (" + _BEFORE + _ITEMS, month, community, before)
    outliers = sql.fetch(
        "WITH now AS (" + now + "), before AS (" + _BEFORE + _OUTLIERS,
        month,
        community,
        before,
        FAR_LEAST.minor,
        FAR_BP,
        MOST_SHOWN,
    )
    stopped = sql.fetch(_STOPPED, month, MOST_SHOWN)
    found = tuple(_item(item) for item in items)
    return MonthPage(
        card,
        found,
        stopped[0][-1] if stopped else 0,
        tuple(_stopped(line) for line in stopped),
        tuple(Outlier(subject, Money(amount), Money(was)) for subject, amount, was in outliers),
    )


def _card(row: tuple[Any, ...]) -> MonthCard:
    _month, community, first_on, state, drafted_at, issued_at, closed_at, bills, amount, paid, credited = row
    return MonthCard(
        CommunityId(community),
        first_on,
        MonthState(state),
        drafted_at,
        issued_at,
        closed_at,
        bills,
        Money(amount),
        Money(paid),
        Money(credited),
    )


def _item(row: tuple[Any, ...]) -> MonthItem:
    item, name, lines, amount, stopped, before = row
    return MonthItem(ItemId(item), sql.from_json(name), lines, Money(amount), stopped, Money(before))


def _stopped(row: tuple[Any, ...]) -> StoppedLine:
    subject, kind, home, item, name, stop, about, cost = row[:8]
    return StoppedLine(subject, SubjectKind(kind), home, ItemId(item), sql.from_json(name), Stop(stop), about, cost)
