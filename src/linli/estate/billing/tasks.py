"""What billing does by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.estate.billing import actions, queries
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

PORTION = 500


@timed("20 0 * * *")
def accrue_late_fees(*, at: datetime) -> int:
    """This will work out the late fees of all open lines, portion by portion, and give how many lines were added."""
    found = actions.accrue_late_fees(SYSTEM, at=at)
    added = found.lines
    while found.after is not None:
        found = actions.accrue_late_fees(SYSTEM, after=found.after, at=at)
        added += found.lines
    return added


@timed("25 1 * * *")
def lapse_deposits(*, at: datetime) -> int:
    """This will let deposits lapse that were asked for and not paid in time."""
    lapsed = 0
    while (some := actions.lapse_deposits(SYSTEM, limit=PORTION, at=at)) > 0:
        lapsed += some
    return lapsed


@timed("35 1 * * *")
def lapse_waivers(*, at: datetime) -> int:
    """This will let waivers lapse that nobody decided in time."""
    return actions.lapse_waivers(SYSTEM, at=at)


@timed("30 1 * * *")
def remind(*, at: datetime) -> int:
    """This will remind everybody whose debt has reached a stage of its community's policy."""
    return sum(
        actions.remind(SYSTEM, community=community, at=at) for community in queries.communities_in_arrears(SYSTEM)
    )


@timed("40 1 * * *")
def end_terms(*, at: datetime) -> int:
    """This will let prepaid terms lapse that nobody paid, and end those that are used up or were cut long ago."""
    ended = 0
    while (some := actions.lapse_terms(SYSTEM, limit=PORTION, at=at)) > 0:
        ended += some
    while (some := actions.end_terms(SYSTEM, limit=PORTION, at=at)) > 0:
        ended += some
    return ended


@timed("15 0 * * *")
def keep_plans(*, at: datetime) -> int:
    """This will finish, break and remind of instalment plans before late fees run; gives how many portions it was."""
    portions, after = 1, actions.keep_plans(SYSTEM, limit=PORTION, at=at)
    while after is not None:
        after = actions.keep_plans(SYSTEM, limit=PORTION, after=after, at=at)
        portions += 1
    return portions
