"""Findings: what a module says about its own soundness, found out from the rows alone; the doctor collects them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import query
from linli.spine.outbox import TRIES
from linli.spine.scope import Scope

MOST_DETAILS = 20
"""How many of the broken are named; the rest is the same story."""
LATE = timedelta(minutes=10)
"""A fact that waits longer than this means that no worker runs, or that it cannot keep up."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant, whether it holds, and in words where it does not."""

    invariant: str
    ok: bool
    details: tuple[str, ...] = ()


def find(invariant: str, statement: LiteralString, words: Callable[..., str], *values: object) -> Finding:
    """This will run a statement that finds the broken (its last value is its limit) and put each row into words."""
    rows = sql.fetch(statement, *values, MOST_DETAILS)
    return Finding(invariant, not rows, tuple(words(*row) for row in rows))


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


def _stuck(number: int, kind: str, error: str) -> str:
    return _("fact {number} ({kind}) waits for a person: {error}").format(number=number, kind=kind, error=error)


_LATE = """
    SELECT count(*), min(told_at) FROM spine_fact
    WHERE settled_at IS NULL AND told_at < %s AND attempts < %s HAVING count(*) > 0 LIMIT %s
"""


def _late(number: int, since: datetime) -> str:
    return _("{number} facts wait, the oldest since {since:%Y-%m-%d %H:%M} UTC").format(number=number, since=since)
