"""Query budgets: how many statements something sends to the database, the ORM's and `spine.sql`'s together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection

from linli.ground.policies import queries as policies
from linli.spine import sql

AS_LONG_AS_A_TEST_S = 600.0


class OverBudget(AssertionError):
    """More (or other) statements were sent than the budget says; they are listed."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collects every statement sent inside the block; BEGIN, COMMIT and savepoints are not counted.

    What a process remembers of policies does not run out inside: what a machine was busy with is nobody's statement.
    """
    seen: list[str] = []

    def note(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        if not statement.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")):
            seen.append(statement)
        return execute(statement, params, many, context)

    sql.observers.append(seen.append)
    try:
        with connection.execute_wrapper(note), patch.object(policies, "REMEMBERED_S", AS_LONG_AS_A_TEST_S):
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


def statements_of_pages(client: Any, pages: Iterable[str]) -> dict[str, int]:
    """This will open each page and tell how many statements it takes once what a process remembers is remembered.

    The fewest of two openings counts: what is remembered for seconds may run out in between.
    """
    sent = {}
    for where in pages:
        assert client.get(where).status_code == 200, where
        tries = []
        for _nth in range(2):
            with statements() as seen:
                client.get(where)
            tries.append(len(seen))
        sent[where] = min(tries)
    return sent
