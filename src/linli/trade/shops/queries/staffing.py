"""Who works in a shop, as its own people see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.ground.people import queries as people
from linli.ground.people.rules import Level, masked_name
from linli.kernel.ids import PartyId, ShopId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.shops.models import Shop


@dataclass(frozen=True, slots=True)
class StaffCard:
    """A person at the shop's desk. Name and phone are masked: who adds a number must not learn whose it is."""

    person: PartyId
    name: str
    phone: str
    since: datetime
    is_merchant: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody at the desk; `may_change` where the one who asks decides about them."""

    people: tuple[StaffCard, ...]
    may_change: bool


@dataclass(frozen=True, slots=True)
class CourierCard:
    """A courier of the shop's city; the phone is masked."""

    person: PartyId
    name: str
    phone: str


@query
def couriers(scope: Scope, *, shop: ShopId, at: datetime) -> tuple[CourierCard, ...]:
    """This will list who could bring a shop's goods, to whoever works there; to others there is no such shop."""
    city = Shop.objects.filter(pk=shop).values_list("city", flat=True).first()
    if city is None or not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")
    found = people.wearers(SYSTEM, role=Role.COURIER, level=Level.CITY, place=city, at=at)
    return tuple(CourierCard(each.party, each.name, each.phone) for each in found)


@query
def staff(scope: Scope, *, shop: ShopId, at: datetime) -> Staff:
    """This will list who works at a shop, to whoever does; to others there is no such shop."""
    row = Shop.objects.filter(pk=shop).values_list("applicant", "merchant").first()
    if row is None or not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")
    found = people.wearers(SYSTEM, role=Role.MERCHANT, level=Level.SHOP, place=shop, at=at)
    cards = tuple(
        StaffCard(
            each.party,
            each.name if each.party == scope.person else masked_name(each.name),
            each.phone,
            each.start_at,
            each.party in row,
        )
        for each in found
    )
    return Staff(cards, scope.is_inside or scope.person in row)
