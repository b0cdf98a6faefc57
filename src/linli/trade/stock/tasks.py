"""What the clock does for stock: expired goods leave, forgotten reservations are freed."""

from __future__ import annotations

from datetime import datetime

from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM
from linli.trade.stock import actions
from linli.trade.stock.rules import GRACE

MOST = 500


@timed("*/5 * * * *")
def expire_batches(*, at: datetime) -> int:
    """This will move expired goods out, a few hundred batches at a time; the rest waits for the next five minutes."""
    return actions.dispose_expired(SYSTEM, most=MOST, at=at)


@timed("* * * * *")
def release_overdue(*, at: datetime) -> int:
    """This will free what was reserved for checkouts that nobody ended."""
    return actions.release_overdue(SYSTEM, limit_at=at - GRACE, most=MOST, at=at)
