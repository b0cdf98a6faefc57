"""What happened to the catalogue."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import ListingId, ShopId


class ListingAdded(Fact):
    """A shop sells something new."""

    shop: ShopId
    listing: ListingId


class ListingUnlisted(Fact):
    """A listing left the shelf; it may come back."""

    shop: ShopId
    listing: ListingId
