"""Questions about shops: what a checkout must know, what a neighbour sees, what a merchant and the platform keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from linli.kernel.ids import CityId, CommunityId, FileId, PartyId, ShopId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import open_query, query
from linli.spine.scope import Scope
from linli.trade.shops import rules
from linli.trade.shops.models import Licence, Move, Shop

MOST_SHOPS = 200

# The hours of a shop, in the same statement; holidays that are over do not matter any more.
_HOURS = """
    (SELECT json_agg(json_build_array(o.weekday, o.opens_min, o.closes_min) ORDER BY o.weekday, o.opens_min)::text
     FROM shops_opening o WHERE o.shop_id = s.id),
    (SELECT json_agg(json_build_array(h.start_on, h.end_on) ORDER BY h.start_on)::text
     FROM shops_holiday h WHERE h.shop_id = s.id AND h.end_on >= %s::date - 2)
"""
_SELLING = """
    s.id, s.name, s.state, s.timezone, s.paused_until, s.carrier, s.delivery_fee_minor, s.free_delivery_from_minor,
    s.minutes_promised, t.commission_bp, t.property_share_bp,
"""


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """Everything that a checkout must know of a shop, for one community at one instant."""

    shop: ShopId
    name: dict[str, str]
    merchant: PartyId
    carrier: rules.Carrier
    company: PartyId | None
    commission_bp: int
    property_share_bp: int
    is_open: bool
    closed_why: rules.ClosedWhy | None
    next_opening_at: datetime | None
    delivery_fee: Money
    free_delivery_from: Money | None
    minutes_promised: int

    def insist_open(self) -> None:
        """This will refuse with what keeps the buyer from ordering here now: Closed, Paused, Suspended, OutOfZone."""
        door = rules.DoorState(self.is_open, self.closed_why, self.next_opening_at)
        if refused := rules.refusal(self.shop, door):
            raise refused


@dataclass(frozen=True, slots=True)
class ShopCard:
    """A shop as a neighbour sees it in the list."""

    shop: ShopId
    name: dict[str, str]
    kind: rules.ShopKind
    distance_m: int
    is_open: bool
    closed_why: rules.ClosedWhy | None
    next_opening_at: datetime | None
    carrier: rules.Carrier
    delivery_fee: Money
    free_delivery_from: Money | None
    minutes_promised: int


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
    """One line of a shop's history; `why` is what the deciding person wrote."""

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
class ShopSummary:
    """A shop in the merchant's switch and in the platform's list of applications."""

    shop: ShopId
    name: dict[str, str]
    kind: rules.ShopKind
    city: CityId
    state: rules.ShopState
    applied_at: datetime
    licences: int


@dataclass(frozen=True, slots=True)
class ShopPage:
    """Everything a merchant keeps of the shop, and the platform judges it by."""

    shop: ShopId
    merchant: PartyId
    name: dict[str, str]
    kind: rules.ShopKind
    city: CityId
    address: str
    lat: float
    lon: float
    state: rules.ShopState
    paused_until: datetime | None
    carrier: rules.Carrier
    delivery_fee: Money
    free_delivery_from: Money | None
    minutes_promised: int
    hours: rules.Hours
    zone: tuple[ZoneCommunity, ...]
    terms: tuple[TermsCard, ...]
    licences: tuple[LicenceCard, ...]
    moves: tuple[MoveCard, ...]


@open_query
def sale_terms(*, community: CommunityId, shops: Iterable[ShopId], at: datetime) -> dict[ShopId, SaleTerms]:
    """This will tell, for shops known to the house, whether and on what terms they sell to a community now."""
    rows = sql.fetch(
        f"SELECT {_SELLING} {_HOURS}, s.merchant, z.id IS NOT NULL, c.company FROM shops_shop s"
        " LEFT JOIN people_companies_of(ARRAY[%s::uuid], %s) c ON true"
        " LEFT JOIN shops_shop_community z ON z.shop_id = s.id AND z.community = %s AND z.visible"
        " LEFT JOIN shops_terms t ON t.shop_id = s.id AND t.community = %s AND t.start_at <= %s"
        " AND (t.end_at IS NULL OR t.end_at > %s) WHERE s.id = ANY(%s::uuid[]) LIMIT %s",
        at,
        community,
        at,
        community,
        community,
        at,
        at,
        list(shops),
        MOST_SHOPS,
    )
    return {row[0]: _terms(row, at) for row in rows}


