"""What parcels does by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.estate.parcels import actions
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

MOST_PORTIONS = 20


@timed("23 1,2,9 * * *")
def remind(*, at: datetime) -> int:
    """This will remind of parcels three times a day, at hours at which people are awake in China (UTC + 8)."""
    reminded = 0
    for _nth in range(MOST_PORTIONS):
        some = actions.remind_some(SYSTEM, at=at)
        reminded += some
        if not some:
            break
    return reminded


@timed("47 * * * *")
def forget_takers(*, at: datetime) -> int:
    """This will forget who took parcels long ago, every hour, until none is left."""
    forgotten = 0
    while (some := actions.forget_takers(SYSTEM, at=at)) > 0:
        forgotten += some
    return forgotten
