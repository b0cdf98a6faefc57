"""Query budgets: how many statements something sends to the database, the ORM's and `spine.sql`'s together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from linli.spine import sql


class OverBudget(AssertionError):
    """More (or other) statements were sent than the budget says; they are listed."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collects every statement sent inside the block; BEGIN, COMMIT and savepoints are not counted."""
    seen: list[str] = []

    def note(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        if not statement.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")):
            seen.append(statement)
        return execute(statement, params, many, context)

    sql.observers.append(seen.append)
    try:
        with connection.execute_wrapper(note):
            yield seen
    finally:
        sql.observers.remove(seen.append)


@contextmanager
def budget(exactly: int) -> Iterator[None]:
    """Fails unless the block sends exactly so many statements: one fewer is good news to write down."""
    with statements() as seen:
        yield
    if len(seen) != exactly:
        listed = "\n".join(f"{n}. {' '.join(s.split())[:160]}" for n, s in enumerate(seen, start=1))
        raise OverBudget(f"budget {exactly}, sent {len(seen)}:\n{listed}")
