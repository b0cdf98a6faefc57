"""What the clock does for venues."""

from __future__ import annotations

from datetime import datetime

from linli.estate.venues import actions, queries
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

MOST = 200


@timed("*/10 * * * *")
def miss_bookings(*, at: datetime) -> int:
    """This will note who did not come."""
    due = queries.bookings_due(SYSTEM, at=at, limit=MOST)
    for booking in due:
        actions.miss_booking(SYSTEM, booking=booking, at=at)
    return len(due)


@timed("*/5 * * * *")
def lapse_bookings(*, at: datetime) -> int:
    """This will give slots free whose deposit nobody paid in time."""
    due = queries.bookings_unpaid(SYSTEM, at=at, limit=MOST)
    for booking in due:
        actions.lapse_booking(SYSTEM, booking=booking, at=at)
    return len(due)


@timed("20 * * * *")
def give_deposits_back(*, at: datetime) -> int:
    """This will give deposits back some days after their slots, where nobody kept them."""
    due = queries.deposits_due_back(SYSTEM, at=at, limit=MOST)
    for booking in due:
        actions.give_deposit_back(SYSTEM, booking=booking, at=at)
    return len(due)
