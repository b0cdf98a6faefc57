"""Setting the stage: a city for the panel, with its markets full of goods; and each morning's fresh deliveries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from linli.ground.people import actions as people
from linli.ground.people.actions import PersonRow
from linli.ground.places import actions as places
from linli.ground.places import queries as known_places
from linli.ground.places.actions import HomeRow
from linli.kernel.ids import CityId, CommunityId, DistrictId, PartyId, VariantId
from linli.kernel.money import Money
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Role, Scope
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.rules import Kind, ListingDraft, VariantDraft
from linli.trade.stock import actions as stock
from linli.trade.stock.actions import Receipt
from linli.works.opening import NewShop, courier, open_shop, organisation
from linli.works.replay.cast import COMMUNITIES, HOMES, STALLS, ZONE, Cast, Household, Shelf, Stall, Visit, stall_of
from linli.works.replay.panel import Product
from linli.works.replay.wish import StageBroken

PORTION = 2000
SPARE = 5
"""Units of everything beyond what the visits will ask for."""
_COST = Decimal("0.7")
_FIRST_PHONE = 19_800_000_000
_OWNERS = 100_000_000 - 10_000
_COURIERS = 100_000_000 - 20_000
_TERMS = ((600, 1500), (500, 1500), (500, 1500), (800, 1200), (800, 1200), (700, 1000), (900, 1000), (600, 1200))
"""Commission and the property company's share of it, in basis points, stall by stall."""

STAGE_HAND = Scope(role=Role.SYSTEM, person=PartyId(UUID("7265706c-6179-4000-8000-000000000001")))
"""The house itself, with a name of its own to keep what it has done by: keys are a person's."""

T = TypeVar("T")
Demand = dict[tuple[int, int], int]
"""Units by (market, product)."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a market is: its communities stand close around a point; markets are far from each other."""

    lat: float
    lon: float


