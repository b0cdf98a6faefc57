"""Who carries: for whom, by what, and whether a task is theirs to carry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from linli.kernel.ids import CityId, CommunityId, PartyId, ShopId


class Employment(StrEnum):
    """For whom a courier carries."""

    PLATFORM = "platform"
    COMPANY = "company"
    SHOP = "shop"


class Vehicle(StrEnum):
    FOOT = "foot"
    BIKE = "bike"
    TRIKE = "trike"


class Skill(StrEnum):
    """What not every courier can carry."""

    COLD_BOX = "cold_box"
    HEAVY = "heavy"
    STAIRS = "stairs"
    MEDICINE = "medicine_training"


class EarningKind(StrEnum):
    TASK = "task"
    WAY_BACK = "way_back"
    TOP_UP = "top_up"


CAPACITY: dict[Vehicle, int] = {Vehicle.FOOT: 6, Vehicle.BIKE: 15, Vehicle.TRIKE: 60}
"""Orders that a vehicle carries where nobody says otherwise."""
MOST_CAPACITY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """A courier as far as matching is concerned. No communities: the whole city."""

    person: PartyId
    city: CityId
    employment: Employment
    employer: UUID | None
    communities: Collection[CommunityId]
    skills: Collection[str] = ()


def may_carry(
    hands: Hands,
    *,
    city: CityId,
    community: CommunityId,
    shop: ShopId,
    by_shop: bool,
    needs: Collection[str] = (),
) -> bool:
    """This will tell whether a task is a courier's to carry.

    Whoever lacks a skill that the goods need never carries them. A shop's own couriers carry for their shop alone, and
    what a shop carries itself is carried by nobody else.
    """
    if not set(needs) <= set(hands.skills):
        return False
    if hands.city != city or (hands.communities and community not in hands.communities):
        return False
    of_this_shop = hands.employment is Employment.SHOP and hands.employer == shop
    return of_this_shop if by_shop else of_this_shop or hands.employment is not Employment.SHOP
