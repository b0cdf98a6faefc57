"""Carrying a chore out: taken under a lock of the connection, done and settled in one transaction, or put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec
import structlog
from django.db import DatabaseError, OperationalError

from linli.ground.chores import rules
from linli.ground.chores.actions.asking import end, hint
from linli.ground.chores.models import Chore, ChoreMove
from linli.ground.chores.rules import (
    CHORE_LIFE,
    ChoreState,
    ChoreVerb,
    Finished,
    Kind,
    LeftToAnother,
    StoppedByHand,
    TooLong,
    Trouble,
    Work,
)
from linli.kernel.ids import ChoreId, FileId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Refusal
from linli.spine import audit, hints, locks, moves, sql, walls
from linli.spine.action import action
from linli.spine.decoding import convert
from linli.spine.frame import Frame, enter, open_transaction
from linli.spine.may import May
from linli.spine.progress import Progress, unheard
from linli.spine.scope import SYSTEM, Scope

LOCKS = 0x4C48
"""The family of the locks by which those who carry chores know each other."""
_CANCELLED = "57014"
_LOOK_UP_MS = 2_000
_log = structlog.get_logger()


class Overtaken(Exception):
    """Somebody else settled the chore, or took it up anew: what was done here is not to be kept."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A chore in hand: for the how many-th time, with whose scope, and what it was told."""

    chore: ChoreId
    attempt: int
    kind: Kind
    scope: Scope
    content: Any
    file: FileId | None
    label: str
    locale: str
    about: str


def carry_one(chore: ChoreId, *, at: datetime, tell: Progress = unheard) -> bool:
    """This will carry a chore out, or tell that another is on it. Only the connection that holds its lock may."""
    held = sql.fetch("SELECT pg_try_advisory_lock(%s, hashtext(%s))", LOCKS, str(chore))[0][0]
    if not held:
        return False
    try:
        return _carry_held(chore, tell, at)
    finally:
        sql.fetch("SELECT pg_advisory_unlock(%s, hashtext(%s))", LOCKS, str(chore))


def notice_dead_clients() -> None:
    """This will have the server look every two seconds, also within a statement, whether we are still there.

    The lock and the unfinished work of a killed worker are gone then, and not when its statement would have ended.
    """
    try:
        sql.fetch("SELECT set_config('client_connection_check_interval', %s, false)", str(_LOOK_UP_MS))
    except DatabaseError:
        _log.info("no_look_for_dead_clients")  # a server on a system that cannot


def _carry_held(chore: ChoreId, tell: Progress, at: datetime) -> bool:
    taken = _take(SYSTEM, chore=chore, at=at)
    if taken is None:
        return False
    try:
        _carry(
            taken.scope,
            chore=chore,
            kind=taken.kind.word,
            attempt=taken.attempt,
            taken=taken,
            tell=tell,
            at=at,
        )
    except (Overtaken, LeftToAnother):
        return False
    except Refusal as refusal:
        _settle(SYSTEM, chore=chore, attempt=taken.attempt, verb=ChoreVerb.REFUSE, refusal=written(refusal), at=at)
    except StoppedByHand:
        _settle(SYSTEM, chore=chore, attempt=taken.attempt, verb=ChoreVerb.STOP, at=at)
    except Exception as error:
        is_late = isinstance(error, TooLong) or (
            isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) == _CANCELLED
        )
        trouble = Trouble.TOO_LONG if is_late else Trouble.DEFECT
        _log.warning("chore_failed", chore=str(chore), kind=taken.kind.word, error=type(error).__name__, exc_info=True)
        _settle(SYSTEM, chore=chore, attempt=taken.attempt, verb=ChoreVerb.GIVE_UP, trouble=trouble, at=at)
    return True


@action(needs=May.RUN_CLOCKS)
def _take(_scope: Scope, *, chore: ChoreId, at: datetime) -> Taken | None:
    """Take a chore in hand, unless it has ended, its time has not come, or another one of its lane is carried out."""
    row = Chore.objects.inside().select_for_update().filter(pk=chore, state__in=rules.UNDER_WAY).first()
    if row is None or (row.state == ChoreState.WAITING.value and row.due_at > at):
        return None
    if row.lane is not None:
        locks.hold(f"chores:lane:{row.lane}")
        others = Chore.objects.inside().filter(lane=row.lane, state=ChoreState.RUNNING.value).exclude(pk=row.pk)
        if others.exists():
            return None
    if row.stop_asked_at is not None:
        end(row, ChoreVerb.STOP, scope=SYSTEM, at=at)
        return None
    if row.attempts >= rules.BREAKS:
        end(row, ChoreVerb.GIVE_UP, scope=SYSTEM, at=at, trouble=Trouble.BROKEN_OFF.value)
        return None
    moves.take(
        ChoreMove,
        row,
        ChoreVerb.TAKE,
        life=CHORE_LIFE,
        states=ChoreState,
        scope=SYSTEM,
        at=at,
        attempts=row.attempts + 1,
        taken_at=at,
        done=0,
        total=0,
        step="",
    )
    hint(row)
    kind = rules.kind_of(row.kind)
    return Taken(
        ChoreId(row.pk),
        row.attempts,
        kind,
        convert(row.asker, Scope),
        convert(row.said, kind.content),
        None if row.given is None else FileId(row.given),
        row.label,
        row.locale,
        row.about,
    )


