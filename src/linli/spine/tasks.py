"""What the spine does by the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from linli.spine import sql
from linli.spine.action import action
from linli.spine.jobs import timed
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

KEPT = timedelta(hours=24)
"""How long a repeated key answers what it was answered first; docs/api.md promises it."""
FACTS_KEPT = timedelta(days=30)
"""How long a fact that everybody has heard can still be looked at; what asks for older ones asks in vain."""
PORTION = 10_000
_OLD = """
    DELETE FROM spine_response WHERE id IN (
        SELECT id FROM spine_response WHERE created_at < %s ORDER BY created_at LIMIT %s)
"""

_HEARD = """
    DELETE FROM spine_fact WHERE id IN (
        SELECT id FROM spine_fact WHERE settled_at < %s ORDER BY settled_at LIMIT %s)
"""


@timed("9,39 * * * *")
def forget_responses(*, at: datetime) -> int:
    """This will forget the answers to keys of yesterday, twice an hour, until none is left."""
    return _until_none(lambda: _forget_responses(SYSTEM, at=at))


@timed("19 3 * * *")
def forget_facts(*, at: datetime) -> int:
    """This will forget the facts that everybody heard a month ago, in the quiet of the night; open ones stay."""
    return _until_none(lambda: _forget_facts(SYSTEM, at=at))


def _until_none(forget_some: Callable[[], int]) -> int:
    """One portion a transaction, so that nothing is held for long."""
    return sum(iter(forget_some, 0))


@action(needs=May.RUN_CLOCKS)
def _forget_responses(_scope: Scope, *, at: datetime) -> int:
    return sql.run(_OLD, at - KEPT, PORTION)


@action(needs=May.RUN_CLOCKS)
def _forget_facts(_scope: Scope, *, at: datetime) -> int:
    return sql.run(_HEARD, at - FACTS_KEPT, PORTION)
