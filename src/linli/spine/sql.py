"""Plain SQL on Django's own connection and transaction: one statement, bound values, prepared by the server.

The hot paths call their module's SQL function through here; `observers` lets the query budgets count these statements
together with the ORM's.
"""

from __future__ import annotations

import threading
from asyncio import _get_running_loop
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, LiteralString, TypeVar, cast
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.types.json import Jsonb

from linli.spine.line.base import DatabaseWrapper, Transaction

T = TypeVar("T")
Rows = list[tuple[Any, ...]]
observers: list[Callable[[str], None]] = []


class _Own(threading.local):
    line: DatabaseWrapper


_own = _Own()


def _line() -> DatabaseWrapper:
    """The connection that the ORM speaks on now: a thread in which an event loop runs has another beside its own.

    Django looks through three layers for it, and each statement asks several times: a thread's own is remembered here.
    """
    if _get_running_loop() is not None:
        return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])
    try:
        return _own.line
    except AttributeError:
        _own.line = cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])
        return _own.line


def fetch(statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """This will run a statement and give all its rows; the statement itself must carry the limit."""
    for observer in observers:
        observer(statement)
    return _line().ask(statement, values)


def fetch_one(statement: LiteralString, *values: object) -> tuple[Any, ...] | None:
    """This will run a statement and give its only row, or None."""
    rows = fetch(statement, *values)
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class Part:
    """SQL that stands in a question where values would: what else would have to be asked in a trip before."""

    text: LiteralString
    values: tuple[object, ...]

    @classmethod
    def of(cls, value: object) -> Part:
        """This will make a part of a plain value."""
        return cls("%s", (value,))


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """A statement that was not asked yet, and how its rows are read: several may be asked in one trip."""

    statement: LiteralString
    values: tuple[object, ...]
    read: Callable[[Rows], T]


def answer(question: Question[T]) -> T:
    """This will ask one question."""
    return question.read(fetch(question.statement, *question.values))


def answers(*questions: Question[Any]) -> tuple[Any, ...]:
    """This will ask several questions in one trip, and give their answers in the order of the questions."""
    for observer in observers:
        for question in questions:
            observer(question.statement)
    asked = _line().ask_together([(question.statement, question.values) for question in questions])
    return tuple(question.read(rows) for question, rows in zip(questions, asked, strict=True))


def run(statement: LiteralString, *values: object) -> int:
    """This will run a statement that gives no rows and tell how many it touched."""
    for observer in observers:
        observer(statement)
    return _line().touch(statement, values)


def conclude(statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """This will run the last statement of a transaction and commit in the same trip; actions use `action.conclude`."""
    for observer in observers:
        observer(statement)
    return _line().conclude(statement, values)


def ahead(statement: LiteralString, *values: object) -> None:
    """This will have a statement run in the trip of the next, before it; its rows are nobody's, its error ends both.

    Only in a transaction, which does not commit before the statement was asked.
    """
    for observer in observers:
        observer(statement)
    _line().send_ahead(statement, values)


def heard(*, within_s: float) -> bool:
    """This will tell whether what this connection listens to was notified, waiting so long for it."""
    return _line().heard(within_s)


def transaction(*, reads: bool = False) -> Transaction:
    """This will be a transaction for `with`, or a savepoint inside one.

    Where it only `reads`, what goes ahead goes ahead of every question, and nothing begins before something else does.
    """
    return Transaction(_line(), reads=reads)


def forget_broken() -> None:
    """This will close this thread's connection if it broke, so that the next one who asks gets another."""
    line = _line()
    if line.errors_occurred:
        line.close_if_unusable_or_obsolete()


def as_json(value: object) -> Jsonb:
    """This will bind a value as jsonb, encoded by msgspec (dataclasses, ids, instants and enums included)."""
    return Jsonb(value, dumps=msgspec.json.encode)


def as_ids(ids: Iterable[UUID]) -> str:
    """This will bind many ids as one text for `%s::uuid[]`: psycopg would look at each of them twice."""
    return "{" + ",".join(map(str, ids)) + "}"


def from_json(text: str | None) -> Any:
    """This will read a jsonb column: Django keeps its connection from decoding it, so rows carry the text."""
    return None if text is None else msgspec.json.decode(text)
