"""What the live dispatcher looks at: orders that go now and have no courier, and the couriers who are on shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.kernel.ids import CityId, CommunityId, PartyId, ShopId, TaskId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_WAITING = 1_000
MOST_COURIERS = 600
MOST_SHOPS = 500
Point = tuple[float, float]
LOOKED_BACK = timedelta(minutes=45)
LOOKED_AHEAD = timedelta(minutes=15)
_CITIES = """
    SELECT t.city FROM delivery_task AS t
    WHERE t.kind = 'now' AND t.state = 'todo' AND t.offered_to IS NULL AND NOT t.by_shop
    UNION
    SELECT s.city FROM delivery_shift AS s WHERE s.state = 'on' AND s.ends_at > %s AND EXISTS (
        SELECT FROM delivery_task AS t WHERE t.city = s.city AND t.promised_at > %s AND t.kind = 'now')
    LIMIT 50
"""
_RECENT = """
    SELECT t.shop, t.from_lat, t.from_lon, count(*) FROM delivery_task AS t
    WHERE t.city = %s AND t.promised_at > %s AND t.asked_at > %s AND t.kind = 'now' AND NOT t.by_shop
    GROUP BY t.shop, t.from_lat, t.from_lon ORDER BY count(*) DESC, t.shop LIMIT %s
"""
_TASKS = """
    SELECT t.id, t.shop, t.from_lat, t.from_lon, t.to_lat, t.to_lon, t.asked_at, t.ready_at, t.is_ready, t.portions,
        t.refused_by, p.seen, p.mean_s, t.needs, t.community
    FROM delivery_task AS t LEFT JOIN delivery_preparation AS p ON p.shop = t.shop
        AND p.hour = extract(hour FROM t.asked_at AT TIME ZONE %s)
    WHERE t.city = %s AND t.kind = 'now' AND t.state = 'todo' AND t.offered_to IS NULL AND NOT t.by_shop
    ORDER BY t.id LIMIT %s
"""
_COURIERS = """
    SELECT c.person, c.capacity, c.communities, s.started_at, s.ends_at, p.lat, p.lon,
        coalesce(h.portions, 0), h.last_at, h.lat, h.lon,
        EXISTS (SELECT FROM delivery_offer AS o WHERE o.courier = c.person AND o.state = 'open'),
        (SELECT count(*) FROM delivery_earning AS e WHERE e.courier = c.person AND e.earned_at >= s.started_at),
        c.skills
    FROM delivery_courier AS c JOIN delivery_shift AS s ON s.courier = c.person AND s.state = 'on'
    LEFT JOIN delivery_position AS p ON p.courier = c.person
    LEFT JOIN LATERAL (SELECT sum(t.portions) AS portions, max(coalesce(t.arrive_at, t.promised_at)) AS last_at,
            (array_agg(t.to_lat ORDER BY coalesce(t.arrive_at, t.promised_at) DESC))[1] AS lat,
            (array_agg(t.to_lon ORDER BY coalesce(t.arrive_at, t.promised_at) DESC))[1] AS lon
        FROM delivery_task AS t
        WHERE t.courier = c.person AND t.state IN ('assigned', 'en_route', 'arrived')) AS h ON true
    WHERE c.city = %s AND c.left_at IS NULL AND c.employment <> 'shop' ORDER BY c.id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """An order that goes now. `usual_s` is what its shop takes at that hour, where `seen` orders have taught it."""

    task: TaskId
    shop: ShopId
    from_: Point
    to: Point
    asked_at: datetime
    ready_at: datetime
    is_ready: bool
    portions: int
    refused_by: tuple[PartyId, ...]
    seen: int
    usual_s: float
    needs: frozenset[str]
    community: CommunityId


@dataclass(frozen=True, slots=True)
class FreeHands:
    """A courier on shift: where they are, and when and where they will have delivered what they carry."""

    person: PartyId
    capacity: int
    communities: tuple[UUID, ...]
    began_at: datetime
    ends_at: datetime
    place: Point | None
    carries: int
    free_at: datetime | None
    ends_where: Point | None
    is_asked: bool
    done: int
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class RecentShop:
    """A shop that had orders lately, and how many it may be expected to have in the next quarter of an hour."""

    shop: ShopId
    place: Point
    expected: float


@query
def cities_waiting(_scope: Scope, *, at: datetime) -> tuple[CityId, ...]:
    """This will list the cities in which an order that goes now has no courier, or couriers may soon be wanted."""
    return tuple(CityId(city) for (city,) in sql.fetch(_CITIES, at, at - LOOKED_BACK))


@query
def recent_shops(_scope: Scope, *, city: CityId, at: datetime) -> tuple[RecentShop, ...]:
    """This will list where orders that go now came from lately, by which the next ones are foreseen."""
    since = at - LOOKED_BACK
    return tuple(
        RecentShop(ShopId(shop), (lat, lon), count * (LOOKED_AHEAD / LOOKED_BACK))
        for shop, lat, lon, count in sql.fetch(_RECENT, city, since, since, MOST_SHOPS)
    )


@query
def waiting(_scope: Scope, *, city: CityId, timezone: str) -> tuple[WaitingTask, ...]:
    """This will list the orders of a city that go now and wait for a courier."""
    return tuple(
        WaitingTask(
            TaskId(row[0]), ShopId(row[1]), (row[2], row[3]), (row[4], row[5]), row[6], row[7], row[8], row[9],
            tuple(PartyId(each) for each in row[10]), row[11] or 0, row[12] or 0.0,
            frozenset(row[13]), CommunityId(row[14]),
        )
        for row in sql.fetch(_TASKS, timezone, city, MOST_WAITING)
    )  # fmt: skip


@query
def free_hands(_scope: Scope, *, city: CityId) -> tuple[FreeHands, ...]:
    """This will list the couriers of a city who are on shift, busy or not."""
    return tuple(
        FreeHands(
            PartyId(row[0]), row[1], tuple(row[2]), row[3], row[4],
            (row[5], row[6]) if row[5] is not None else None, row[7], row[8],
            (row[9], row[10]) if row[9] is not None else None, row[11], row[12],
            frozenset(row[13]),
        )
        for row in sql.fetch(_COURIERS, city, MOST_COURIERS)
    )  # fmt: skip
