"""What a checkout must know of a shop, and what a neighbour sees of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.kernel.ids import CommunityId, FileId, PartyId, ShopId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import open_query
from linli.spine.sql import Part, Question
from linli.trade.shops import rules
from linli.trade.shops.queries.hours import HOURS, hours_of

MOST_SHOPS = 200
MOST_POINTS = 500

_SELLING = """
    s.id, s.name, s.state, s.timezone, s.paused_until, s.carrier, s.delivery_fee_minor, s.free_delivery_from_minor,
    s.minutes_promised, t.commission_bp, t.property_share_bp,
"""


_HOURS_THEN = HOURS.replace("%s", "q.at")


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """Everything that a checkout must know of a shop, for one community at one instant."""

    shop: ShopId
    name: dict[str, str]
    merchant: PartyId
    carrier: rules.Carrier
    courier: PartyId | None
    company: PartyId | None
    commission_bp: int
    property_share_bp: int
    is_open: bool
    closed_why: rules.ClosedWhy | None
    next_opening_at: datetime | None
    delivery_fee: Money
    free_delivery_from: Money | None
    minutes_promised: int
    takes_cash: bool

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
    picture: FileId | None
    distance_m: int
    is_open: bool
    closed_why: rules.ClosedWhy | None
    next_opening_at: datetime | None
    carrier: rules.Carrier
    delivery_fee: Money
    free_delivery_from: Money | None
    minutes_promised: int


@open_query
def sale_terms(*, community: CommunityId, shops: Iterable[ShopId], at: datetime) -> dict[ShopId, SaleTerms]:
    """This will tell, for shops known to the house, whether and on what terms they sell to a community now."""
    return sql.answer(
        terms_question(
            Part(
                "SELECT %s::timestamptz AS at, %s::uuid[] AS shops, %s::uuid AS community", (at, list(shops), community)
            )
        )
    )


def terms_question(asked: Part) -> Question[dict[ShopId, SaleTerms]]:
    """This will put the same into a question about what a SELECT finds: `at`, `shops` and `community`, in one row."""
    return Question(
        f"SELECT {_SELLING} {_HOURS_THEN}, s.merchant, z.id IS NOT NULL, c.company, s.courier, s.takes_cash, q.at"
        f" FROM ({asked.text} OFFSET 0) q JOIN shops_shop s ON s.id = ANY(q.shops)"
        " LEFT JOIN people_companies_of(ARRAY[q.community], q.at) c ON true"
        " LEFT JOIN shops_shop_community z ON z.shop_id = s.id AND z.community = q.community AND z.visible"
        " LEFT JOIN shops_terms t ON t.shop_id = s.id AND t.community = q.community AND t.start_at <= q.at"
        " AND (t.end_at IS NULL OR t.end_at > q.at) LIMIT %s",
        (*asked.values, MOST_SHOPS),
        lambda rows: {row[0]: _terms(row) for row in rows},
    )


def _terms(row: tuple[Any, ...]) -> SaleTerms:
    door = _door(row, in_zone=row[14], at=row[18])
    company, commission_bp, share_bp = row[15], row[9] or 0, row[10] or 0
    return SaleTerms(
        shop=row[0],
        name=sql.from_json(row[1]),
        merchant=row[13],
        carrier=rules.Carrier(row[5]),
        courier=row[16],
        company=company,
        commission_bp=commission_bp,
        property_share_bp=share_bp if company else 0,  # nobody to share with
        is_open=door.is_open,
        closed_why=door.closed_why,
        next_opening_at=door.next_opening_at,
        delivery_fee=Money(row[6]),
        free_delivery_from=_money(row[7]),
        minutes_promised=row[8],
        takes_cash=row[17],
    )


def _door(row: tuple[Any, ...], *, in_zone: bool, at: datetime) -> rules.DoorState:
    return rules.door_state(
        state=rules.ShopState(row[2]),
        in_zone=in_zone,
        has_terms=row[9] is not None,
        paused_until=row[4],
        hours=hours_of(row[3], row[11], row[12]),
        at=at,
    )


def _money(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor)


@open_query
def shops_near(*, community: CommunityId, at: datetime, limit: int = 50) -> tuple[ShopCard, ...]:
    """This will list the shops that sell in a community, the open ones first, then by distance."""
    rows = sql.fetch(
        f"SELECT {_SELLING} {HOURS}, s.kind, z.distance_m, s.picture FROM shops_serving(%s) z"
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
        picture=row[15],
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


@open_query
def of_kind(*, shops: Iterable[ShopId], kind: rules.ShopKind) -> frozenset[ShopId]:
    """This will tell which of some shops are of a kind."""
    rows = sql.fetch("SELECT id FROM shops_shop WHERE id = ANY(%s::uuid[]) AND kind = %s", list(shops), kind.value)
    return frozenset(ShopId(row[0]) for row in rows)


@dataclass(frozen=True, slots=True)
class ShopPoint:
    """Where a shop stands, for those who collect its goods."""

    shop: ShopId
    lat: float
    lon: float


@open_query
def sells_in(*, shop: ShopId) -> tuple[CommunityId, ...]:
    """This will list the communities of a shop's zone, the nearest first."""
    rows = sql.fetch(
        "SELECT community FROM shops_shop_community WHERE shop_id = %s ORDER BY distance_m, community LIMIT %s",
        shop,
        MOST_POINTS,
    )
    return tuple(CommunityId(row[0]) for row in rows)


@open_query
def points(*, shops: Iterable[ShopId] = (), communities: Iterable[CommunityId] = ()) -> tuple[ShopPoint, ...]:
    """This will say where shops stand: those named, and those that sell in the named communities."""
    rows = sql.fetch(
        "SELECT s.id, s.lat, s.lon FROM shops_shop s WHERE s.id = ANY(%s::uuid[]) OR s.id IN ("
        "SELECT z.shop_id FROM shops_shop_community z WHERE z.community = ANY(%s::uuid[])) ORDER BY s.id LIMIT %s",
        sql.as_ids(shops),
        sql.as_ids(communities),
        MOST_POINTS,
    )
    return tuple(ShopPoint(*row) for row in rows)
