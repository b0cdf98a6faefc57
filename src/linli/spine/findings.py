"""Findings: what a module says about its own soundness, found out from the rows alone; the doctor collects them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import LiteralString

from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action, query
from linli.spine.decoding import decode
from linli.spine.may import May
from linli.spine.outbox import TRIES
from linli.spine.scope import Scope

MOST_DETAILS = 20
"""How many of the broken are named; the rest is the same story."""
LATE = timedelta(minutes=10)
"""A fact that waits longer than this means that no worker runs, or that it cannot keep up."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong with one thing: a text of the catalogue and the values of its places, for readers of any language.

    An instant is written as in ISO 8601, in UTC.
    """

    says: str
    values: dict[str, str]

    def __str__(self) -> str:
        return self.says.format(**self.values)


def told(says: str, /, **values: object) -> Told:
    """This will say what is wrong; the text is put together only where it is read."""
    return Told(says, {name: _written(value) for name, value in values.items()})


def _written(value: object) -> str:
    return value.astimezone(UTC).isoformat(timespec="minutes") if isinstance(value, datetime) else str(value)


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant, whether it holds, and what is wrong where it does not; words of a machine are a plain text."""

    invariant: str
    ok: bool
    details: tuple[Told | str, ...] = ()


def find(invariant: str, statement: LiteralString, words: Callable[..., Told], *values: object) -> Finding:
    """This will run a statement that finds the broken (its last value is its limit) and put each row into words."""
    rows = sql.fetch(statement, *values, MOST_DETAILS)
    return Finding(invariant, not rows, tuple(words(*row) for row in rows))


@dataclass(frozen=True, slots=True)
class Examined:
    """One part of the house as the doctor last saw it; `is_asked` while somebody waits for it to look again."""

    part: str
    ran_at: datetime | None
    is_asked: bool
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.ok)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: facts that climb, facts that nobody can carry out, and jobs of the clock by how they stand."""

    facts: int
    oldest_fact_at: datetime | None
    stuck: int
    jobs_waiting: int
    jobs_running: int
    jobs_failed: int


MOST_PARTS = 50
_ASKED = "asked_at IS NOT NULL AND (ran_at IS NULL OR ran_at < asked_at)"


@action(needs=May.RECONCILE)
def ask(_scope: Scope, *, parts: tuple[str, ...], at: datetime) -> None:
    """This will have the doctor look at some parts again as soon as the worker comes to it."""
    sql.run(
        "INSERT INTO spine_examination (part, asked_at) SELECT unnest(%s::text[]), %s"
        " ON CONFLICT (part) DO UPDATE SET asked_at = excluded.asked_at",
        list(parts),
        at,
    )


@action(needs=May.RUN_CLOCKS, private=("found",))
def keep(_scope: Scope, *, part: str, found: tuple[Finding, ...], at: datetime) -> None:
    """This will keep what the doctor found in a part."""
    sql.run(
        "INSERT INTO spine_examination (part, ran_at, found) VALUES (%s, %s, %s) ON CONFLICT (part)"
        " DO UPDATE SET ran_at = excluded.ran_at, found = excluded.found",
        part,
        at,
        sql.as_json(found),
    )


@query
def asked_parts(_scope: Scope) -> tuple[str, ...]:
    """This will list the parts that somebody asked about since the doctor looked last."""
    rows = sql.fetch(f"SELECT part FROM spine_examination WHERE {_ASKED} ORDER BY part LIMIT %s", MOST_PARTS)
    return tuple(row[0] for row in rows)


@query
def examined(_scope: Scope) -> tuple[Examined, ...]:
    """This will show every part as the doctor last saw it; behind the wall, operators alone."""
    rows = sql.fetch(
        f"SELECT part, ran_at, coalesce({_ASKED}, false), found::text FROM spine_examination ORDER BY part LIMIT %s",
        MOST_PARTS,
    )
    return tuple(
        Examined(part, ran_at, is_asked, decode(found, tuple[Finding, ...])) for part, ran_at, is_asked, found in rows
    )


@query
def backlog(_scope: Scope) -> Backlog:
    """This will count what waits for the worker."""
    row = sql.fetch_one(_BACKLOG, TRIES, TRIES)
    return Backlog(*row) if row else Backlog(0, None, 0, 0, 0, 0)


_BACKLOG = """
    SELECT f.facts, f.oldest, f.stuck, j.waiting, j.running, j.failed
    FROM (SELECT count(*) FILTER (WHERE attempts < %s) AS facts, min(told_at) AS oldest,
                 count(*) FILTER (WHERE attempts >= %s) AS stuck FROM spine_fact WHERE settled_at IS NULL) AS f,
         (SELECT count(*) FILTER (WHERE status = 'todo') AS waiting,
                 count(*) FILTER (WHERE status = 'doing') AS running,
                 count(*) FILTER (WHERE status = 'failed') AS failed FROM procrastinate_jobs) AS j
"""


@query
def check(scope: Scope, *, at: datetime) -> tuple[Finding, ...]:  # noqa: ARG001
    """This will look at the outbox: what nobody could carry out, and what waits too long."""
    return (
        find(_("Every fact was carried to whoever listens"), _STUCK, _stuck, TRIES),
        find(_("The worker keeps up with the facts"), _LATE, _late, at - LATE, TRIES),
    )


_STUCK = """
    SELECT id, kind, error FROM spine_fact WHERE settled_at IS NULL AND attempts >= %s ORDER BY id LIMIT %s
"""


def _stuck(number: int, kind: str, error: str) -> Told:
    return told(_("fact {number} ({kind}) waits for a person: {error}"), number=number, kind=kind, error=error)


_LATE = """
    SELECT count(*), min(told_at) FROM spine_fact
    WHERE settled_at IS NULL AND told_at < %s AND attempts < %s HAVING count(*) > 0 LIMIT %s
"""


def _late(number: int, since: datetime) -> Told:
    return told(_("{number} facts wait, the oldest since {since}"), number=number, since=since)
