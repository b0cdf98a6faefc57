"""What is under way or ended lately, for whoever asked and their colleagues; and what a worker may take up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from linli.ground.chores import rules
from linli.ground.chores.models import Chore
from linli.ground.chores.rules import ChoreState, Trouble
from linli.kernel.ids import ChoreId, CommunityId, FileId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound, Refusal, revived
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import query
from linli.spine.decoding import convert
from linli.spine.findings import Finding, Told, find, told
from linli.spine.scope import Scope

MOST = 100
STUCK = timedelta(minutes=10)
"""Work that nobody took up for so long means that no worker runs, or that all are busy."""
_LOCKS = 0x4C48


@dataclass(frozen=True, slots=True)
class ChoreCard:
    """A chore as whoever asked, or a colleague, may see it; `said` and `answer` have the types of its kind."""

    id: ChoreId
    kind: str
    person: PartyId | None
    community: CommunityId | None
    label: str
    state: ChoreState
    attempts: int
    done: int
    total: int
    step: str
    asked_at: datetime
    taken_at: datetime | None
    stop_asked_at: datetime | None
    ended_at: datetime | None
    said: Any
    answer: Any
    refusal: Refusal | None
    trouble: Trouble | None
    given: FileId | None
    made: FileId | None

    @property
    def is_under_way(self) -> bool:
        return self.state in rules.UNDER_WAY

    @property
    def is_stopping(self) -> bool:
        return self.is_under_way and self.stop_asked_at is not None


@query
def chore(scope: Scope, *, chore: ChoreId) -> ChoreCard:
    """This will show one chore to whoever asked for it, or to a colleague who might have."""
    row = Chore.objects.within(scope).filter(pk=chore).first()
    card = None if row is None else _card(row)
    if card is None or not _is_shown(scope, card):
        raise NotFound("work")
    return card


@query
def chores(scope: Scope, *, after: ChoreId | None = None, limit: int = 50) -> tuple[ChoreCard, ...]:
    """This will list the asker's long work and that of their company which they might have asked for, latest first."""
    rows = Chore.objects.within(scope).filter(_shown_to(scope))
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return tuple(_card(row) for row in rows.order_by("-id")[: min(limit, MOST)])


@query
def under_way(scope: Scope) -> int:
    """This will count what the asker may see that is under way."""
    return Chore.objects.within(scope).filter(_shown_to(scope), state__in=rules.UNDER_WAY).count()


_DUE = """
    SELECT c.id FROM chores_chore c
    LEFT JOIN (SELECT coalesce(company, person) AS whose, count(*) AS running
               FROM chores_chore WHERE state = 'running' GROUP BY 1) r ON r.whose = coalesce(c.company, c.person)
    WHERE c.state IN ('waiting', 'running') AND c.id <> ALL(%s::uuid[])
      AND CASE c.state
          WHEN 'waiting' THEN c.due_at <= %s AND (c.lane IS NULL OR NOT EXISTS (
              SELECT FROM chores_chore o WHERE o.state = 'running' AND o.lane = c.lane))
          ELSE NOT EXISTS (
              SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
              WHERE l.locktype = 'advisory' AND l.classid = %s
                AND l.objid::bigint = (hashtext(c.id::text)::bigint & 4294967295) AND l.granted)
          END
    ORDER BY coalesce(r.running, 0), c.id LIMIT %s
"""


@query
def due(_scope: Scope, *, in_hand: Sequence[ChoreId], at: datetime, limit: int) -> tuple[ChoreId, ...]:
    """This will name the chores that a worker may take up: whose turn it is, and whose worker has died.

    Those come first of whom the least is carried out, so that nobody waits for another company's long list.
    """
    return tuple(ChoreId(row[0]) for row in sql.fetch(_DUE, sql.as_ids(in_hand), at, _LOCKS, limit))


@query
def asked_to_stop(_scope: Scope, *, chores: Sequence[ChoreId]) -> frozenset[ChoreId]:
    """This will tell which of the chores in hand somebody wants stopped."""
    rows = sql.fetch(
        "SELECT id FROM chores_chore WHERE id = ANY(%s::uuid[]) AND stop_asked_at IS NOT NULL", sql.as_ids(chores)
    )
    return frozenset(ChoreId(row[0]) for row in rows)


@query
def check(scope: Scope, *, at: datetime) -> tuple[Finding, ...]:
    """This will look for long work that nobody takes up, and for what ended by a defect today."""
    return (
        find(_("Long work is taken up"), _STUCK, _stuck, at - STUCK),
        find(_("Long work ends as it should"), _BROKEN, _broken, at - timedelta(days=1)),
    )


_STUCK = """
    SELECT kind, id::text, asked_at FROM chores_chore WHERE state = 'waiting' AND due_at < %s ORDER BY id LIMIT %s
"""
_BROKEN = """
    SELECT kind, id::text, trouble FROM chores_chore WHERE state = 'failed' AND ended_at > %s ORDER BY id LIMIT %s
"""


def _stuck(kind: str, chore: str, since: datetime) -> Told:
    return told(_("{kind} {chore} waits since {since}"), kind=kind, chore=chore, since=since)


def _broken(kind: str, chore: str, trouble: str) -> Told:
    return told(_("{kind} {chore} failed: {trouble}"), kind=kind, chore=chore, trouble=trouble)


def _shown_to(scope: Scope) -> Q:
    """Whatever the asker asked for, and what colleagues asked for that they might have asked for too."""
    words = [kind.word for kind in rules.kinds() if scope.may(kind.needs) and not kind.is_private]
    known = Q(kind__in=[kind.word for kind in rules.kinds()])
    theirs = Q(kind__in=words)
    if scope.of_a_community:
        theirs &= Q(community__in=scope.communities)
    return known & (theirs | Q(person=scope.person, person__isnull=False))


def _is_shown(scope: Scope, card: ChoreCard) -> bool:
    kind = rules.kind_of(card.kind)
    return kind.is_shown(scope, person=card.person, community=card.community)


def _card(row: Chore) -> ChoreCard:
    kind = rules.kind_of(row.kind)
    return ChoreCard(
        ChoreId(row.pk),
        row.kind,
        None if row.person is None else PartyId(row.person),
        None if row.community is None else CommunityId(row.community),
        row.label,
        ChoreState(row.state),
        row.attempts,
        row.done,
        row.total,
        row.step,
        row.asked_at,
        row.taken_at,
        row.stop_asked_at,
        row.ended_at,
        convert(row.said, kind.content) if row.said else None,
        None if row.answer is None else convert(row.answer, kind.answer),
        None if row.refusal is None else _refusal(row.refusal),
        Trouble(row.trouble) if row.trouble else None,
        None if row.given is None else FileId(row.given),
        None if row.made is None else FileId(row.made),
    )


def _refusal(kept: dict[str, Any]) -> Refusal:
    values = {name: _value(value) for name, value in kept["values"].items()}
    return revived(kept["code"], kept["field"], values)


def _value(value: Any) -> Any:
    return Money(value["minor"]) if isinstance(value, dict) and value.keys() == {"minor"} else value
