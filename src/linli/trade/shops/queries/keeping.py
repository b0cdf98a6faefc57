"""What a merchant keeps of the shop, and the platform judges it by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.kernel.ids import CityId, CommunityId, FileId, PartyId, ShopId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.shops import rules
from linli.trade.shops.models import Licence, Move, Shop
from linli.trade.shops.queries.hours import HOURS, hours_of

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class ZoneCommunity:
    community: CommunityId
    distance_m: int
    visible: bool


@dataclass(frozen=True, slots=True)
class LicenceCard:
    id: UUID
    kind: rules.LicenceKind
    number: str
    file: FileId
    expires_on: date | None
    state: rules.LicenceState
    why: str


@dataclass(frozen=True, slots=True)
class MoveCard:
    """One line of a shop's history, or of one of its licences'; `why` is what the deciding person wrote."""

    licence: UUID | None
    at: datetime
    verb: str
    after: str
    person: PartyId | None
    why: str


@dataclass(frozen=True, slots=True)
class TermsCard:
    community: CommunityId
    commission_bp: int
    property_share_bp: int
    period: Period[datetime]


@dataclass(frozen=True, slots=True)
class ShopPage:
    """Everything a merchant keeps of the shop, and the platform judges it by."""

    shop: ShopId
    merchant: PartyId
    name: dict[str, str]
    kind: rules.ShopKind
    city: CityId
    address: str
    picture: FileId | None
    lat: float
    lon: float
    state: rules.ShopState
    paused_until: datetime | None
    carrier: rules.Carrier
    courier: PartyId | None
    """Who brings the goods and earns the fee; None: the shop itself."""
    delivery_fee: Money
    free_delivery_from: Money | None
    minutes_promised: int
    takes_cash: bool
    hours: rules.Hours
    zone: tuple[ZoneCommunity, ...]
    terms: tuple[TermsCard, ...]
    licences: tuple[LicenceCard, ...]
    moves: tuple[MoveCard, ...]


@query
def shop(scope: Scope, *, shop: ShopId) -> ShopPage:
    """This will show a shop to its merchant, its applicant and the platform; to all others there is none."""
    found = Shop.objects.filter(pk=shop).first()
    if found is None or not may_see(scope, shop=shop, city=found.city, applicant=found.applicant):
        raise NotFound("shop")
    (hours,) = sql.fetch(f"SELECT s.timezone, {HOURS} FROM shops_shop s WHERE s.id = %s", found.applied_at, shop)
    return ShopPage(
        shop=shop,
        merchant=PartyId(found.merchant),
        name=found.name,
        kind=rules.ShopKind(found.kind),
        city=CityId(found.city),
        address=found.address,
        picture=FileId(found.picture) if found.picture else None,
        lat=found.lat,
        lon=found.lon,
        state=rules.ShopState(found.state),
        paused_until=found.paused_until,
        carrier=rules.Carrier(found.carrier),
        courier=PartyId(found.courier) if found.courier else None,
        delivery_fee=Money(found.delivery_fee_minor),
        free_delivery_from=_money(found.free_delivery_from_minor),
        minutes_promised=found.minutes_promised,
        takes_cash=found.takes_cash,
        hours=hours_of(*hours),
        zone=_zone(shop),
        terms=_terms_of(shop),
        licences=_licences(scope, shop),
        moves=_moves(scope, shop),
    )


def may_see(scope: Scope, *, shop: ShopId, city: UUID, applicant: UUID | None) -> bool:
    """This will tell whether the scope is the shop's, its applicant's or an operator's of its city."""
    return scope.works_in(city) or scope.shop == shop or (scope.person is not None and scope.person == applicant)


def _money(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor)


def _zone(shop: ShopId) -> tuple[ZoneCommunity, ...]:
    rows = sql.fetch(
        "SELECT community, distance_m, visible FROM shops_shop_community WHERE shop_id = %s"
        " ORDER BY distance_m, community LIMIT %s",
        shop,
        MOST_ROWS,
    )
    return tuple(ZoneCommunity(*row) for row in rows)


def _terms_of(shop: ShopId) -> tuple[TermsCard, ...]:
    rows = sql.fetch(
        "SELECT community, commission_bp, property_share_bp, start_at, end_at FROM shops_terms WHERE shop_id = %s"
        " ORDER BY start_at DESC, community LIMIT %s",
        shop,
        MOST_ROWS,
    )
    return tuple(TermsCard(row[0], row[1], row[2], Period(row[3], row[4])) for row in rows)


def _licences(scope: Scope, shop: ShopId) -> tuple[LicenceCard, ...]:
    rows = Licence.objects.within(scope).filter(shop_id=shop).order_by("-submitted_at", "-id")[:MOST_ROWS]
    return tuple(
        LicenceCard(
            id=each.pk,
            kind=rules.LicenceKind(each.kind),
            number=each.number,
            file=FileId(each.file),
            expires_on=each.expires_on,
            state=rules.LicenceState(each.state),
            why=each.why,
        )
        for each in rows
    )


def _moves(scope: Scope, shop: ShopId) -> tuple[MoveCard, ...]:
    rows = Move.objects.within(scope).filter(shop_id=shop).order_by("-id")[:MOST_ROWS]
    return tuple(
        MoveCard(
            each.licence_id, each.at, each.verb, each.after, PartyId(each.person) if each.person else None, each.why
        )
        for each in rows
    )
