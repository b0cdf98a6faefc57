"""What chores do by the clock; carrying them out is the worker's (config/carrier)."""

from __future__ import annotations

from datetime import datetime

from linli.ground.chores import actions
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

PORTION = 500


@timed("*/10 * * * *")
def give_up_untaken(*, at: datetime) -> int:
    """This will give up what nobody took up for hours."""
    return sum(iter(lambda: actions.give_up_untaken(SYSTEM, most=PORTION, at=at), 0))


@timed("41 * * * *")
def forget_chores(*, at: datetime) -> int:
    """This will forget what ended long ago, every hour, until none is left."""
    return sum(iter(lambda: actions.forget_chores(SYSTEM, most=PORTION, at=at), 0))
