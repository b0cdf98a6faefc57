"""Settling: the planned town is written through the doors of the house, in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.ground.files import actions as files
from linli.ground.people import actions as people
from linli.ground.people.actions import PersonRow
from linli.ground.people.rules import Level
from linli.ground.places import actions as places
from linli.ground.places import queries as known_places
from linli.ground.places.actions import BuildingRow, HomeRow
from linli.ground.policies import actions as policies
from linli.kernel.ids import CategoryId, CityId, CommunityId, FileId, PartyId
from linli.money.payments.rules import PaymentPolicy
from linli.spine.action import action
from linli.spine.may import Duty, May, Role
from linli.spine.scope import Scope
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.actions import Added
from linli.trade.catalogue.rules import GroupDraft, Kind, ListingDraft, OptionDraft, VariantDraft
from linli.trade.shops import actions as shops
from linli.trade.shops.rules import ShopKind
from linli.trade.stock import actions as stock
from linli.trade.stock.actions import Receipt
from linli.works.demo import charging, prepaying
from linli.works.demo.pictures import TINTS, picture, shop_front
from linli.works.demo.shelves import FRESH
from linli.works.demo.town import Community, Good, Person, Shop, Town
from linli.works.opening import NewShop, courier, open_shop, organisation

_LIVED_HERE = timedelta(days=400)
"""Everybody moved in this long ago, so that nobody's home is guarded as a newcomer's."""
_TRANSFERS = {
    "transfer_account_name": "云汀邻里平台",
    "transfer_account": "6200 0000 0000 0001",
    "transfer_bank": "Embedded Bank",
}
"""Made up, like its bank: the custody account of the town."""
_FRESH_DAYS = 60
"""What keeps shorter than this is fresh; the rest is packaged."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the shops stand on: the city and its communities."""

    city: CityId
    communities: tuple[CommunityId, ...]
    categories: dict[str, CategoryId]
    pictures: dict[str, tuple[FileId, ...]]


def is_settled() -> bool:
    """This will tell whether a town stands in this database already."""
    return bool(known_places.cities(limit=1))


@action(needs=May.KEEP_PLACES, private=("town",))
def settle(scope: Scope, *, town: Town, at: datetime, opened_at: datetime | None = None) -> None:
    """This will write the whole town: places, people and their roles, shops with goods on the shelves.

    What the company charges begins at `at`. People and shops were there from `opened_at` on, but only the first shop
    has goods by then: what the others had brought that early would be thrown away unsold.
    """
    charged_at, at = at, opened_at or at
    city = places.add_city(scope, name=town.name, timezone=town.timezone, currency=town.currency, at=at)
    # Without an account of the city's, nobody is offered to pay by bank transfer or to pay cash in.
    policies.set_policy(scope, word=PaymentPolicy.word, level="city", place=city, values=_TRANSFERS, start_at=at, at=at)
    district = places.add_district(scope, city=city, name=town.district, at=at)
    communities = []
    for each in town.communities:
        community = places.add_community(
            scope, district=district, name=each.name, lat=each.lat, lon=each.lon, address=each.address, at=at
        )
        _people_of(scope, community, each, at)
        communities.append(community)
    couriers, desk = _workers(scope, town, city, communities, at)
    charging.charge(desk, communities=communities, at=charged_at)
    prepaying.arrange(desk, community=communities[0], at=charged_at)
    roots = enumerate(town.categories.items())
    ground = Ground(
        city,
        tuple(communities),
        {key: catalogue.add_category(scope, name=name, position=n, at=at) for n, (key, name) in roots},
        {key: _draw(scope, key, at) for key in town.categories},
    )
    for nth, shop in enumerate(town.shops):
        # Every third shop brings its goods itself; the others share the couriers.
        brings = couriers[nth % len(couriers)] if nth % 3 != 2 else None
        added = _open(scope, shop, brings, ground, at)
        is_early = nth == 0 and at < charged_at
        _fill_shelves(scope, shop.goods, added, at if is_early else charged_at, most_dated=FRESH if is_early else None)


def _draw(scope: Scope, category: str, at: datetime) -> tuple[FileId, ...]:
    name = f"{category}.png"
    return tuple(
        files.keep_file(scope, name=name, content=picture(category, tint), purpose="listing_picture", at=at)
        for tint in range(TINTS)
    )


