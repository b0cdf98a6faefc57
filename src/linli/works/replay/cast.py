"""The cast: which clone of which household lives where, which stall sells what, and when a visit takes place."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from linli.kernel.ids import CityId, CommunityId, HomeId, PartyId, ShopId, VariantId
from linli.spine.scope import Role, Scope
from linli.trade.orders.actions import Asked
from linli.trade.shops.rules import ShopKind
from linli.works.clockwork.playing import Outing
from linli.works.replay.panel import Basket

HOMES = 1500
"""Homes of a community."""
COMMUNITIES = 6
"""Communities of a market: so many lie within the three kilometres that a shop reaches."""
ZONE = ZoneInfo("Asia/Shanghai")
"""The hours of the data are kept as hours of the replay's city."""
SPREAD_S = 20 * 60
"""Clones shop up to so much later than the household they were made from."""
MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class Stall:
    """A shop of every market: the departments it sells, and for how many days its goods keep (None: they do)."""

    word: str
    name: dict[str, str]
    kind: ShopKind
    departments: frozenset[str]
    days: int | None
    delivers: bool


def _stall(
    word: str, zh: str, en: str, kind: ShopKind, departments: str, days: int | None = None, *, delivers: bool = True
) -> Stall:
    return Stall(word, {"zh": zh, "en": en}, kind, frozenset(departments.split("|")), days, delivers)


STALLS = (
    _stall("grocery", "粮油副食店", "Grocery", ShopKind.GROCERY, "GROCERY|FROZEN GROCERY"),
    _stall("produce", "果蔬店", "Fruit and vegetables", ShopKind.FRESH, "PRODUCE|SALAD BAR", 4),
    _stall("meat", "肉铺水产", "Meat and fish", ShopKind.FRESH, "MEAT|MEAT-PCKGD|SEAFOOD|SEAFOOD-PCKGD", 4),
    _stall("bakery", "面包房", "Bakery", ShopKind.GROCERY, "PASTRY", 3),
    _stall("deli", "熟食店", "Delicatessen", ShopKind.GROCERY, "DELI|CHEF SHOPPE|RESTAURANT", 3),
    _stall("pharmacy", "药妆店", "Pharmacy", ShopKind.PHARMACY, "COSMETICS|NUTRITION", delivers=False),
    _stall("florist", "花店", "Florist", ShopKind.FLORIST, "FLORAL|GARDEN CENTER", 5, delivers=False),
    _stall("household", "日用百货", "Household goods", ShopKind.HOUSEHOLD, "", delivers=False),
)
"""The last one takes whatever no other sells."""


def stall_of(department: str) -> int:
    """This will tell which stall sells a department's products."""
    return next((n for n, stall in enumerate(STALLS) if department in stall.departments), len(STALLS) - 1)


class Household(msgspec.Struct, frozen=True, array_like=True):
    """One clone of a household, as the house knows it."""

    party: PartyId
    home: HomeId
    community: int


class Shelf(msgspec.Struct, frozen=True, array_like=True):
    """One market's shop of a stall with its owner, and the variants of the products it sells."""

    shop: ShopId
    owner: PartyId
    variants: dict[int, VariantId]


class Cast(msgspec.Struct, frozen=True):
    """Everything that players must know; written once, when the stage is set."""

    city: CityId
    communities: tuple[CommunityId, ...]
    households: dict[str, Household]
    markets: tuple[tuple[Shelf, ...], ...]

    def market_of(self, household: Household) -> int:
        """This will tell in which market a household shops."""
        return household.community // COMMUNITIES

    def outing(self, visit: Visit, stalls: Mapping[int, int]) -> Outing:
        """This will turn a visit into what the house understands; `stalls` tells which of them sells a product."""
        household = self.households[visit.household]
        market = self.markets[self.market_of(household)]
        return Outing(
            key=f"replay-{visit.key}",
            buyer=Scope(
                role=Role.RESIDENT,
                person=household.party,
                city=self.city,
                communities=(self.communities[household.community],),
                homes=(household.home,),
            ),
            lines=tuple(
                Asked(variant=market[stalls[product]].variants[product], quantity=quantity)
                for product, quantity in visit.items
            ),
            at=visit.at,
        )

    def counter(self, shop: ShopId) -> Scope:
        """This will give the scope of the owner behind a shop's counter."""
        owner = next(shelf.owner for market in self.markets for shelf in market if shelf.shop == shop)
        return Scope(role=Role.MERCHANT, person=owner, city=self.city, shop=shop)


@dataclass(frozen=True, slots=True)
class Visit:
    """One basket of one clone at its instant; `key` names it for ever."""

    key: str
    household: str
    at: datetime
    items: tuple[tuple[int, int], ...]


def name_of(household: int, clone: int) -> str:
    """This will name a clone of a household."""
    return f"{household}.{clone}"


def homes_in_order(households: Collection[int], times: int) -> list[str]:
    """This will say who moves in where: a shuffled order, the same each time, so that clones live apart."""
    names = [name_of(household, clone) for household in households for clone in range(times)]
    return sorted(names, key=_hash)


def visits(day: date, baskets: Iterable[Basket], times: int) -> Iterator[Visit]:
    """This will clone a day's baskets into visits, each at its own moment of the same day."""
    midnight = datetime.combine(day, time(), ZONE)
    for basket in baskets:
        for clone in range(times):
            key = f"{basket.number}.{clone}"
            later = _hash(f"later {key}") % SPREAD_S if clone else 0
            at = midnight + timedelta(seconds=min(basket.second + later, 24 * 3600 - 60))
            items = tuple((item.product, item.quantity) for item in basket.items[:MOST_LINES])
            yield Visit(key, name_of(basket.household, clone), at, items)


def is_played_by(visit: Visit, nth: int, of: int) -> bool:
    """This will divide the visits among players; all of a household go to one, so that they keep their order."""
    return _hash(visit.household) % of == nth


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
