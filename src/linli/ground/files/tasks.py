"""What files do by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.ground.files import actions
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

MOST_SWEPT = 10_000


@timed("23 * * * *")
def sweep_orphans(*, at: datetime) -> int:
    """This will remove what interrupted uploads left on the disk, one of 256 shelves an hour."""
    return actions.sweep_orphans(SYSTEM, most=MOST_SWEPT, at=at)
