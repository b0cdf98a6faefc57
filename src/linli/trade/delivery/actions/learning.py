"""How long shops take to get orders ready: learnt from every order, told with a spread that few orders keep wide."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, ShopId
from linli.spine import sql

_LEARN = """
    INSERT INTO delivery_preparation AS p (id, shop, hour, seen, mean_s, squares)
    VALUES (gen_random_uuid(), %s, extract(hour FROM %s::timestamptz AT TIME ZONE %s), 1, %s, 0)
    ON CONFLICT (shop, hour) DO UPDATE SET seen = p.seen + 1,
        mean_s = p.mean_s + (excluded.mean_s - p.mean_s) / (p.seen + 1),
        squares = p.squares + (excluded.mean_s - p.mean_s)
            * (excluded.mean_s - (p.mean_s + (excluded.mean_s - p.mean_s) / (p.seen + 1)))
"""
MOST_S = 4 * 3600
"""What took longer was not prepared all that time; it would spoil the mean."""


def learn_preparation(*, shop: ShopId, community: UUID, asked_at: datetime, ready_at: datetime) -> None:
    """This will add one order to what is known of a shop in that hour of the day (Welford's way: one pass, one row)."""
    took = (ready_at - asked_at).total_seconds()
    if 0 <= took <= MOST_S:
        zone = places.market_of(CommunityId(community)).timezone
        sql.run(_LEARN, shop, asked_at, zone, took)
