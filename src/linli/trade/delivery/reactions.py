"""What delivery does when a fact comes up."""

from __future__ import annotations

from linli.ground.places.events import CommunityAdded
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions


@reacts_to(CommunityAdded)
def join_zone(fact: CommunityAdded) -> None:
    """This will put a new community into the zone within whose radius it lies."""
    actions.join_zone(SYSTEM, community=fact.community, at=fact.at)
