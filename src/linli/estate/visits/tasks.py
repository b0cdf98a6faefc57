"""What visits does by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.estate.visits import actions
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM


@timed("* * * * *")
def expire_passes(*, at: datetime) -> int:
    """This will end passes whose time is over, every minute."""
    return actions.expire_passes(SYSTEM, at=at)


@timed("* * * * * */20")
def lapse_arrivals(*, at: datetime) -> int:
    """This will close arrivals that nobody answered, three times a minute: a visitor stands at the gate."""
    return actions.lapse_arrivals(SYSTEM, at=at)


@timed("41 * * * *")
def forget_guests(*, at: datetime) -> int:
    """This will forget guests whose time is up, every hour, until none is left."""
    forgotten = 0
    while (some := actions.forget_guests(SYSTEM, at=at)) > 0:
        forgotten += some
    return forgotten
