"""Plain SQL on Django's own connection and transaction: one statement, bound values, prepared by the server.

The hot paths call their module's SQL function through here; `observers` lets the query budgets count these statements
together with the ORM's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, LiteralString, cast
from uuid import UUID

import msgspec
from django.db import connection
from psycopg import Connection
from psycopg.types.json import Jsonb

observers: list[Callable[[str], None]] = []


def _connection() -> Connection[tuple[Any, ...]]:
    connection.ensure_connection()
    return cast("Connection[tuple[Any, ...]]", connection.connection)


def fetch(statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """This will run a statement and give all its rows; the statement itself must carry the limit."""
    for observer in observers:
        observer(statement)
    with connection.wrap_database_errors:
        return _connection().execute(statement, values, prepare=True).fetchall()


def fetch_one(statement: LiteralString, *values: object) -> tuple[Any, ...] | None:
    """This will run a statement and give its only row, or None."""
    rows = fetch(statement, *values)
    return rows[0] if rows else None


def run(statement: LiteralString, *values: object) -> int:
    """This will run a statement that gives no rows and tell how many it touched."""
    for observer in observers:
        observer(statement)
    with connection.wrap_database_errors:
        return _connection().execute(statement, values, prepare=True).rowcount


def as_json(value: object) -> Jsonb:
    """This will bind a value as jsonb, encoded by msgspec (dataclasses, ids, instants and enums included)."""
    return Jsonb(value, dumps=msgspec.json.encode)


def as_ids(ids: Iterable[UUID]) -> str:
    """This will bind many ids as one text for `%s::uuid[]`: psycopg would look at each of them twice."""
    return "{" + ",".join(map(str, ids)) + "}"


def from_json(text: str | None) -> Any:
    """This will read a jsonb column: Django keeps its connection from decoding it, so rows carry the text."""
    return None if text is None else msgspec.json.decode(text)