def _people_of(scope: Scope, community: CommunityId, plan: Community, at: datetime) -> None:
    buildings = [BuildingRow(b.label, b.lat, b.lon) for b in plan.buildings]
    places.add_buildings(scope, community=community, rows=buildings, at=at)
    doors = [HomeRow(h.building, h.unit, h.label, h.area_m2) for h in plan.homes]
    homes = places.add_homes(scope, community=community, rows=doors, at=at)
    since = (at - _LIVED_HERE).date()
    rows = [PersonRow(n.name, n.phone, homes[n.home], n.kind, since, n.locale) for n in plan.neighbours]
    people.register_people(scope, rows=rows, at=at)


def _workers(
    scope: Scope, town: Town, city: CityId, communities: Sequence[CommunityId], at: datetime
) -> tuple[list[PartyId], Scope]:
    operator = _person(scope, town.operator, at)
    people.grant_role(scope, party=operator, role=Role.PLATFORM, level=Level.PLATFORM, at=at)
    company = organisation(scope, town.company, at=at)
    for community in communities:
        people.entrust_community(scope, community=community, company=company, start_on=at.date(), at=at)
    manager, *stewards = [_person(scope, person, at) for person in town.staff]
    people.grant_role(scope, party=manager, role=Role.PROPERTY, level=Level.COMPANY, place=company, at=at)
    for steward, community in zip(stewards, communities, strict=False):
        people.grant_role(
            scope, party=steward, role=Role.PROPERTY, level=Level.COMMUNITY, place=community, duty=Duty.STEWARD, at=at
        )
    desk = Scope(role=Role.PROPERTY, person=manager, city=city, communities=tuple(communities), company=company)
    standing = sorted(known_places.buildings(community=communities[0]).values(), key=lambda one: int(one.label))
    cared_for = [one.id for one in standing[: max(1, len(standing) * 3 // 4)]]
    people.set_building_stewards(
        desk, community=communities[0], buildings=cared_for, steward=stewards[0], start_on=at.date(), at=at
    )
    return [courier(scope, name=each.name, phone=each.phone, city=city, at=at) for each in town.couriers], desk


def _open(scope: Scope, plan: Shop, brings: PartyId | None, ground: Ground, at: datetime) -> tuple[Added, ...]:
    new = NewShop(
        name=plan.name,
        merchant=plan.merchant,
        owner=_person(scope, plan.owner, at),
        kind=ShopKind(plan.kind),
        city=ground.city,
        communities=ground.communities,
        lat=plan.lat,
        lon=plan.lon,
        hours=plan.hours,
        delivers=plan.delivers,
        courier=brings,
        fee=plan.fee,
        free_from=plan.free_from,
        minutes=plan.minutes,
        commission_bp=plan.commission_bp,
        property_share_bp=plan.property_share_bp,
    )
    shop = open_shop(scope, new, at=at)
    front = shop_front(list(dict.fromkeys(good.category for good in plan.goods)), sum(plan.merchant.encode()))
    shops.upload_picture(scope, shop=shop, file_name="front.png", content=front, at=at)
    return catalogue.add_listings(scope, shop=shop, drafts=[_draft(good, ground) for good in plan.goods], at=at)


def _fill_shelves(
    scope: Scope, goods: Sequence[Good], added: Sequence[Added], at: datetime, *, most_dated: int | None
) -> None:
    """Of what has a date at most so many, where weeks go by before anybody comes for it."""
    receipts = [
        Receipt(
            variant=each.variants[0],
            quantity=min(good.stock, most_dated) if most_dated and good.days else good.stock,
            cost=good.cost,
            expires_at=at + timedelta(days=good.days) if good.days else None,
        )
        for good, each in zip(goods, added, strict=True)
        if good.stock
    ]
    if receipts:
        stock.receive_batches(scope, receipts=receipts, at=at)


def _draft(good: Good, ground: Ground) -> ListingDraft:
    kind = Kind.PACKAGED
    if good.stock is None:
        kind = Kind.PREPARED
    elif good.days is not None and good.days < _FRESH_DAYS:
        kind = Kind.FRESH
    groups = tuple(
        GroupDraft(
            name=choice.name,
            options=tuple(OptionDraft(name=name, price=price, minutes=m) for name, price, m in choice.options),
            least=choice.least,
            most=choice.most,
        )
        for choice in good.choices
    )
    return ListingDraft(
        name=good.name,
        kind=kind,
        variants=(VariantDraft(price=good.price, measure=good.measure),),
        category=ground.categories[good.category],
        picture=ground.pictures[good.category][sum(good.name["zh"].encode()) % TINTS],
        groups=groups,
    )


def _person(scope: Scope, person: Person, at: datetime) -> PartyId:
    return people.register_person(scope, name=person.name, phone=person.phone, at=at)
