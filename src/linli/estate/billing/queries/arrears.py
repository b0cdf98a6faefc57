"""Arrears: who owes what since when, how they were reminded, and how well each building is collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.rules import NoteKind, SubjectKind
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_ROWS = 20_000
MOST_NOTES = 100
MOST_COMMUNITIES = 10_000


@dataclass(frozen=True, slots=True)
class Arrear:
    """What somebody owes late for a home, by age, and what was done about it."""

    subject: UUID
    kind: SubjectKind
    home: HomeId | None
    obligor: PartyId
    amount: Money
    due_on: date
    days: int
    ages: tuple[Money, ...]
    """How much is late by up to 30, 60, 90, 180, 365 days, and more."""
    stage: int
    """The last stage of which it was reminded since then; 0: not yet. A debt that is paid begins anew."""
    reminded_at: datetime | None
    promised_on: date | None
    notes: int


@dataclass(frozen=True, slots=True)
class Note:
    """What was said or done about a debt."""

    kind: NoteKind
    text: str
    promised_on: date | None
    amount: Money | None
    written_by: PartyId | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that was sent: its stage, to whom, of how much that was due since when."""

    stage: int
    obligor: PartyId
    due_on: date
    amount: Money
    sent_at: datetime


_ARREARS = """
    WITH late AS (
        SELECT coalesce(l.home, l.subject) AS account, l.obligor, l.home, l.subject_kind, l.due_on,
               l.amount_minor - l.paid_minor - l.credited_minor AS open, %s::date - l.due_on AS days
        FROM billing_line l
        WHERE l.community = %s AND l.is_open
          AND l.due_on < %s
    ), owed AS (
        SELECT account, obligor, (array_agg(home))[1] AS home, min(subject_kind) AS kind, sum(open)::bigint AS open,
               min(due_on) AS due_on,
               ARRAY[coalesce(sum(open) FILTER (WHERE days <= 30), 0),
                     coalesce(sum(open) FILTER (WHERE days > 30 AND days <= 60), 0),
                     coalesce(sum(open) FILTER (WHERE days > 60 AND days <= 90), 0),
                     coalesce(sum(open) FILTER (WHERE days > 90 AND days <= 180), 0),
                     coalesce(sum(open) FILTER (WHERE days > 180 AND days <= 365), 0),
                     coalesce(sum(open) FILTER (WHERE days > 365), 0)]::bigint[] AS ages
        FROM late GROUP BY account, obligor
    )
    SELECT o.account, CASE WHEN o.home IS NULL THEN o.kind ELSE 'home' END, o.home, o.obligor, o.open, o.due_on, o.ages,
           r.stage, r.sent_at, n.promised_on, coalesce(n.number, 0)
    FROM owed o
    LEFT JOIN LATERAL (SELECT max(stage) AS stage, max(sent_at) AS sent_at FROM billing_reminder
                       WHERE community = %s AND subject = o.account AND obligor = o.obligor
                       AND due_on = o.due_on) r ON true
    LEFT JOIN LATERAL (SELECT max(promised_on) AS promised_on, count(*) AS number FROM billing_arrears_note
                       WHERE community = %s AND subject = o.account) n ON true
    WHERE %s::date - o.due_on >= %s AND (%s::uuid[] IS NULL OR o.account = ANY(%s::uuid[]))
    ORDER BY o.open DESC, o.account, o.obligor LIMIT %s
"""
_COLLECTED = """
    SELECT coalesce(l.home, l.subject), sum(l.amount_minor - l.credited_minor)::bigint, sum(l.paid_minor)::bigint
    FROM billing_bill b JOIN billing_line l ON l.bill_id = b.id AND l.credits_id IS NULL
    JOIN billing_month m ON m.id = b.month_id
    WHERE b.community = %s AND m.first_on >= %s AND m.first_on <= %s GROUP BY 1 LIMIT %s
"""
_COLLECTED_IN_CARE = """
    SELECT c.nth, count(DISTINCT coalesce(l.home, l.subject)), sum(l.amount_minor - l.credited_minor)::bigint,
           sum(l.paid_minor)::bigint
    FROM billing_bill b JOIN billing_line l ON l.bill_id = b.id AND l.credits_id IS NULL
    JOIN billing_month m ON m.id = b.month_id
    LEFT JOIN unnest(%s::uuid[], %s::int[], %s::date[], %s::date[]) AS c (home, nth, start_on, end_on)
        ON c.home = coalesce(l.home, l.subject) AND c.start_on <= m.first_on
        AND (c.end_on IS NULL OR m.first_on < c.end_on)
    WHERE b.community = %s AND m.first_on >= %s AND m.first_on <= %s GROUP BY 1 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class InCare:
    """A home is in somebody's care from a day on, until another one."""

    home: HomeId
    who: PartyId
    start_on: date
    end_on: date | None


