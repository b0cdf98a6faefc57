"""What patrols do by the clock: they are made half a day ahead, and closed when their window is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.estate.patrols import actions, queries
from linli.ground.places import queries as places
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

AHEAD = timedelta(hours=12)


@timed("*/10 * * * *")
def open_patrols(*, at: datetime) -> int:
    """This will make the patrols of today, and in the evening those of tomorrow."""
    made = 0
    day = timedelta(days=1)
    for plan, community in queries.plans_in_force(SYSTEM, since=at.date() - day, until=at.date() + 2 * day):
        days = {places.day_in(community, at), places.day_in(community, at + AHEAD)}
        made += sum(actions.open_patrol(SYSTEM, plan=plan, on=on, at=at) is not None for on in sorted(days))
    return made


@timed("* * * * *")
def lapse_patrols(*, at: datetime) -> int:
    """This will say of every patrol whose window is over what was absent."""
    over = queries.overdue(SYSTEM, at=at, limit=200)
    for patrol in over:
        actions.lapse_patrol(SYSTEM, patrol=patrol, at=at)
    return len(over)
