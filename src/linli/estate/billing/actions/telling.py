"""What people are told about money: in the name of the community, and not in the quiet hours of its night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.estate.billing.queries.nights import awake_at
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, PartyId
from linli.reach.notify import actions as notify
from linli.reach.notify.rules import named
from linli.spine.scope import SYSTEM


def tell_people(people: Sequence[PartyId], template: str, community: CommunityId, at: datetime, **values: str) -> int:
    """This will queue a message about money to people of a community, and tell to how many."""
    name = places.community(community).name
    return notify.queue_messages(
        SYSTEM,
        to=list(people),
        template=template,
        values={**named("community", name), **values},
        not_before=awake_at(community, at),
        at=at,
    )
