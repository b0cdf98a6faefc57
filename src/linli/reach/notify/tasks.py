"""What notify does by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.reach.notify import actions
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM


@timed("* * * * * */5")
def send_messages(*, at: datetime) -> int:
    """This will send what is due, every five seconds."""
    return actions.send_due(at=at)


@timed("17 * * * *")
def erase_bodies(*, at: datetime) -> int:
    """This will erase old bodies of the embedded inbox, every hour."""
    return actions.erase_old_bodies(SYSTEM, at=at)