@action(needs=May.ASK_FOR_LONG_WORK, private=("taken", "tell"))
def _carry(
    scope: Scope, *, chore: ChoreId, kind: str, attempt: int, taken: Taken, tell: Progress, at: datetime
) -> None:
    """Do the work as whoever asked for it, and note that it is done: both, or neither."""
    if not scope.may(taken.kind.needs):
        raise Denied
    sql.ahead("SELECT set_config('statement_timeout', %s, true)", str(taken.kind.limit_s * 1000))
    work = Work(chore, at, tell, taken.file, taken.label, taken.locale)
    answer = taken.kind.does(scope, taken.content, work)
    audit.record_work(scope, what=kind, about=taken.about, at=at)
    made = answer.file if isinstance(answer, Finished) else None
    row = _still_mine(chore, attempt)
    end(
        row,
        ChoreVerb.FINISH,
        scope=scope,
        at=at,
        answer=msgspec.to_builtins(answer.answer if isinstance(answer, Finished) else answer),
        made=made,
        done=row.total,
        step="",
    )


@action(needs=May.RUN_CLOCKS, private=("refusal",))
def _settle(
    scope: Scope,
    *,
    chore: ChoreId,
    attempt: int,
    verb: ChoreVerb,
    refusal: dict[str, Any] | None = None,
    trouble: Trouble | None = None,
    at: datetime,
) -> None:
    """End a chore whose work did not come to an answer, or have it tried again where that may help."""
    try:
        row = _still_mine(chore, attempt)
    except Overtaken:
        return
    if verb is ChoreVerb.GIVE_UP and trouble is Trouble.DEFECT and row.failures + 1 < rules.TRIES:
        again = at + rules.AGAIN * 2**row.failures
        changes = {"failures": row.failures + 1, "due_at": again}
        moves.take(
            ChoreMove, row, ChoreVerb.PUT_BACK, life=CHORE_LIFE, states=ChoreState, scope=scope, at=at, **changes
        )
        hint(row)
        return
    end(row, verb, scope=scope, at=at, refusal=refusal, trouble=trouble.value if trouble else "")


def _still_mine(chore: ChoreId, attempt: int) -> Chore:
    running = Chore.objects.inside().filter(pk=chore, attempts=attempt, state=ChoreState.RUNNING.value)
    row = running.select_for_update().first()
    if row is None:
        raise Overtaken
    return row


_PROGRESS = """
    UPDATE chores_chore c SET done = n.done, total = n.total, step = n.step
    FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::text[]) AS n (id, done, total, step)
    WHERE c.id = n.id AND c.id IN (
        SELECT id FROM chores_chore WHERE id = ANY(%s::uuid[]) AND state = 'running' FOR UPDATE SKIP LOCKED)
    RETURNING c.id, coalesce(c.company, c.person)
"""


def note_progress(steps: Mapping[ChoreId, tuple[int, int, str]]) -> None:
    """This will write down how far chores are, on a connection of its own, beside their unfinished transactions.

    It is no action: nobody asked for it, and an audit of each step would be longer than what was done.
    """
    with enter(Frame(SYSTEM, writes=True)) as frame:
        open_transaction(frame)
        walls.raise_for(SYSTEM)
        done, totals, words = zip(*steps.values(), strict=True)
        rows = sql.fetch(_PROGRESS, list(steps), list(done), list(totals), list(words), list(steps))
        hints.give(topic for chore, whose in rows for topic in (chore, ("chores", whose)))


def written(refusal: Refusal) -> dict[str, Any]:
    """This will write a refusal down so that it can be said again, in whichever language it is read."""
    values = {name: _plain(value) for name, value in refusal.values.items()}
    return {"code": refusal.code, "field": refusal.field, "values": values}


def _plain(value: object) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
