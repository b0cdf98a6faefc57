"""What payments do by the clock: ask for what nobody told, send what goes back, read the bills."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.money.payments import actions, rules
from linli.spine.jobs import timed


@timed("* * * * * */15")
def sweep_pending(*, at: datetime) -> int:
    """This will ask the providers about charges that nobody has told us about."""
    return actions.sweep_pending(at=at)


@timed("* * * * * */10")
def send_refunds(*, at: datetime) -> int:
    """This will send the refunds that are due."""
    return actions.send_refunds(at=at)


@timed("* * * * * */20")
def send_deductions(*, at: datetime) -> int:
    """This will have providers take what is to be deducted, and ask about what they have not told."""
    return actions.send_deductions(at=at)


@timed("* * * * * */30")
def tend_agreements(*, at: datetime) -> int:
    """This will ask about agreements that nobody told us of, and end those that are over."""
    return actions.tend_agreements(at=at)


@timed("*/10 * * * *")
def release_held(*, at: datetime) -> int:
    """This will release what is left of charges that a provider holds no longer for their shares."""
    return actions.release_held(at=at)


@timed("40 2 * * *")
def fetch_bills(*, at: datetime) -> int:
    """This will read the bills of yesterday and, for what a provider mended or was late with, of the day before."""
    today = rules.provider_day(at)
    return sum(actions.fetch_bills(day=today - timedelta(days=back), at=at) for back in (2, 1))
