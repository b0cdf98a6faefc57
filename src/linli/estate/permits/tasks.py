"""What the clock does for permits, moves and slips."""

from __future__ import annotations

from datetime import datetime

from linli.estate.permits import actions, queries
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

MOST = 200


@timed("7,37 * * * *")
def keep_deadlines(*, at: datetime) -> int:
    """This will take up every permit whose deadline has passed since the last time."""
    due = queries.permits_due(SYSTEM, at=at, limit=MOST)
    for permit in due:
        actions.keep_deadline(SYSTEM, permit=permit, at=at)
    return len(due)


@timed("12,42 * * * *")
def keep_moves(*, at: datetime) -> int:
    """This will take up every move that nobody finished by its day."""
    due = queries.relocations_due(SYSTEM, at=at, limit=MOST)
    for relocation in due:
        actions.keep_relocation(SYSTEM, relocation=relocation, at=at)
    return len(due)


@timed("17,47 * * * *")
def chase_desks(*, at: datetime) -> int:
    """This will tell the desks of what is late in their communities."""
    late = queries.communities_late(SYSTEM, at=at, limit=MOST)
    return sum(actions.tell_what_is_late(SYSTEM, community=community, at=at) for community in late)


@timed("*/5 * * * *")
def expire_releases(*, at: datetime) -> int:
    """This will end the slips whose time is over."""
    due = queries.releases_due(SYSTEM, at=at, limit=MOST)
    for release in due:
        actions.expire_release(SYSTEM, release=release, at=at)
    return len(due)
