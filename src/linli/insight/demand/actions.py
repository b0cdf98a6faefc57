"""What is kept: what was sold, by orders and over the counter, and what is foretold from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from linli.ground.places import queries as places
from linli.insight.demand import gateways, rules
from linli.kernel.ids import CommunityId, VariantId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops

FRESH = ("fresh", "prepared")
"""The kinds of goods whose life is short."""
MOST_BROUGHT = 50_000


@dataclass(frozen=True, slots=True)
class Brought:
    """So many of a variant went over a shop's counter on a day."""

    variant: VariantId
    day: date
    quantity: int


@action(needs=May.RUN_CLOCKS)
def note_sold(scope: Scope, *, community: CommunityId, start_on: date, end_on: date, at: datetime) -> int:
    """This will keep what was sold in a community on the days [start_on, end_on), in place of what was kept of them."""
    timezone = places.market_of(community).timezone
    start, end = (datetime.combine(day, time(), ZoneInfo(timezone)) for day in (start_on, end_on))
    sql.run(
        "DELETE FROM demand_sold_day WHERE community = %s AND day >= %s AND day < %s AND NOT is_brought",
        community,
        start_on,
        end_on,
    )
    noted, last = 0, None
    while sold := orders.sold_goods(
        scope, community=community, kinds=FRESH, timezone=timezone, start=start, end=end, after=last
    ):
        last = sold[-1]
        noted += sql.run(
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
        if len(sold) < orders.MOST_SOLD:
            break
    return noted


@action(needs=May.KEEP_STOCK, private=("sold",))
def bring_sales(scope: Scope, *, sold: Sequence[Brought], at: datetime) -> int:
    """This will keep what went over a shop's counter, so that a shop which joins is foretold from its first night.

    A day that is brought again replaces the former number. Tells how many numbers of fresh goods were kept.
    """
    if scope.shop is None:
        raise NotFound("shop")
    zone = shops.shop(scope, shop=scope.shop).zone
    if not zone:
        raise NotFound("community")
    community = zone[0].community
    today = places.day_in(community, at)
    if len(sold) > MOST_BROUGHT:
        raise Invalid("sold", _("At most {most} at once."), most=MOST_BROUGHT)
    if any(not today - timedelta(days=rules.KEPT_D) < each.day <= today or each.quantity < 1 for each in sold):
        raise Invalid("day", _("Days of the last {days} and quantities of one or more."), days=rules.KEPT_D)
    priced = catalogue.prices(community=community, variants=list({each.variant for each in sold}))
    own = [
        (variant, each.kind.value)
        for variant, each in priced.items()
        if each.shop == scope.shop and each.kind.value in FRESH
    ]
    kind = dict(own)
    rows = {(each.variant, each.day): each.quantity for each in sold if each.variant in kind}
    return sql.run(
        "INSERT INTO demand_sold_day AS s (shop, variant, community, kind, day, quantity, is_brought)"
        " SELECT %s, variant, %s, kind, day, quantity, true FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::int[])"
        " AS b (variant, kind, day, quantity)"
        " ON CONFLICT (community, day, variant, is_brought) DO UPDATE SET quantity = excluded.quantity",
        scope.shop,
        community,
        [variant for variant, _day in rows],
        [kind[variant] for variant, _day in rows],
        [day for _variant, day in rows],
        list(rows.values()),
    )


@errand
def foretell(asked: rules.Asked) -> tuple[rules.Told, ...]:
    """This will have the sales of some shops foretold in a process of its own."""
    return gateways.tell(asked)


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
