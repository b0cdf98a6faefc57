"""Upkeep: what the operator sees of the worker's work, and how what nobody could carry out is tried again by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.together import MOST
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action, query
from linli.spine.jobs import timers
from linli.spine.may import May
from linli.spine.outbox import TRIES
from linli.spine.scope import Scope

MOST_SHOWN = 20
MOST_ROWS = 20_000
"""Of a sheet."""
HOURS = 24


class WaitsAlready(Refusal):
    """The same task waits for the worker as it is; two of them would do the same twice."""

    says = _("The same task waits for the worker already.")


@dataclass(frozen=True, slots=True)
class StuckFact:
    """A fact that a reaction failed on until it was given up; what went before is done and stays done."""

    number: int
    kind: str
    told_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A run of a timed task that ended with a defect; what it was stands in the worker's log."""

    number: int
    task: str
    attempts: int
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """A timed task, and when the worker last took it up; None when never."""

    task: str
    cron: str
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of facts and jobs that were to be tried again: how many are, and the numbers of those that are not.

    `waiting` are jobs whose task waits for the worker already; `gone` is what had been tried or done meanwhile.
    """

    facts: int
    jobs: int
    waiting: tuple[int, ...]
    gone: tuple[int, ...]


@query
def stuck_facts(_scope: Scope, *, limit: int = MOST_SHOWN) -> tuple[StuckFact, ...]:
    """This will list facts that wait for a person, the oldest first."""
    rows = sql.fetch(
        "SELECT id, kind, told_at, error FROM spine_fact WHERE settled_at IS NULL AND attempts >= %s"
        " ORDER BY id LIMIT %s",
        TRIES,
        min(limit, MOST_ROWS),
    )
    return tuple(StuckFact(*row) for row in rows)


@query
def failed_jobs(_scope: Scope, *, limit: int = MOST_SHOWN) -> tuple[FailedJob, ...]:
    """This will list runs of timed tasks that failed, the latest first."""
    rows = sql.fetch(
        "SELECT j.id, j.task_name, j.attempts, (SELECT max(e.at) FROM procrastinate_events AS e WHERE e.job_id = j.id)"
        " FROM procrastinate_jobs AS j WHERE j.status = 'failed' ORDER BY j.id DESC LIMIT %s",
        min(limit, MOST_ROWS),
    )
    return tuple(FailedJob(*row) for row in rows)


@query
def clocks(_scope: Scope) -> tuple[Clock, ...]:
    """This will list every timed task with its last run, those that ran least lately on top."""
    known = timers()
    rows = sql.fetch(
        "SELECT task_name, max(defer_timestamp) FROM procrastinate_periodic_defers GROUP BY task_name LIMIT %s",
        2 * len(known) + MOST_SHOWN,
    )
    last = {name: datetime.fromtimestamp(at, tz=UTC) for name, at in rows if at is not None}
    never = datetime.min.replace(tzinfo=UTC)
    made = (Clock(each.name, each.cron, last.get(each.name)) for each in known)
    return tuple(sorted(made, key=lambda each: (each.last_at or never, each.task)))


@query
def carried_by_hour(_scope: Scope, *, at: datetime) -> tuple[tuple[datetime, int], ...]:
    """This will count the facts that were carried in each of the last hours, the one that runs included."""
    first = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    rows = sql.fetch(
        "SELECT date_trunc('hour', settled_at), count(*) FROM spine_fact WHERE settled_at >= %s GROUP BY 1 LIMIT %s",
        first,
        HOURS + 1,
    )
    found = dict(rows)
    return tuple((hour, found.get(hour, 0)) for hour in (first + timedelta(hours=n) for n in range(HOURS)))


@action(needs=May.RECONCILE)
def try_fact_again(_scope: Scope, *, number: int, at: datetime) -> None:
    """This will have the worker carry a fact again that it had given up; reactions that were done are not run again."""
    freed = sql.run(
        "UPDATE spine_fact SET attempts = 0, due_at = %s WHERE id = %s AND settled_at IS NULL AND attempts >= %s",
        at,
        number,
        TRIES,
    )
    if not freed:
        raise NotFound("fact")


@action(needs=May.RECONCILE)
def try_job_again(_scope: Scope, *, number: int, at: datetime) -> None:
    """This will have the worker take up a failed run of a timed task again, for the moment it was meant for."""
    row = sql.fetch_one(
        "SELECT EXISTS (SELECT FROM procrastinate_jobs AS w"
        " WHERE w.queueing_lock = j.queueing_lock AND w.status = 'todo')"
        " FROM procrastinate_jobs AS j WHERE j.id = %s AND j.status = 'failed' FOR UPDATE OF j",
        number,
    )
    if row is None:
        raise NotFound("job")
    if row[0]:
        raise WaitsAlready
    sql.fetch("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", number, at)


@action(needs=May.RECONCILE)
def try_many_again(_scope: Scope, *, stuck: Sequence[int], failed: Sequence[int], at: datetime) -> Tried:
    """This will have stuck facts carried and failed runs taken up again: each that may, whatever of the others.

    Of several failed runs of one task the oldest is taken up, as two of them would do the same twice.
    """
    if not 0 < len(stuck) + len(failed) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    freed = sql.fetch(
        "UPDATE spine_fact SET attempts = 0, due_at = %s WHERE id IN (SELECT id FROM spine_fact WHERE id = ANY(%s)"
        " AND settled_at IS NULL AND attempts >= %s ORDER BY id FOR UPDATE) RETURNING id",
        *(at, list(stuck), TRIES),
    )
    held = sql.fetch(
        "SELECT j.id, j.queueing_lock, EXISTS (SELECT FROM procrastinate_jobs AS w"
        " WHERE w.queueing_lock = j.queueing_lock AND w.status = 'todo')"
        " FROM procrastinate_jobs AS j WHERE j.id = ANY(%s) AND j.status = 'failed' ORDER BY j.id FOR UPDATE OF j",
        list(failed),
    )
    taken: dict[object, int] = {}
    for number, lock, waits in held:
        if not waits:
            taken.setdefault(lock or number, number)
    again = sorted(taken.values())
    sql.fetch("SELECT procrastinate_retry_job_v2(n, %s, NULL, NULL, NULL) FROM unnest(%s::bigint[]) AS n", at, again)
    found = {number for number, _lock, _waits in held}
    gone = (*sorted(set(stuck) - {number for (number,) in freed}), *sorted(set(failed) - found))
    return Tried(len(freed), len(again), tuple(sorted(found - set(again))), gone)
