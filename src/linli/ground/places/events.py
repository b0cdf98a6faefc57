"""What other floors hear about places."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import CityId, CommunityId


class CommunityAdded(Fact):
    """A community is known now; shops near it may want to serve it."""

    community: CommunityId
    city: CityId
