"""The ground that a bench sells on, written through the doors: a community, a shop, a thousand listings with stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from linli.ground.people import actions as people
from linli.ground.people import queries as known_people
from linli.ground.people.actions import PersonRow
from linli.ground.places import actions as places
from linli.ground.places.actions import HomeRow
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, FileId, PartyId, ShopId, VariantId
from linli.kernel.money import Money
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.rules import Kind, ListingDraft, VariantDraft
from linli.trade.shops import actions as shops
from linli.trade.shops.rules import ShopKind, opening, required_licences
from linli.trade.stock import actions as stock
from linli.trade.stock.actions import Receipt

LISTINGS = 1_000
STOCK = 1_000_000
PRICE = Money(1_280)
_SETTLED = timedelta(days=400)
_FIRST_PHONE = 19_800_000_000
_LAT, _LON = 30.2741, 120.1551


@dataclass(frozen=True)
class Town:
    """What clients need to know; it travels to their processes."""

    city: CityId
    community: CommunityId
    shop: ShopId
    merchant: Scope
    buyers: tuple[Scope, ...]
    phones: tuple[str, ...]
    variants: tuple[VariantId, ...]


def settle(*, buyers: int, at: datetime) -> Town:
    """This will write the town, with a home of their own for so many buyers."""
    phones = tuple(str(_FIRST_PHONE + n) for n in range(buyers))
    city, community, persons = _ground(SYSTEM, phones=phones, at=at)
    merchant = people.register_organisation(SYSTEM, name="Bench Trading", at=at)
    shop, variants = _shop(SYSTEM, city=city, community=community, merchant=merchant, at=at)
    return Town(
        city=city,
        community=community,
        shop=shop,
        merchant=Scope(role=Role.MERCHANT, person=merchant, city=city, shop=shop),
        buyers=tuple(_as_resident(person, at) for person in persons),
        phones=phones,
        variants=variants,
    )


@action(needs=May.KEEP_PLACES, private=("phones",))
def _ground(scope: Scope, *, phones: tuple[str, ...], at: datetime) -> tuple[CityId, CommunityId, tuple[PartyId, ...]]:
    both = {"zh": "测速", "en": "Bench"}
    city = places.add_city(scope, name=both, timezone="Asia/Shanghai", currency="CNY", at=at)
    district = places.add_district(scope, city=city, name=both, at=at)
    community = places.add_community(scope, district=district, name=both, lat=_LAT, lon=_LON, address="1", at=at)
    places.add_buildings(scope, community=community, rows=[places.BuildingRow("1", _LAT, _LON)], at=at)
    doors = [HomeRow("1", "1", f"{100 + n}", Decimal("89.37")) for n in range(len(phones))]
    homes = places.add_homes(scope, community=community, rows=doors, at=at)
    since = (at - _SETTLED).date()
    rows = [PersonRow(f"Buyer {n}", phone, homes[n], "owner", since, "en") for n, phone in enumerate(phones)]
    persons = people.register_people(scope, rows=rows, at=at)
    company = people.register_organisation(scope, name="Bench Property", at=at)
    people.entrust_community(scope, community=community, company=company, start_on=at.date(), at=at)
    return city, community, persons


@action(needs=May.KEEP_PLACES)
def _shop(
    scope: Scope, *, city: CityId, community: CommunityId, merchant: PartyId, at: datetime
) -> tuple[ShopId, tuple[VariantId, ...]]:
    asking = Scope(role=Role.RESIDENT, person=merchant)
    shop = shops.apply(
        asking,
        name={"zh": "测速小店", "en": "Bench Shop"},
        kind=ShopKind.OTHER,
        city=city,
        lat=_LAT,
        lon=_LON,
        address="1",
        merchant=merchant,
        at=at,
    )
    for kind in sorted(required_licences(ShopKind.OTHER)):
        licence = shops.submit_licence(
            asking, shop=shop, kind=kind, number="BENCH", file=FileId(ids.new()), expires_on=None, at=at
        )
        shops.judge_licence(scope, licence=licence, accepted=True, at=at)
    shops.approve(scope, shop=shop, at=at)
    shops.set_terms(
        scope, shop=shop, communities=[community], commission_bp=800, property_share_bp=4000, start_at=at, at=at
    )
    shops.set_opening(scope, shop=shop, openings=[opening(day, "00:00", "00:00") for day in range(7)], at=at)
    variants = add_goods(scope, shop=shop, count=LISTINGS, stocked=STOCK, at=at)
    return shop, variants


@action(needs=May.KEEP_CATALOGUE)
def add_goods(scope: Scope, *, shop: ShopId, count: int, stocked: int, at: datetime) -> tuple[VariantId, ...]:
    """This will put so many listings on the shelf, each with so many pieces."""
    drafts = [
        ListingDraft(
            name={"zh": f"东北大米 {n}", "en": f"Rice {n}"}, kind=Kind.PACKAGED, variants=(VariantDraft(price=PRICE),)
        )
        for n in range(count)
    ]
    added = catalogue.add_listings(scope, shop=shop, drafts=drafts, at=at)
    variants = tuple(each.variants[0] for each in added)
    stock.receive_batches(scope, receipts=[Receipt(variant=v, quantity=stocked) for v in variants], at=at)
    return variants


def _as_resident(person: PartyId, at: datetime) -> Scope:
    return next(hat.scope for hat in known_people.hats(SYSTEM, person=person, at=at) if hat.role is Role.RESIDENT)
