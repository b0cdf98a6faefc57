"""The gates of communities, which are public: no person and no home stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from linli.kernel.ids import CommunityId
from linli.spine import sql
from linli.spine.action import open_query
from linli.trade.delivery.rules import GateAt

MOST_GATES = 2_000


@open_query
def gates(*, communities: Iterable[CommunityId]) -> dict[CommunityId, tuple[GateAt, ...]]:
    """This will give the gates of communities by their names; a community without any is absent."""
    rows = sql.fetch(
        "SELECT community, label, lat, lon FROM delivery_gate WHERE community = ANY(%s::uuid[])"
        " ORDER BY community, label LIMIT %s",
        sql.as_ids(communities),
        MOST_GATES,
    )
    found: dict[CommunityId, list[GateAt]] = defaultdict(list)
    for community, label, lat, lon in rows:
        found[CommunityId(community)].append(GateAt(label, lat, lon))
    return {community: tuple(each) for community, each in found.items()}
