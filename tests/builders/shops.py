"""Shops, goods and stock for tests: `a_shop().open_around_the_clock()`, `a_listing(price="12.80", stock=100)`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from builders.clock import AT
from builders.people import a_person
from builders.places import Community, a_community
from linli.kernel import ids
from linli.kernel.ids import FileId, ListingId, OptionId, PartyId, ShopId, VariantId
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue import queries as goods
from linli.trade.catalogue.rules import GroupDraft, Kind, ListingDraft, VariantDraft
from linli.trade.shops import actions as shops
from linli.trade.shops import rules
from linli.trade.stock import actions as stock

_number = count(1)


@dataclass(frozen=True)
class Shop:
    """An approved shop with terms in its communities; closed until it is given opening hours."""

    id: ShopId
    merchant: PartyId
    community: Community

    @property
    def scope(self) -> Scope:
        """The merchant's scope, as a sign-in would make it."""
        return Scope(
            role=Role.MERCHANT, person=self.merchant, city=self.community.city, shop=self.id, company=self.merchant
        )

    def open_around_the_clock(self) -> Shop:
        return self.open(*(rules.opening(day, "00:00", "00:00") for day in range(7)))

    def open(self, *openings: rules.Opening) -> Shop:
        shops.set_opening(SYSTEM, shop=self.id, openings=openings, at=AT)
        return self

    def delivering(self, *, fee: str = "4.00", free_from: str | None = None, minutes: int = 45) -> Shop:
        shops.set_delivery(
            SYSTEM,
            shop=self.id,
            carrier=rules.Carrier.SHOP,
            fee=Money.parse(fee),
            free_from=None if free_from is None else Money.parse(free_from),
            minutes_promised=minutes,
            at=AT,
        )
        return self

    def pooling(self, *, minutes: int = 30) -> Shop:
        """Couriers of the platform bring its goods."""
        shops.set_delivery(
            SYSTEM,
            shop=self.id,
            carrier=rules.Carrier.POOL,
            fee=Money(0),
            free_from=None,
            minutes_promised=minutes,
            at=AT,
        )
        return self

    def taking_cash(self) -> Shop:
        shops.set_cash(SYSTEM, shop=self.id, takes_cash=True, at=AT)
        return self

    def with_terms(self, *, commission_bp: int, property_share_bp: int = 0, start_at: datetime = AT) -> Shop:
        shops.set_terms(
            SYSTEM,
            shop=self.id,
            communities=[self.community.id],
            commission_bp=commission_bp,
            property_share_bp=property_share_bp,
            start_at=start_at,
            at=start_at,
        )
        return self


@dataclass(frozen=True)
class Listing:
    """A listing on the shelf; `variant` is its first (or only) variant."""

    id: ListingId
    shop: Shop
    variants: tuple[VariantId, ...]

    @property
    def variant(self) -> VariantId:
        return self.variants[0]

    @property
    def options(self) -> tuple[OptionId, ...]:
        return tuple(goods.listing_page(community=self.shop.community.id, listing=self.id).options)

    def with_stock(
        self, quantity: int, *, variant: int = 0, cost: str | None = None, expires_in: timedelta | None = None
    ) -> Listing:
        stock.receive_batch(
            SYSTEM,
            variant=self.variants[variant],
            quantity=quantity,
            cost=None if cost is None else Money.parse(cost),
            expires_at=None if expires_in is None else AT + expires_in,
            at=AT,
        )
        return self


def an_application(*, community: Community | None = None, kind: str = "other", merchant: PartyId | None = None) -> Shop:
    """A shop that was applied for by its merchant; not approved."""
    community, merchant = community or a_community(), merchant or a_person()
    nth = next(_number)
    shop = shops.apply(
        Scope(role=Role.RESIDENT, person=merchant),
        name={"zh": f"邻家小店{nth}", "en": f"Corner Shop {nth}"},
        kind=rules.ShopKind(kind),
        city=community.city,
        lat=community.lat + 0.001,
        lon=community.lon,
        address="滨江路18号",
        at=AT,
    )
    return Shop(shop, merchant, community)


def a_shop(
    *,
    community: Community | None = None,
    kind: str = "other",
    merchant: PartyId | None = None,
    commission_bp: int = 800,
    property_share_bp: int = 4000,
) -> Shop:
    """An approved shop in (and beside) a community, with its licences accepted and terms from `AT` on."""
    shop = an_application(community=community, kind=kind, merchant=merchant)
    for licence in sorted(rules.required_licences(rules.ShopKind(kind))):
        submitted = shops.submit_licence(
            replace(shop.scope, shop=None),
            shop=shop.id,
            kind=licence,
            number="91330100MA0000000X",
            file=FileId(ids.new()),
            expires_on=None,
            at=AT,
        )
        shops.judge_licence(SYSTEM, licence=submitted, accepted=True, at=AT)
    shops.approve(SYSTEM, shop=shop.id, at=AT)
    return shop.with_terms(commission_bp=commission_bp, property_share_bp=property_share_bp)


def a_listing(
    name: str | None = None,
    *,
    shop: Shop | None = None,
    price: str = "12.80",
    stock: int | None = None,
    kind: str = "packaged",
    en: str | None = None,
    labels: tuple[str, ...] = (),
    groups: tuple[GroupDraft, ...] = (),
) -> Listing:
    """A listing with one variant, or one for each label at the same price; `stock` goes to the first."""
    shop = shop or a_shop().open_around_the_clock()
    nth = next(_number)
    called = {"zh": name or f"东北大米{nth}", "en": en or name or f"Rice {nth}"}
    variants = tuple(
        VariantDraft(price=Money.parse(price), label={"zh": label, "en": label} if label else {})
        for label in labels or ("",)
    )
    draft = ListingDraft(name=called, kind=Kind(kind), variants=variants, groups=groups)
    added = catalogue.add_listing(shop.scope, shop=shop.id, draft=draft, at=AT)
    listing = Listing(added.listing, shop, added.variants)
    return listing if stock is None else listing.with_stock(stock)
