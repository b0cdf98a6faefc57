"""Which policy holds here and now, and why."""

from __future__ import annotations

import time
from collections import OrderedDict
from contextvars import ContextVar
from datetime import datetime
from threading import Lock
from typing import TypeVar
from uuid import UUID

from linli.ground.policies import rules
from linli.ground.policies.rules import Explained, Level, Policy, Version
from linli.kernel.ids import BuildingId, CityId, CommunityId
from linli.spine import sql
from linli.spine.action import open_query
from linli.spine.frame import Frame, current
from linli.spine.scope import Scope

P = TypeVar("P", bound=Policy)
Place = tuple[str, UUID | None, UUID | None, UUID | None]

REMEMBERED_S = 5.0
"""How long a process believes what it has read; a change made by another process is seen after this at the latest."""
MOST_REMEMBERED = 4096
MOST_VERSIONS = 10_000
"""Versions of one policy along one chain of places; far more than settings change in years."""

_remembered: OrderedDict[Place, tuple[float, tuple[Version, ...]]] = OrderedDict()
_lock = Lock()
_unsettled: ContextVar[Frame | None] = ContextVar("policies_unsettled", default=None)


@open_query
def policy(
    _scope: Scope,
    cls: type[P],
    *,
    at: datetime,
    community: CommunityId | None = None,
    city: CityId | None = None,
    building: BuildingId | None = None,
) -> P:
    """This will give the policy that holds at a place and an instant; asked again within seconds, without SQL."""
    return rules.resolve(cls, _versions((cls.word, city, community, building)), at)


@open_query
def explain(
    _scope: Scope,
    cls: type[Policy],
    *,
    at: datetime,
    community: CommunityId | None = None,
    city: CityId | None = None,
    building: BuildingId | None = None,
) -> tuple[Explained, ...]:
    """This will tell for each setting which value holds, which level and place say so, and since when."""
    return rules.explain(cls, _versions((cls.word, city, community, building)), at)


def policy_classes() -> tuple[type[Policy], ...]:
    """This will list every policy of the house by its word."""
    return rules.classes()


def forget() -> None:
    """This will have the process read afresh, and the action that runs now remember nothing, as it may roll back."""
    _unsettled.set(current.get())
    with _lock:
        _remembered.clear()


def _versions(place: Place) -> tuple[Version, ...]:
    now = time.monotonic()
    with _lock:
        known = _remembered.get(place)
        if known is not None and now - known[0] < REMEMBERED_S:
            return known[1]
    word, city, community, building = place
    rows = sql.fetch(
        "SELECT setting, level, place, value, start_at, number, holds_from, holds_until"
        " FROM policies_versions(%s, %s, %s, %s) ORDER BY start_at DESC, number DESC LIMIT %s",
        word,
        city,
        community,
        building,
        MOST_VERSIONS,
    )
    versions = tuple(Version(row[0], Level(row[1]), row[2], sql.from_json(row[3]), *row[4:]) for row in rows)
    frame = current.get()
    if frame is not None and frame is _unsettled.get():
        return versions
    with _lock:
        _remembered[place] = (now, versions)
        _remembered.move_to_end(place)
        while len(_remembered) > MOST_REMEMBERED:
            _remembered.popitem(last=False)
    return versions
