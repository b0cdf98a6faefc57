"""The outbox: a fact commits with its data, climbs in order, and each reaction to it takes effect exactly once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
import structlog
from django.db import transaction

from linli.kernel.facts import Fact, fact_of_kind, module_word
from linli.spine import decoding, hints, locks, sql, walls
from linli.spine.frame import Frame, current, enter, open_transaction
from linli.spine.scope import SYSTEM

F = TypeVar("F", bound=Fact)
BATCH = 100
TRIES = 12
"""After so many failures a fact waits for a person; `linli doctor` and the operator's page show it."""
_log = structlog.get_logger()


@dataclass(frozen=True)
class Reaction:
    """Who listens to a kind of fact; `purpose` narrows by the fact's own field of that name."""

    name: str
    run: Callable[[Sequence[Any]], None]
    purpose: str | None

    def hears(self, fact: Fact) -> bool:
        return self.purpose is None or getattr(fact, "purpose", None) == self.purpose


_reactions: dict[str, list[Reaction]] = defaultdict(list)


def reacts_to(
    kind: type[F], *, purpose: str | None = None, together: bool = False
) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """This will subscribe a reaction. It gets one fact, or with `together` a sequence of them for one SQL statement.

    A reaction calls one action and may run twice safely; its effect commits together with the note that it ran.
    """

    def wrap(react: Callable[[Any], None]) -> Callable[[Any], None]:
        def each(facts: Sequence[Any]) -> None:
            for fact in facts:
                react(fact)

        name = f"{module_word(react.__module__)}.{react.__name__}"
        _reactions[kind.kind].append(Reaction(name, react if together else each, purpose))
        return react

    return wrap


def reactions_to(kind: str) -> tuple[Reaction, ...]:
    """This will list who listens, for the map of the house and the drain."""
    return tuple(_reactions.get(kind, ()))


def tell(fact: Fact) -> None:
    """This will tell a fact when, and only if, the action around it commits."""
    frame = current.get()
    if frame is None or not frame.writes:
        raise RuntimeError("facts are told from within an action")
    frame.told.append(fact)


def flush(facts: list[Fact]) -> None:
    """This will write the told facts in one statement; the action calls it last."""
    if facts:
        bodies = [msgspec.json.encode(f).decode() for f in facts]
        sql.run("SELECT outbox_tell(%s::text[], %s::jsonb[])", [f.kind for f in facts], bodies)
        facts.clear()


@dataclass
class _Row:
    id: int
    fact: Any
    attempts: int
    done: set[str]
    error: str = ""


_CLAIM = """
    SELECT id, kind, body::text, attempts, done FROM spine_fact
    WHERE settled_at IS NULL AND due_at <= %s AND attempts < %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_SETTLE = """
    UPDATE spine_fact f SET settled_at = CASE WHEN n.error = '' THEN %s END, attempts = n.attempts,
        done = n.done::text[], error = n.error, due_at = n.due_at
    FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::timestamptz[])
        AS n(id, attempts, done, error, due_at)
    WHERE f.id = n.id
"""


def drain(*, at: datetime, limit: int = BATCH) -> int:
    """This will carry out the reactions to the oldest due facts, and give how many facts were taken up.

    One transaction: the facts are claimed with SKIP LOCKED (many workers may drain), every reaction runs in a savepoint
    of its own, and what it did commits together with the note in `done`. One that fails is tried again with back-off;
    the others of the same fact are not run again.
    """
    with enter(Frame(SYSTEM, writes=True)) as frame:
        open_transaction(frame)
        claimed = sql.fetch(_CLAIM, at, TRIES, limit)
        if not claimed:
            return 0
        walls.raise_for(SYSTEM)
        rows = [_Row(id_, _decoded(kind, body), attempts, set(done)) for id_, kind, body, attempts, done in claimed]
        by_kind: dict[str, list[_Row]] = defaultdict(list)
        for row in rows:
            if isinstance(row.fact, Fact):
                by_kind[row.fact.kind].append(row)
            else:
                row.error = row.fact
        for kind, those in by_kind.items():
            for reaction in reactions_to(kind):
                _react(frame, reaction, [r for r in those if reaction.name not in r.done and reaction.hears(r.fact)])
        hints.give(topic for those in by_kind.values() for row in those for topic in hints.topics_of(row.fact))
        _settle(rows, at)
    return len(rows)


def _decoded(kind: str, body: str) -> Fact | str:
    """The fact, or what is wrong with it: one that nobody can read any more must not stop the others."""
    try:
        return decoding.decode(body, fact_of_kind(kind))
    except (KeyError, msgspec.MsgspecError) as error:
        return f"cannot be read: {type(error).__name__}: {error}"[:500]


def _react(frame: Frame, reaction: Reaction, rows: list[_Row]) -> None:
    if not rows:
        return
    try:
        _in_savepoint(frame, reaction, rows)
    except Exception as error:
        if len(rows) > 1:
            for row in rows:
                _react(frame, reaction, [row])
            return
        rows[0].error = f"{reaction.name}: {type(error).__name__}: {error}"[:500]
        _log.warning("reaction_failed", reaction=reaction.name, fact=rows[0].id, error=type(error).__name__)


def _in_savepoint(frame: Frame, reaction: Reaction, rows: list[_Row]) -> None:
    told = len(frame.told)
    try:
        with transaction.atomic():
            locks.forget()
            reaction.run([r.fact for r in rows])
            flush(frame.told)
    except BaseException:
        del frame.told[told:]
        frame.scope = SYSTEM
        raise
    for row in rows:
        row.done.add(reaction.name)


def _settle(rows: list[_Row], at: datetime) -> None:
    attempts = [r.attempts + bool(r.error) for r in rows]
    due = [at + timedelta(seconds=min(2**n, 900)) for n in attempts]
    done = ["{" + ",".join(sorted(r.done)) + "}" for r in rows]
    sql.run(_SETTLE, at, [r.id for r in rows], attempts, done, [r.error for r in rows], due)
