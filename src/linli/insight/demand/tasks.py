"""What demand does by night: it notes what was sold, and foretells the days to come, city by city."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.insight.demand import actions, queries, rules
from linli.kernel.ids import CityId, CommunityId
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

AGAIN_D = 8
"""Goods may come back for a week, so so many days are counted anew each night."""
PORTION_D = 28
FIRST_D = 196
"""So far back a community is counted that has not been before."""
SHOPS = 20
"""So many shops are foretold together; the worker holds the days of no more."""


@timed("37 18 * * *")
def foretell_demand(*, at: datetime) -> int:
    """This will foretell what every shop will sell of fresh goods, while China sleeps."""
    told = sum(_foretell_city(city.id, at) for city in places.cities())
    actions.forget_old_sales(SYSTEM, before=at.date() - timedelta(days=rules.KEPT_D), at=at)
    return told


def _foretell_city(city: CityId, at: datetime) -> int:
    communities = [each.id for each in places.communities(city=city)]
    if not communities:
        return 0
    today = places.day_in(communities[0], at)
    known = queries.communities_counted(SYSTEM, communities=communities)
    for community in communities:
        _count(community, today, at, is_known=community in known)
    feasts = policy(SYSTEM, rules.DemandPolicy, at=at, city=city).dated()
    told = 0
    selling = queries.shops_selling(SYSTEM, communities=communities)
    for begin in range(0, len(selling), SHOPS):
        shops = selling[begin : begin + SHOPS]
        asked = queries.sales(SYSTEM, shops=shops, last_on=today - timedelta(days=1), feasts=feasts)
        found = actions.foretell(asked) if asked.sold else ()
        told += actions.keep_forecasts(SYSTEM, shops=shops, told=found, told_on=asked.last_on, at=at)
    return told


def _count(community: CommunityId, today: date, at: datetime, *, is_known: bool) -> None:
    """The last days; and where something sells that was never counted, a portion at a time, the days before them."""
    lately = today - timedelta(days=AGAIN_D)
    sold = actions.note_sold(SYSTEM, community=community, start_on=lately, end_on=today, at=at)
    if is_known or not sold:
        return
    start = today - timedelta(days=FIRST_D)
    while start < lately:
        end = min(start + timedelta(days=PORTION_D), lately)
        actions.note_sold(SYSTEM, community=community, start_on=start, end_on=end, at=at)
        start = end