@dataclass(frozen=True, slots=True)
class CollectedInCare:
    """What the homes in somebody's care owed of the months in which they were, and paid; None: of nobody's care."""

    who: PartyId | None
    homes: int
    due: Money
    paid: Money


@query
def arrears(
    scope: Scope,
    *,
    community: CommunityId,
    on: date,
    least_days: int = 1,
    homes: tuple[HomeId, ...] | None = None,
    limit: int = 100,
) -> tuple[Arrear, ...]:
    """This will list who owes what late in a community, the largest debt first."""
    if community not in scope.communities:
        raise NotFound("community")
    wanted = None if homes is None else sql.as_ids(homes)
    rows = sql.fetch(
        _ARREARS, on, community, on, community, community, on, least_days, wanted, wanted, min(limit, MOST_ROWS)
    )
    return tuple(_arrear(row, on) for row in rows)


@query
def arrears_notes(scope: Scope, *, subject: UUID, community: CommunityId) -> tuple[Note, ...]:
    """This will tell what was said and done about the debts of a home, the latest first."""
    rows = sql.fetch(
        "SELECT kind, text, promised_on, amount_minor, written_by, written_at FROM billing_arrears_note"
        " WHERE community = %s AND subject = %s AND community = ANY(%s::uuid[]) ORDER BY id DESC LIMIT %s",
        community,
        subject,
        sql.as_ids(scope.communities),
        MOST_NOTES,
    )
    return tuple(
        Note(NoteKind(kind), text, promised_on, None if minor is None else Money(minor), by, at)
        for kind, text, promised_on, minor, by, at in rows
    )


@query
def reminders_sent(scope: Scope, *, subject: UUID, community: CommunityId) -> tuple[Reminded, ...]:
    """This will tell which reminders were sent about the debts of a home, the latest first."""
    rows = sql.fetch(
        "SELECT stage, obligor, due_on, amount_minor, sent_at FROM billing_reminder"
        " WHERE community = %s AND subject = %s AND community = ANY(%s::uuid[])"
        " ORDER BY sent_at DESC, id DESC LIMIT %s",
        community,
        subject,
        sql.as_ids(scope.communities),
        MOST_NOTES,
    )
    return tuple(Reminded(stage, PartyId(who), due_on, Money(minor), at) for stage, who, due_on, minor, at in rows)


@query
def collected_homes(
    scope: Scope, *, community: CommunityId, since: date, until: date
) -> dict[UUID, tuple[Money, Money]]:
    """This will tell of each home how much of its months was owed, and how much of it is paid."""
    if community not in scope.communities:
        raise NotFound("community")
    rows = sql.fetch(_COLLECTED, community, since, until, MOST_ROWS)
    return {account: (Money(due), Money(paid)) for account, due, paid in rows}


@query
def collected_in_care(
    scope: Scope, *, community: CommunityId, since: date, until: date, cares: Sequence[InCare]
) -> tuple[CollectedInCare, ...]:
    """This will tell of each who cares for homes how well these paid: a month counts for whoever did on its first day.

    Every line counts once, so that the rows add up to what `collected_homes` tells of the community.
    """
    if community not in scope.communities:
        raise NotFound("community")
    carers = sorted({each.who for each in cares})
    nth = {who: n for n, who in enumerate(carers)}
    rows = sql.fetch(
        _COLLECTED_IN_CARE,
        *([each.home for each in cares], [nth[each.who] for each in cares]),
        *([each.start_on for each in cares], [each.end_on for each in cares]),
        *(community, since, until, MOST_ROWS),
    )
    return tuple(
        CollectedInCare(None if n is None else carers[n], homes, Money(due), Money(paid))
        for n, homes, due, paid in rows
    )


@query
def communities_in_arrears(scope: Scope) -> tuple[CommunityId, ...]:
    """This will name the communities in which something is open, for the clock."""
    rows = sql.fetch(
        "SELECT DISTINCT community FROM billing_line WHERE is_open AND due_on < current_date + 1"
        " ORDER BY community LIMIT %s",
        MOST_COMMUNITIES,
    )
    return tuple(CommunityId(row[0]) for row in rows)


def _arrear(row: tuple[Any, ...], on: date) -> Arrear:
    subject, kind, home, obligor, amount, due_on, ages, stage, reminded_at, promised_on, notes = row
    return Arrear(
        subject,
        SubjectKind(kind),
        home,
        obligor,
        Money(amount),
        due_on,
        (on - due_on).days,
        tuple(Money(age) for age in ages),
        stage or 0,
        reminded_at,
        promised_on,
        notes,
    )
