"""What the ledger does by the clock: fold queues, seal days that are over, make room for the months to come."""

from __future__ import annotations

import time
from datetime import datetime

from linli.money.ledger import actions
from linli.spine import sql
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

PATIENCE_S = 5.0
"""How long a seal waits for transactions in flight before it leaves the day to the next tick."""


@timed("* * * * *")
def roll_up(*, at: datetime) -> int:
    """This will fold what came into guarded accounts into their cached balances, and give how many accounts."""
    return actions.roll_up(SYSTEM, at=at)


@timed("*/15 * * * *")
def seal_days(*, at: datetime) -> int:
    """This will seal the days that are over, when nobody who could still add to them is under way."""
    return actions.seal_days(SYSTEM, at=at) if _writers_are_done() else 0


@timed("7 3 * * *")
def make_months(*, at: datetime) -> int:
    """This will make the partitions of the coming months."""
    return actions.make_months(SYSTEM, at=at)


def _writers_are_done() -> bool:
    """Everybody who is writing journals now may have begun yesterday; who begins later writes into later days."""
    writers = set(_writers())
    give_up = time.monotonic() + PATIENCE_S
    while writers & set(_writers()):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def _writers() -> list[str]:
    row = sql.fetch_one("SELECT ledger_writers()")
    return row[0] if row else []
