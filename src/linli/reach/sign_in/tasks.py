"""What sign-in does by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.reach.sign_in import actions
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM


@timed("41 3 * * *")
def forget_old(*, at: datetime) -> int:
    """This will forget old challenges, every night."""
    return actions.forget_old(SYSTEM, at=at)


@timed("*/5 * * * *")
def take_off_due(*, at: datetime) -> int:
    """This will take off the lost authenticators that have waited their time, every five minutes."""
    return actions.take_off_due(SYSTEM, at=at)
