"""What is kept by night: what was sold, and what is foretold from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from linli.ground.places import queries as places
from linli.insight.demand import rules
from linli.kernel.ids import CommunityId
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import queries as orders

FRESH = ("fresh", "prepared")
"""The kinds of goods whose life is short."""


@action(needs=May.RUN_CLOCKS)
def note_sold(scope: Scope, *, community: CommunityId, start_on: date, end_on: date, at: datetime) -> int:
    """This will keep what was sold in a community on the days [start_on, end_on), in place of what was kept of them."""
    timezone = places.market_of(community).timezone
    start, end = (datetime.combine(day, time(), ZoneInfo(timezone)) for day in (start_on, end_on))
    sold = orders.sold_goods(scope, community=community, kinds=FRESH, timezone=timezone, start=start, end=end)
    sql.run("DELETE FROM demand_sold_day WHERE community = %s AND day >= %s AND day < %s", community, start_on, end_on)
    return sql.run(
        "INSERT INTO demand_sold_day (shop, variant, community, kind, day, quantity)"
        " SELECT shop, variant, %s, kind, day, quantity"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::date[], %s::int[])"
        " AS sold (shop, variant, kind, day, quantity)",
        community,
        [each.shop for each in sold],
        [each.variant for each in sold],
        [each.kind for each in sold],
        [each.day for each in sold],
        [each.quantity for each in sold],
    )


@action(needs=May.RUN_CLOCKS, private=("told",))
def keep_forecasts(
    scope: Scope,
    *,
    shops: Sequence[UUID],
    told: Sequence[rules.Told],
    told_on: date,
    at: datetime,
) -> int:
    """This will keep the forecasts of some shops in place of their former ones."""
    sql.run("DELETE FROM demand_forecast WHERE shop = ANY(%s::uuid[])", list(shops))
    return sql.run(
        "INSERT INTO demand_forecast (shop, variant, community, kind, told_on, days)"
        " SELECT shop, variant, community, kind, %s, days::jsonb"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[])"
        " AS told (shop, variant, community, kind, days)",
        told_on,
        [each.shop for each in told],
        [each.variant for each in told],
        [each.community for each in told],
        [each.kind for each in told],
        [msgspec.json.encode(each.days).decode() for each in told],
    )


@action(needs=May.RUN_CLOCKS)
def forget_old_sales(scope: Scope, *, before: date, at: datetime) -> int:
    """This will let go of days that no forecast looks at any more."""
    return sql.run("DELETE FROM demand_sold_day WHERE day < %s", before)
