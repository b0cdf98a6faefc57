"""What notices does by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.estate.notices import actions, queries
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

MOST_PORTIONS = 40
"""So many portions are queued in one tick: 20,000 people; the next tick goes on."""


@timed("* * * * *")
def publish_due(*, at: datetime) -> int:
    """This will publish what is scheduled, every minute."""
    due = queries.due(SYSTEM, at=at)
    for notice in due:
        actions.publish_due(SYSTEM, notice=notice, at=at)
    return len(due)


@timed("* * * * * */15")
def tell_recipients(*, at: datetime) -> int:
    """This will queue the messages of published notices, portion by portion."""
    told = 0
    for _nth in range(MOST_PORTIONS):
        some = actions.tell_some(SYSTEM, at=at)
        told += some
        if not some:
            break
    return told


@timed("7 * * * *")
def tidy_up(*, at: datetime) -> int:
    """This will end what is over and let go of what nobody wants, every hour."""
    return actions.tidy_up(SYSTEM, at=at)
