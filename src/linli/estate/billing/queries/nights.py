"""The night of a community: nobody is told of money in it, and nothing is taken automatically."""

from __future__ import annotations

from datetime import datetime

from linli.estate.billing.rules import BillingPolicy
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId
from linli.reach.notify.rules import after_quiet
from linli.spine.scope import SYSTEM


def awake_at(community: CommunityId, at: datetime) -> datetime:
    """This will give the moment itself, or the end of the quiet hours of the community in which it lies."""
    terms = policy(SYSTEM, BillingPolicy, at=at, community=community)
    zone = places.market_of(community).timezone
    return after_quiet(at, from_hour=terms.quiet_from_hour, until_hour=terms.quiet_until_hour, timezone=zone)
