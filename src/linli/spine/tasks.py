"""What the spine does by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.spine import sql
from linli.spine.action import action
from linli.spine.jobs import timed
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

KEPT = timedelta(hours=24)
"""How long a repeated key answers what it was answered first; docs/api.md promises it."""
PORTION = 10_000
_OLD = """
    DELETE FROM spine_response WHERE id IN (
        SELECT id FROM spine_response WHERE created_at < %s ORDER BY created_at LIMIT %s)
"""


@timed("9,39 * * * *")
def forget_responses(*, at: datetime) -> int:
    """This will forget the answers to keys of yesterday, twice an hour, until none is left."""
    forgotten = 0
    while (some := _forget_some(SYSTEM, at=at)) > 0:
        forgotten += some
    return forgotten


@action(needs=May.RUN_CLOCKS)
def _forget_some(_scope: Scope, *, at: datetime) -> int:
    return sql.run(_OLD, at - KEPT, PORTION)
