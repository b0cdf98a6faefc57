"""Settling: the planned town is written through the doors of the house, in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from linli.ground.files import actions as files
from linli.ground.people import actions as people
from linli.ground.people.actions import PersonRow
from linli.ground.people.rules import Level
from linli.ground.places import actions as places
from linli.ground.places import queries as known_places
from linli.ground.places.actions import BuildingRow, HomeRow
from linli.kernel.ids import CategoryId, CityId, CommunityId, PartyId, ShopId
from linli.money.payouts import actions as payouts
from linli.spine.action import action
from linli.spine.may import May, Role
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.rules import GroupDraft, Kind, ListingDraft, OptionDraft, VariantDraft
from linli.trade.shops import actions as shops
from linli.trade.shops.rules import Carrier, LicenceKind, ShopKind, opening, required_licences
from linli.trade.stock import actions as stock
from linli.trade.stock.actions import Receipt
from linli.works.demo.town import Community, Good, Person, Shop, Town

_LIVED_HERE = timedelta(days=400)
"""Everybody moved in this long ago, so that nobody's home is guarded as a newcomer's."""
_LICENCE_LASTS = timedelta(days=900)
_FRESH_DAYS = 60
"""What keeps shorter than this is fresh; the rest is packaged."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the shops stand on: the city and its communities."""

    city: CityId
    communities: tuple[CommunityId, ...]
    categories: dict[str, CategoryId]


def is_settled() -> bool:
    """This will tell whether a town stands in this database already."""
    return bool(known_places.cities(limit=1))


@action(needs=May.KEEP_PLACES, private=("town",))
def settle(scope: Scope, *, town: Town, at: datetime) -> None:
    """This will write the whole town: places, people and their roles, shops with goods on the shelves."""
    city = places.add_city(scope, name=town.name, timezone=town.timezone, currency=town.currency, at=at)
    district = places.add_district(scope, city=city, name=town.district, at=at)
    communities = []
    for each in town.communities:
        community = places.add_community(
            scope, district=district, name=each.name, lat=each.lat, lon=each.lon, address=each.address, at=at
        )
        _people_of(scope, community, each, at)
        communities.append(community)
    _workers(scope, town, city, communities, at)
    roots = enumerate(town.categories.items())
    ground = Ground(
        city,
        tuple(communities),
        {key: catalogue.add_category(scope, name=name, position=n, at=at) for n, (key, name) in roots},
    )
    for shop in town.shops:
        _open(scope, shop, ground, at)


def _people_of(scope: Scope, community: CommunityId, plan: Community, at: datetime) -> None:
    buildings = [BuildingRow(b.label, b.lat, b.lon) for b in plan.buildings]
    places.add_buildings(scope, community=community, rows=buildings, at=at)
    doors = [HomeRow(h.building, h.unit, h.label, h.area_m2) for h in plan.homes]
    homes = places.add_homes(scope, community=community, rows=doors, at=at)
    since = (at - _LIVED_HERE).date()
    rows = [PersonRow(n.name, n.phone, homes[n.home], n.kind, since, n.locale) for n in plan.neighbours]
    people.register_people(scope, rows=rows, at=at)


def _workers(scope: Scope, town: Town, city: CityId, communities: Sequence[CommunityId], at: datetime) -> None:
    operator = _person(scope, town.operator, at)
    people.grant_role(scope, party=operator, role=Role.PLATFORM, level=Level.PLATFORM, at=at)
    company = people.register_organisation(scope, name=town.company, at=at)
    _receives(scope, company, town.company, at)
    for community in communities:
        people.entrust_community(scope, community=community, company=company, start_on=at.date(), at=at)
    manager, *stewards = [_person(scope, person, at) for person in town.staff]
    people.grant_role(scope, party=manager, role=Role.PROPERTY, level=Level.COMPANY, place=company, at=at)
    for steward, community in zip(stewards, communities, strict=False):
        people.grant_role(scope, party=steward, role=Role.PROPERTY, level=Level.COMMUNITY, place=community, at=at)
    for courier in town.couriers:
        party = _person(scope, courier, at)
        people.grant_role(scope, party=party, role=Role.COURIER, level=Level.CITY, place=city, at=at)


def _open(scope: Scope, plan: Shop, ground: Ground, at: datetime) -> None:
    owner = _person(scope, plan.owner, at)
    merchant = people.register_organisation(scope, name=plan.merchant, at=at)
    _receives(scope, merchant, plan.merchant, at)
    asking = replace(SYSTEM, person=owner)
    shop = shops.apply(
        asking,
        name=plan.name,
        kind=ShopKind(plan.kind),
        city=ground.city,
        lat=plan.lat,
        lon=plan.lon,
        address="",
        merchant=merchant,
        at=at,
    )
    for kind in sorted(required_licences(ShopKind(plan.kind))):
        _show_licence(asking, shop, kind, at)
    shops.approve(scope, shop=shop, at=at)
    shops.set_terms(
        scope,
        shop=shop,
        communities=ground.communities,
        commission_bp=plan.commission_bp,
        property_share_bp=plan.property_share_bp,
        start_at=at,
        at=at,
    )
    opens, closes = plan.hours
    shops.set_opening(scope, shop=shop, openings=[opening(day, opens, closes) for day in range(7)], at=at)
    shops.set_delivery(
        scope,
        shop=shop,
        carrier=Carrier.SHOP if plan.delivers else Carrier.NONE,
        fee=plan.fee,
        free_from=plan.free_from,
        minutes_promised=plan.minutes,
        at=at,
    )
    _fill_shelves(scope, shop, plan.goods, ground, at)


def _show_licence(asking: Scope, shop: ShopId, kind: LicenceKind, at: datetime) -> None:
    licence = shops.submit_licence(
        asking,
        shop=shop,
        kind=kind,
        number=f"DEMO-{kind.value.upper()}",
        file=files.keep_file(asking, name=f"{kind.value}.png", content=_paper(kind), purpose="licence", at=at),
        expires_on=(at + _LICENCE_LASTS).date(),
        at=at,
    )
    shops.judge_licence(asking, licence=licence, accepted=True, at=at)


def _paper(kind: LicenceKind) -> bytes:
    """A sheet that looks like a licence from afar and says what it is from near."""
    sheet = Image.new("RGB", (640, 440), "#fdf8ec")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((16, 16, 624, 424), outline="#b98a2f", width=4)
    pen.text((48, 60), f"DEMO {kind.value.upper()} LICENCE", fill="#7a1f1f", font_size=36)
    pen.text((48, 130), "Made up for Linli's demo. Not a document.", fill="#333333", font_size=22)
    content = BytesIO()
    sheet.save(content, "PNG", optimize=True)
    return content.getvalue()


def _fill_shelves(scope: Scope, shop: ShopId, goods: Sequence[Good], ground: Ground, at: datetime) -> None:
    drafts = [_draft(good, ground) for good in goods]
    added = catalogue.add_listings(scope, shop=shop, drafts=drafts, at=at)
    receipts = [
        Receipt(
            variant=each.variants[0],
            quantity=good.stock,
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
        groups=groups,
    )


def _person(scope: Scope, person: Person, at: datetime) -> PartyId:
    return people.register_person(scope, name=person.name, phone=person.phone, at=at)


def _receives(scope: Scope, payee: PartyId, name: str, at: datetime) -> None:
    account = f"6200{payee.int % 10**12:012d}"  # a made-up account at the made-up bank
    payouts.set_receiver(scope, payee=payee, name=name, account=account, bank="Embedded Bank", at=at)
