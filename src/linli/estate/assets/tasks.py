"""What the clock does for assets: due maintenance is opened, the desk is told, stock-takings end."""

from __future__ import annotations

from datetime import datetime

from linli.estate.assets import actions, queries
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

MOST = 2_000


@timed("25 * * * *")
def open_tasks(*, at: datetime) -> int:
    """This will open every task whose date is near."""
    due = queries.maybe_due(SYSTEM, at=at, limit=MOST)
    return sum(actions.open_task(SYSTEM, plan=plan, asset=asset, at=at) is not None for plan, asset in due)


@timed("5 0 * * *")
def tell_what_waits(*, at: datetime) -> int:
    """This will tell the desks what became overdue."""
    waiting = queries.communities_that_wait(SYSTEM, at=at)
    return sum(actions.tell_what_waits(SYSTEM, community=community, at=at) for community in waiting)


@timed("35 * * * *")
def lapse_takings(*, at: datetime) -> int:
    """This will end stock-takings whose days are over."""
    over = queries.takings_over(SYSTEM, at=at, limit=MOST)
    for taking in over:
        actions.lapse_taking(SYSTEM, taking=taking, at=at)
    return len(over)
