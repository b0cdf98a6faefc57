"""What happened with parcels."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import CommunityId, HomeId, ParcelId


class ParcelArrived(Fact):
    """A parcel waits for a home."""

    parcel: ParcelId
    community: CommunityId
    home: HomeId


class ParcelLeft(Fact):
    """A parcel was handed out, went back, or is lost."""

    parcel: ParcelId
    community: CommunityId
    state: str
