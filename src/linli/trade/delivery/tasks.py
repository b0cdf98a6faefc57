"""What the clock does for delivery: slots open and close, kitchens take a breath, what nobody wants is freed."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.spine import sql
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions

MOST = 500
GRACE = timedelta(minutes=10)
"""Whoever holds a place frees it; what is left so long after its limit was forgotten."""


@timed("7 * * * *")
def open_slots(*, at: datetime) -> int:
    """This will make the slots of the next days."""
    return actions.open_slots(SYSTEM, at=at)


@timed("* * * * *")
def release_overdue(*, at: datetime) -> int:
    """This will free places held for checkouts that nobody ended."""
    return actions.release_overdue(SYSTEM, limit_at=at - GRACE, most=MOST)


@timed("* * * * *")
def pause_overloaded(*, at: datetime) -> int:
    """This will pause the shops whose kitchens cannot keep up."""
    rows = sql.fetch(
        "SELECT k.shop FROM delivery_kitchen k WHERE k.pauses_by_itself AND EXISTS (SELECT FROM delivery_capacity c"
        " WHERE c.axis = 'kitchen' AND c.subject = k.shop AND c.start_at <= %s AND c.end_at > %s"
        " AND c.taken >= k.value_minor) LIMIT %s",
        at,
        at,
        MOST,
    )
    return sum(actions.pause_overloaded(SYSTEM, shop=shop, at=at) for (shop,) in rows)