def _terms(row: tuple[Any, ...], at: datetime) -> SaleTerms:
    door = _door(row, in_zone=row[14], at=at)
    company, commission_bp, share_bp = row[15], row[9] or 0, row[10] or 0
    return SaleTerms(
        shop=row[0],
        name=sql.from_json(row[1]),
        merchant=row[13],
        carrier=rules.Carrier(row[5]),
        company=company,
        commission_bp=commission_bp,
        property_share_bp=share_bp if company else 0,  # nobody to share with
        is_open=door.is_open,
        closed_why=door.closed_why,
        next_opening_at=door.next_opening_at,
        delivery_fee=Money(row[6]),
        free_delivery_from=_money(row[7]),
        minutes_promised=row[8],
    )


def _door(row: tuple[Any, ...], *, in_zone: bool, at: datetime) -> rules.DoorState:
    return rules.door_state(
        state=rules.ShopState(row[2]),
        in_zone=in_zone,
        has_terms=row[9] is not None,
        paused_until=row[4],
        hours=_hours(row[3], row[11], row[12]),
        at=at,
    )


_openings = msgspec.json.Decoder(list[tuple[int, int, int]])
_holidays = msgspec.json.Decoder(list[tuple[date, date]])


def _hours(timezone: str, openings: str | None, holidays: str | None) -> rules.Hours:
    return rules.Hours(
        timezone,
        tuple(rules.Opening(*each) for each in _openings.decode(openings or "[]")),
        tuple(Period(start, end) for start, end in _holidays.decode(holidays or "[]")),
    )


def _money(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor)


@open_query
def shops_near(*, community: CommunityId, at: datetime, limit: int = 50) -> tuple[ShopCard, ...]:
    """This will list the shops that sell in a community, the open ones first, then by distance."""
    rows = sql.fetch(
        f"SELECT {_SELLING} {_HOURS}, s.kind, z.distance_m FROM shops_serving(%s) z"
        " JOIN shops_shop s ON s.id = z.shop JOIN shops_terms t ON t.shop_id = s.id AND t.community = %s"
        " AND t.start_at <= %s AND (t.end_at IS NULL OR t.end_at > %s) ORDER BY z.distance_m, s.id LIMIT %s",
        at,
        community,
        community,
        at,
        at,
        min(limit, MOST_SHOPS),
    )
    return tuple(sorted((_card(row, at) for row in rows), key=lambda card: not card.is_open))


def _card(row: tuple[Any, ...], at: datetime) -> ShopCard:
    door = _door(row, in_zone=True, at=at)
    return ShopCard(
        shop=row[0],
        name=sql.from_json(row[1]),
        kind=rules.ShopKind(row[13]),
        distance_m=row[14],
        is_open=door.is_open,
        closed_why=door.closed_why,
        next_opening_at=door.next_opening_at,
        carrier=rules.Carrier(row[5]),
        delivery_fee=Money(row[6]),
        free_delivery_from=_money(row[7]),
        minutes_promised=row[8],
    )


@open_query
def names(*, shops: Iterable[ShopId]) -> dict[ShopId, dict[str, str]]:
    """This will give the names of shops in both languages."""
    rows = sql.fetch("SELECT id, name FROM shops_shop WHERE id = ANY(%s::uuid[]) LIMIT %s", list(shops), MOST_SHOPS)
    return {row[0]: sql.from_json(row[1]) for row in rows}


@query
def my_shops(scope: Scope) -> tuple[ShopSummary, ...]:
    """This will list the shops of the person: applied for, owned, or signed in to."""
    rows = sql.fetch(
        f"{_SUMMARY} WHERE s.merchant = %s OR s.applicant = %s OR s.id = %s ORDER BY s.applied_at DESC LIMIT %s",
        scope.person,
        scope.person,
        scope.shop,
        MOST_SHOPS,
    )
    return tuple(_summary(row) for row in rows)


@query
def applications(
    scope: Scope, *, state: rules.ShopState = rules.ShopState.APPLIED, after: ShopId | None = None, limit: int = 50
) -> tuple[ShopSummary, ...]:
    """This will list shops in a state for the platform, oldest first; others see none."""
    if not scope.is_inside:
        return ()
    rows = sql.fetch(
        f"{_SUMMARY} WHERE s.state = %s AND (%s::uuid IS NULL OR s.city = %s::uuid)"
        " AND (%s::uuid IS NULL OR s.id > %s::uuid) ORDER BY s.id LIMIT %s",
        state.value,
        scope.city,
        scope.city,
        after,
        after,
        min(limit, MOST_SHOPS),
    )
    return tuple(_summary(row) for row in rows)


