"""What happened to shops."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import CityId, PartyId, ShopId


class ShopApplied(Fact):
    """A merchant asks to sell here; the platform has to answer."""

    shop: ShopId
    city: CityId


class ShopApproved(Fact):
    """The shop may sell wherever it has terms."""

    shop: ShopId
    city: CityId
    merchant: PartyId


class ShopRefused(Fact):
    """The platform said no; the reasons stand in the shop's moves."""

    shop: ShopId


class ShopSuspended(Fact):
    """The shop may not sell until it is reinstated; open orders go on."""

    shop: ShopId


class ShopReinstated(Fact):
    """A suspended shop sells again."""

    shop: ShopId


class ShopClosed(Fact):
    """The shop has left for good."""

    shop: ShopId
