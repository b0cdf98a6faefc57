"""What the clock does for the assembly: meetings open, remind and close by themselves."""

from __future__ import annotations

from datetime import datetime

from linli.estate.assembly import actions, queries
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

MOST = 100


@timed("* * * * *")
def keep_times(*, at: datetime) -> int:
    """This will take up every meeting that something is due of."""
    due = queries.meetings_due(SYSTEM, at=at, limit=MOST)
    for meeting in due:
        actions.keep_time(SYSTEM, meeting=meeting, at=at)
    return len(due)