@query
def unlicensed(_scope: Scope, *, at: datetime, limit: int = MOST_SHOPS) -> tuple[ShopId, ...]:
    """This will list the approved shops that lack a required licence which is accepted and valid now."""
    required = [(kind.value, licence.value) for kind in rules.ShopKind for licence in rules.required_licences(kind)]
    rows = sql.fetch(
        "SELECT DISTINCT s.id FROM shops_shop s JOIN unnest(%s::text[], %s::text[]) AS r(kind, licence)"
        " ON r.kind = s.kind WHERE s.state = 'approved' AND NOT EXISTS (SELECT FROM shops_licence l"
        " WHERE l.shop_id = s.id AND l.kind = r.licence AND l.state = 'accepted'"
        " AND (l.expires_on IS NULL OR l.expires_on > (%s AT TIME ZONE s.timezone)::date)) ORDER BY s.id LIMIT %s",
        [kind for kind, _licence in required],
        [licence for _kind, licence in required],
        at,
        limit,
    )
    return tuple(row[0] for row in rows)


_SUMMARY = """
    SELECT s.id, s.name, s.kind, s.city, s.state, s.applied_at,
        (SELECT count(*) FROM shops_licence l WHERE l.shop_id = s.id)
    FROM shops_shop s
"""


def _summary(row: tuple[Any, ...]) -> ShopSummary:
    shop, name, kind, city, state, applied_at, licences = row
    return ShopSummary(
        shop, sql.from_json(name), rules.ShopKind(kind), city, rules.ShopState(state), applied_at, licences
    )


@query
def shop(scope: Scope, *, shop: ShopId) -> ShopPage:
    """This will show a shop to its merchant, its applicant and the platform; to all others there is none."""
    found = Shop.objects.filter(pk=shop).first()
    if found is None or not may_see(scope, shop=shop, applicant=found.applicant):
        raise NotFound("shop")
    (hours,) = sql.fetch(f"SELECT s.timezone, {_HOURS} FROM shops_shop s WHERE s.id = %s", found.applied_at, shop)
    return ShopPage(
        shop=shop,
        merchant=PartyId(found.merchant),
        name=found.name,
        kind=rules.ShopKind(found.kind),
        city=CityId(found.city),
        address=found.address,
        lat=found.lat,
        lon=found.lon,
        state=rules.ShopState(found.state),
        paused_until=found.paused_until,
        carrier=rules.Carrier(found.carrier),
        delivery_fee=Money(found.delivery_fee_minor),
        free_delivery_from=_money(found.free_delivery_from_minor),
        minutes_promised=found.minutes_promised,
        hours=_hours(*hours),
        zone=_zone(shop),
        terms=_terms_of(shop),
        licences=_licences(scope, shop),
        moves=_moves(scope, shop),
    )


def may_see(scope: Scope, *, shop: ShopId, applicant: UUID | None) -> bool:
    """This will tell whether the scope is the shop's, its applicant's or the platform's."""
    return scope.is_inside or scope.shop == shop or (scope.person is not None and scope.person == applicant)


def _zone(shop: ShopId) -> tuple[ZoneCommunity, ...]:
    rows = sql.fetch(
        "SELECT community, distance_m, visible FROM shops_shop_community WHERE shop_id = %s"
        " ORDER BY distance_m, community LIMIT %s",
        shop,
        MOST_SHOPS,
    )
    return tuple(ZoneCommunity(*row) for row in rows)


def _terms_of(shop: ShopId) -> tuple[TermsCard, ...]:
    rows = sql.fetch(
        "SELECT community, commission_bp, property_share_bp, start_at, end_at FROM shops_terms WHERE shop_id = %s"
        " ORDER BY start_at DESC, community LIMIT %s",
        shop,
        MOST_SHOPS,
    )
    return tuple(TermsCard(row[0], row[1], row[2], Period(row[3], row[4])) for row in rows)


def _licences(scope: Scope, shop: ShopId) -> tuple[LicenceCard, ...]:
    rows = Licence.objects.within(scope).filter(shop_id=shop).order_by("-submitted_at", "-id")[:MOST_SHOPS]
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
    rows = Move.objects.within(scope).filter(shop_id=shop).order_by("-id")[:MOST_SHOPS]
    return tuple(
        MoveCard(each.at, each.verb, each.after, PartyId(each.person) if each.person else None, each.why)
        for each in rows
    )
