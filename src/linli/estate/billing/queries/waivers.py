"""Waivers at the desk: what was asked for and why, and what somebody else decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.rules import BillingPolicy, LineKind, WaiverState
from linli.ground.policies.queries import policy
from linli.kernel.ids import BillId, CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class WaiverCard:
    """A waiver in a list: `asked` in all, and `waived` once it is approved."""

    waiver: UUID
    community: CommunityId
    subject: UUID
    home: HomeId | None
    state: WaiverState
    why: str
    lines: int
    asked: Money
    waived: Money
    asked_by: PartyId | None
    asked_at: datetime
    lapses_at: datetime
    decided_by: PartyId | None
    decided_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class WaivedLine:
    """A line of a waiver: what was asked of it, and what of it is open now."""

    line: int
    bill: BillId
    name: dict[str, str]
    kind: LineKind
    start_on: date
    end_on: date
    amount: Money
    open: Money
    asked: Money


@dataclass(frozen=True, slots=True)
class WaiverPage:
    card: WaiverCard
    lines: tuple[WaivedLine, ...]


_CARD = """
    SELECT w.id, w.community, w.subject, (SELECT l.home FROM billing_line l WHERE l.id = w.lines[1]), w.state, w.why,
           cardinality(w.lines), (SELECT sum(m) FROM unnest(w.minors) m)::bigint, w.waived_minor, w.asked_by,
           w.asked_at, w.lapses_at, w.decided_by, w.decided_at, w.answer
    FROM billing_waiver w WHERE w.community = ANY(%s::uuid[])
"""
_LINES = """
    SELECT l.id, l.bill_id, i.name, l.kind, l.start_on, l.end_on, l.amount_minor,
           l.amount_minor - l.paid_minor - l.credited_minor, a.minor
    FROM billing_waiver w CROSS JOIN LATERAL unnest(w.lines, w.minors) AS a (line, minor)
    JOIN billing_line l ON l.id = a.line JOIN billing_item i ON i.id = l.item_id
    WHERE w.id = %s ORDER BY l.due_on, l.id
"""


@query
def waivers(
    scope: Scope,
    *,
    community: CommunityId,
    state: WaiverState | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[WaiverCard, ...]:
    """This will list the waivers of a community, the latest first."""
    if community not in scope.communities:
        raise NotFound("community")
    rows = sql.fetch(
        _CARD + " AND (%s = '' OR w.state = %s) AND (%s::uuid IS NULL OR w.id < %s) ORDER BY w.id DESC LIMIT %s",
        [community],
        *(2 * [state.value if state else ""]),
        after,
        after,
        min(limit, MOST),
    )
    return tuple(_card(row) for row in rows)


@query
def may_approve(scope: Scope, *, community: CommunityId, asked_by: PartyId | None, at: datetime) -> bool:
    """This will tell whether the asker may approve a waiver or a plan: not their own, where the community wants two."""
    by_two = policy(scope, BillingPolicy, at=at, community=community).waived_by_two
    return asked_by != scope.person or not by_two


@query
def waivers_to_decide(scope: Scope, *, communities: Sequence[CommunityId]) -> int:
    """This will count the waivers that somebody else asked for and nobody decided on."""
    return _asked_by_others(scope, "billing_waiver", communities)


@query
def plans_to_decide(scope: Scope, *, communities: Sequence[CommunityId]) -> int:
    """This will count the instalment plans that somebody else asked for and nobody decided on."""
    return _asked_by_others(scope, "billing_plan", communities)


def _asked_by_others(scope: Scope, table: str, communities: Sequence[CommunityId]) -> int:
    among = [community for community in communities if community in scope.communities]
    row = sql.fetch_one(
        f"SELECT count(*) FROM {table} WHERE community = ANY(%s::uuid[]) AND state = 'asked'"
        " AND asked_by IS DISTINCT FROM %s",
        sql.as_ids(among),
        scope.person,
    )
    return row[0] if row else 0


@query
def waiver_page(scope: Scope, *, waiver: UUID) -> WaiverPage:
    """This will show a waiver with its lines as they stand now."""
    row = sql.fetch_one(_CARD + " AND w.id = %s", sql.as_ids(scope.communities), waiver)
    if row is None:
        raise NotFound("waiver")
    lines = tuple(
        WaivedLine(
            line, BillId(bill), sql.from_json(name), LineKind(kind), start, end, Money(all_), Money(left), Money(asked)
        )
        for line, bill, name, kind, start, end, all_, left, asked in sql.fetch(_LINES, waiver)
    )
    return WaiverPage(_card(row), lines)


def _card(row: tuple[Any, ...]) -> WaiverCard:
    id_, community, subject, home, state, why, lines, asked, waived, *decided = row
    return WaiverCard(
        id_,
        CommunityId(community),
        subject,
        home,
        WaiverState(state),
        why,
        lines,
        Money(asked),
        Money(waived),
        *decided,
    )
