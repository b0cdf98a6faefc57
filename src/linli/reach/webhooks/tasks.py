"""What webhooks do by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.reach.webhooks import actions
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM


@timed("* * * * * */5")
def send_webhooks(*, at: datetime) -> int:
    """This will send what is due, every five seconds."""
    return actions.send_due(at=at)


@timed("43 * * * *")
def forget_deliveries(*, at: datetime) -> int:
    """This will delete old deliveries, every hour."""
    return actions.forget_old(SYSTEM, at=at)
