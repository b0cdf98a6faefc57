"""What billing does by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.estate.billing import actions
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

PORTION = 500


@timed("25 1 * * *")
def lapse_deposits(*, at: datetime) -> int:
    """This will let deposits lapse that were asked for and not paid in time."""
    lapsed = 0
    while (some := actions.lapse_deposits(SYSTEM, limit=PORTION, at=at)) > 0:
        lapsed += some
    return lapsed
