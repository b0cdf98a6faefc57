"""Plain SQL on Django's own connection and transaction: one statement, bound values, prepared by the server.

The hot paths call their module's SQL function through here; `observers` lets the query budgets count these statements
together with the ORM's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import local
from typing import Any, LiteralString, cast
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Connection, Cursor
from psycopg.types.json import Jsonb

observers: list[Callable[[str], None]] = []


class _Kept(local):
    """One cursor for each connection, which is one thread's: to make one costs 40 µs, to use it for a statement 22."""

    link: Connection[tuple[Any, ...]] | None = None
    cursor: Cursor[tuple[Any, ...]]


_kept = _Kept()


def _cursor(wrapper: BaseDatabaseWrapper) -> Cursor[tuple[Any, ...]]:
    wrapper.ensure_connection()
    link = cast("Connection[tuple[Any, ...]]", wrapper.connection)
    if _kept.link is not link:
        _kept.link, _kept.cursor = link, link.cursor()
    return _kept.cursor


def fetch(statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """This will run a statement and give all its rows; the statement itself must carry the limit."""
    for observer in observers:
        observer(statement)
    wrapper = connections[DEFAULT_DB_ALIAS]
    with wrapper.wrap_database_errors:
        return _cursor(wrapper).execute(statement, values, prepare=True).fetchall()


def fetch_one(statement: LiteralString, *values: object) -> tuple[Any, ...] | None:
    """This will run a statement and give its only row, or None."""
    rows = fetch(statement, *values)
    return rows[0] if rows else None


def run(statement: LiteralString, *values: object) -> int:
    """This will run a statement that gives no rows and tell how many it touched."""
    for observer in observers:
        observer(statement)
    wrapper = connections[DEFAULT_DB_ALIAS]
    with wrapper.wrap_database_errors:
        return _cursor(wrapper).execute(statement, values, prepare=True).rowcount


def as_json(value: object) -> Jsonb:
    """This will bind a value as jsonb, encoded by msgspec (dataclasses, ids, instants and enums included)."""
    return Jsonb(value, dumps=msgspec.json.encode)


def as_ids(ids: Iterable[UUID]) -> str:
    """This will bind many ids as one text for `%s::uuid[]`: psycopg would look at each of them twice."""
    return "{" + ",".join(map(str, ids)) + "}"


def from_json(text: str | None) -> Any:
    """This will read a jsonb column: Django keeps its connection from decoding it, so rows carry the text."""
    return None if text is None else msgspec.json.decode(text)
