"""What the clock does for contracts: rows are billed when their day has come, ends are seen to."""

from __future__ import annotations

from datetime import datetime

from linli.estate.contracts import actions, queries
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

MOST = 2_000


@timed("40 * * * *")
def charge_rows(*, at: datetime) -> int:
    """This will bill every row whose day has come."""
    due = queries.rows_to_bill(SYSTEM, at=at, limit=MOST)
    return sum(actions.charge_row(SYSTEM, row=row, at=at) is not None for row in due)


@timed("50 * * * *")
def see_to_ends(*, at: datetime) -> int:
    """This will end contracts, remind of those that will end, and drop old drafts."""
    due = queries.contracts_to_see_to(SYSTEM, at=at, limit=MOST)
    for contract in due:
        actions.see_to_end(SYSTEM, contract=contract, at=at)
    return len(due)