def _place(market: int) -> _Place:
    return _Place(30.0 + market // 20 * 0.2, 119.0 + market % 20 * 0.2)


@action(needs=May.KEEP_PLACES, private=("names", "products", "demand"))
def set_stage(
    scope: Scope,
    *,
    names: Sequence[str],
    products: Sequence[Product],
    demand: Sequence[tuple[int, int, int]],
    at: datetime,
) -> Cast:
    """This will write the city with everybody in it and the goods that keep, in one transaction, or not at all.

    `demand` are the units by market and product. With a key it answers the same cast however often it is asked: who was
    killed before the cast was written down asks again.
    """
    if known_places.cities(limit=1):
        raise StageBroken("This database holds something else. Replay into an empty one.")
    city = places.add_city(scope, name={"zh": "回放城", "en": "Replay"}, at=at)
    district = places.add_district(scope, city=city, name={"zh": "一区", "en": "First"}, at=at)
    communities: list[CommunityId] = []
    households: dict[str, Household] = {}
    for first in range(0, len(names), HOMES):
        nth, here = first // HOMES, names[first : first + HOMES]
        community = _add_community(scope, district, nth, at)
        communities.append(community)
        households |= _move_in(scope, community, nth, first, here, at)
    company = organisation(scope, "回放物业 Replay Property", at=at)
    for community in communities:
        people.entrust_community(scope, community=community, company=company, start_on=at.date(), at=at)
    markets = [
        _open_market(scope, market, city, tuple(communities[market * COMMUNITIES :][:COMMUNITIES]), products, at)
        for market in range(-(-len(communities) // COMMUNITIES))
    ]
    units = {(market, product): wanted for market, product, wanted in demand}
    cast = Cast(city=city, communities=tuple(communities), households=households, markets=tuple(markets))
    _receive(scope, cast, [n for n, stall in enumerate(STALLS) if not stall.days], products, units, None, at)
    return cast


def _add_community(scope: Scope, district: DistrictId, nth: int, at: datetime) -> CommunityId:
    centre, corner = _place(nth // COMMUNITIES), nth % COMMUNITIES
    return places.add_community(
        scope,
        district=district,
        name={"zh": f"回放{nth + 1}区", "en": f"Replay {nth + 1}"},
        lat=centre.lat + corner // 3 * 0.006,
        lon=centre.lon + corner % 3 * 0.006,
        at=at,
    )


def _move_in(
    scope: Scope, community: CommunityId, nth: int, first: int, names: Sequence[str], at: datetime
) -> dict[str, Household]:
    doors = [
        HomeRow(str(n // 60 + 1), str(n // 30 % 2 + 1), f"{n // 2 % 15 + 1}{n % 2 + 1:02d}") for n in range(len(names))
    ]
    homes = places.add_homes(scope, community=community, rows=doors, at=at)
    since = (at - timedelta(days=30)).date()
    rows = [
        PersonRow(f"Household {name}", str(_FIRST_PHONE + first + n), homes[n], "owner", since, "en")
        for n, name in enumerate(names)
    ]
    parties = people.register_people(scope, rows=rows, at=at)
    return {name: Household(parties[n], homes[n], nth) for n, name in enumerate(names)}


def _open_market(
    scope: Scope,
    market: int,
    city: CityId,
    communities: tuple[CommunityId, ...],
    products: Sequence[Product],
    at: datetime,
) -> tuple[Shelf, ...]:
    goods: dict[int, list[Product]] = defaultdict(list)
    for product in products:
        goods[stall_of(product.department)].append(product)
    phone = str(_FIRST_PHONE + _COURIERS + market)
    brings = courier(scope, name=f"Courier {market + 1}", phone=phone, city=city, at=at)
    return tuple(
        _open_stall(scope, stall, nth, market, city, communities, brings, goods[nth], at)
        for nth, stall in enumerate(STALLS)
    )


def _open_stall(
    scope: Scope,
    stall: Stall,
    nth: int,
    market: int,
    city: CityId,
    communities: tuple[CommunityId, ...],
    brings: PartyId,
    goods: Sequence[Product],
    at: datetime,
) -> Shelf:
    phone = str(_FIRST_PHONE + _OWNERS + market * len(STALLS) + nth)
    owner = people.register_person(scope, name=f"Owner {stall.word} {market + 1}", phone=phone, at=at)
    commission_bp, property_share_bp = _TERMS[nth]
    new = NewShop(
        name={"zh": f"{stall.name['zh']}（{market + 1}）", "en": f"{stall.name['en']} {market + 1}"},
        merchant=f"{stall.name['en']} {market + 1} Ltd.",
        owner=owner,
        kind=stall.kind,
        city=city,
        communities=communities,
        lat=_place(market).lat + 0.003,
        lon=_place(market).lon + 0.006,
        hours=("00:00", "00:00"),
        delivers=stall.delivers,
        courier=brings,
        fee=Money(300),
        free_from=Money(3900),
        minutes=60,
        commission_bp=commission_bp,
        property_share_bp=property_share_bp,
    )
    shop = open_shop(scope, new, at=at)
    variants: dict[int, VariantId] = {}
    for portion in _portions(goods):
        drafts = [_draft(product, stall) for product in portion]
        added = catalogue.add_listings(scope, shop=shop, drafts=drafts, at=at)
        variants |= {product.number: each.variants[0] for product, each in zip(portion, added, strict=True)}
    return Shelf(shop, owner, variants)


def _draft(product: Product, stall: Stall) -> ListingDraft:
    variant = VariantDraft(price=Money(product.price_minor), measure=product.measure[:40])
    kind = Kind.FRESH if stall.days else Kind.PACKAGED
    return ListingDraft(name={"zh": product.name, "en": product.name}, kind=kind, variants=(variant,))


def deliver_fresh(cast: Cast, *, products: Sequence[Product], demand: Demand, day: date) -> None:
    """This will have the fresh goods of a day brought before its first visit, each market once however often asked."""
    at = datetime.combine(day, time(), ZONE)
    fresh = [n for n, stall in enumerate(STALLS) if stall.days]
    _receive(STAGE_HAND, cast, fresh, products, demand, day, at)


def _receive(
    scope: Scope,
    cast: Cast,
    stalls: Iterable[int],
    products: Sequence[Product],
    demand: Mapping[tuple[int, int], int],
    day: date | None,
    at: datetime,
) -> None:
    by_stall: dict[int, list[Product]] = defaultdict(list)
    for product in products:
        by_stall[stall_of(product.department)].append(product)
    for market, shelves in enumerate(cast.markets):
        for nth in stalls:
            receipts = [
                Receipt(
                    variant=shelves[nth].variants[product.number],
                    quantity=wanted + SPARE,
                    cost=Money.from_rate(Money(product.price_minor), _COST),
                    expires_at=_expiry(STALLS[nth], at),
                )
                for product in by_stall[nth]
                if (wanted := demand.get((market, product.number), 0))
            ]
            for number, portion in enumerate(_portions(receipts)):
                once = scope.keyed(f"replay-stock-{day}-{market}-{nth}-{number}") if day else scope
                stock.receive_batches(once, receipts=portion, at=at)


def _expiry(stall: Stall, at: datetime) -> datetime | None:
    return at + timedelta(days=stall.days) if stall.days else None


def demand_of(visits: Iterable[Visit], market_of: Mapping[str, int]) -> Demand:
    """This will count what visits will ask for, market by market."""
    wanted: Counter[tuple[int, int]] = Counter()
    for visit in visits:
        market = market_of[visit.household]
        for product, quantity in visit.items:
            wanted[market, product] += quantity
    return dict(wanted)


def _portions(rows: Sequence[T]) -> Iterable[Sequence[T]]:
    for first in range(0, len(rows), PORTION):
        yield rows[first : first + PORTION]
