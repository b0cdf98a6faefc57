"""Nightfall: at the end of a day every clock of the house strikes, at that day's instant and until nothing is left."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from itertools import cycle, islice
from zoneinfo import ZoneInfo

from linli.money.payments import queries as payments
from linli.spine import outbox
from linli.spine.jobs import Timer, timers
from linli.spine.scope import SYSTEM

CLOSES = clock(3, 30)
"""A day closes at this hour of the next one, when the last of its orders has long been handed over."""
MOST_ROUNDS = 2_000
HEARD_LIMIT_S = 60.0


class NeverQuiet(RuntimeError):
    """A clock found something to do again and again: it does not take effect."""


def close_day(day: date, zone: ZoneInfo) -> None:
    """This will run all timed tasks as of the end of a day; those that take a portion run until nothing is left.

    What they asked of the provider is waited for, so that the next day's bill is complete.
    """
    at = datetime.combine(day + timedelta(days=1), CLOSES, zone)
    often = [timer for timer in timers() if _is_frequent(timer)]
    _until_quiet(often, at)
    for timer in timers():
        if not _is_frequent(timer):
            timer.run(at=at)
    _until_quiet(often, at)
    _hear_all(often, at)


def drain() -> bool:
    """This will carry every fact that waits to whoever listens, and tell whether there was one."""
    carried = False
    while outbox.drain(at=datetime.now(UTC)):
        carried = True
    return carried


def _is_frequent(timer: Timer) -> bool:
    """Whether it strikes many times an hour: such a clock takes portions, and is asked until nothing is left."""
    return timer.cron.startswith("*")


def _until_quiet(often: list[Timer], at: datetime) -> None:
    """Strike them in turn until none has found anything to do since the last that did."""
    drain()
    resting = 0
    for timer in islice(cycle(often), MOST_ROUNDS * len(often)):
        resting = 0 if timer.run(at=at) else resting + 1
        if (resting == 0 or resting >= len(often)) and drain():
            resting = 0
        if resting >= len(often):
            return
    raise NeverQuiet(f"the clocks of {at:%Y-%m-%d} do not come to rest")


def _hear_all(often: list[Timer], at: datetime) -> None:
    """Refunds are confirmed by the provider's own word, which takes a moment to arrive."""
    until = time.monotonic() + HEARD_LIMIT_S
    while payments.refunds(SYSTEM, waiting_only=True, limit=1) and time.monotonic() < until:
        time.sleep(0.05)
        drain()
        at += timedelta(seconds=60)
        for timer in often:
            timer.run(at=at)
    drain()
