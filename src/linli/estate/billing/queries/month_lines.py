"""A month line by line: what its draft would bill or cannot, or what went out; the whole of it, for a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.estate.billing.rules import MonthState, SubjectKind
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A line of a month; one that cannot be worked out says by `stop` and `about` why, and comes to nothing."""

    subject: UUID
    kind: SubjectKind
    obligor: PartyId | None
    name: dict[str, str]
    start_on: date
    end_on: date
    due_on: date | None
    amount: Money
    stop: str
    about: str


_MONTH = "SELECT id, state FROM billing_month WHERE community = %s AND first_on = %s"
_DRAFTED = """
    SELECT d.subject, d.subject_kind, d.obligor, i.name, d.start_on, d.end_on, d.due_on, d.amount_minor, d.stop, d.about
    FROM billing_draft d JOIN billing_item i ON i.id = d.item_id
    WHERE d.month_id = %s ORDER BY d.subject, i.priority, d.id LIMIT %s
"""
_ISSUED = """
    SELECT l.subject, l.subject_kind, l.obligor, i.name, l.start_on, l.end_on, l.due_on, l.amount_minor, '', ''
    FROM billing_bill b JOIN billing_line l ON l.bill_id = b.id JOIN billing_item i ON i.id = l.item_id
    WHERE b.month_id = %s ORDER BY l.subject, i.priority, l.id LIMIT %s
"""


@query
def month_lines(
    scope: Scope, *, community: CommunityId, first_on: date, limit: int = MOST_LINES
) -> tuple[MonthLine, ...]:
    """This will list every line of a month, home by home: of its draft while it is open, else of its bills."""
    if community not in scope.communities:
        raise NotFound("community")
    found = sql.fetch_one(_MONTH, community, first_on)
    if found is None:
        raise NotFound("month")
    month, state = found
    rows = sql.fetch(_DRAFTED if state == MonthState.OPEN.value else _ISSUED, month, min(limit, MOST_LINES))
    return tuple(
        MonthLine(
            subject,
            SubjectKind(kind),
            obligor,
            sql.from_json(name),
            start_on,
            end_on,
            due_on,
            Money(minor),
            stop,
            about,
        )
        for subject, kind, obligor, name, start_on, end_on, due_on, minor, stop, about in rows
    )
