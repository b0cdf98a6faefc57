"""What the clock does for shops: one whose required licence has run out stops selling."""

from __future__ import annotations

from datetime import datetime

from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM
from linli.trade.shops import actions, queries

MOST = 200


@timed("17 * * * *")
def suspend_unlicensed(*, at: datetime) -> int:
    """This will suspend the shops that sell without a valid licence; a new one, accepted, lets them be reinstated."""
    shops = queries.unlicensed(SYSTEM, at=at, limit=MOST)
    for shop in shops:
        actions.suspend(SYSTEM, shop=shop, why="A required licence has expired", at=at)
    return len(shops)
