"""What would change in a slot if a neighbour shared the runs: the plan of `linli plan delivery` for real places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.insight.dashboards import rules
from linli.insight.dashboards.rules import Group, Joined
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import Denied
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.queries import ZoneCard
from linli.trade.delivery.rules import DeliveryPolicy
from linli.trade.delivery.rules.economics import Costs, Place
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops

WITHIN_M = 4_000
MOST_NEIGHBOURS, MOST_HERE = 5, 8
DAYS = 28
_METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class NeighbourLine:
    """A neighbour with its orders in a slot (supposed: as many a home as here, where it does not buy yet)."""

    community: CommunityId
    distance_m: int
    orders: int
    is_supposed: bool
    joined: Joined


@dataclass(frozen=True, slots=True)
class NeighboursPage:
    """Who shares runs here now, with so many orders a slot in all, and the nearest who do not.

    `shared` is what sharing brings already: this community as the one that joins the others; None where nobody shares
    or nothing is brought here.
    """

    here: tuple[CommunityId, ...]
    orders: int
    lines: tuple[NeighbourLine, ...]
    shared: Joined | None


@query
def neighbours_joining(scope: Scope, *, community: CommunityId, at: datetime) -> NeighboursPage:
    """This will plan a usual slot of a community's zone with and without each of its nearest neighbours."""
    if not scope.is_inside:
        raise Denied
    card = places.community(community)
    zone = _zone_of(community, delivery.zones(city=card.city))
    here = tuple(part.community for part in zone.communities)[:MOST_HERE] if zone else (community,)
    near = [each for each in places.neighbours(community, within_m=WITHIN_M) if each.community not in here]
    near = near[:MOST_NEIGHBOURS]
    known = [*here, *(each.community for each in near)]
    a_slot = _orders_a_slot(scope, known, at)
    homes = places.homes_counted(known)
    hub = (zone.lat, zone.lon) if zone else (card.lat, card.lon)
    stands: dict[CommunityId, list[Place]] = {each: [] for each in known}
    for point in places.building_points(known):
        stands[point.community].append(_metres(hub, point.lat, point.lon))
    merchants = [_metres(hub, each.lat, each.lon) for each in shops.points(communities=here)]
    groups = {each: Group(tuple(stands[each]), round(a_slot.get(each, 0))) for each in here}
    now, own_group = list(groups.values()), groups.get(community)
    others = [group for each, group in groups.items() if each != community]
    shared = (
        rules.joining(others, own_group, merchants, Costs())
        if own_group and own_group.orders and any(group.orders for group in others)
        else None
    )
    a_home = sum(a_slot.get(each, 0.0) for each in here) / max(1, sum(homes.get(each, 0) for each in here))
    lines = []
    for each in near:
        own = a_slot.get(each.community, 0.0)
        wanted = max(1, round(own or a_home * homes.get(each.community, 0)))
        joined = rules.joining(now, Group(tuple(stands[each.community]), wanted), merchants, Costs())
        lines.append(NeighbourLine(each.community, each.distance_m, wanted, not own, joined))
    return NeighboursPage(here, sum(group.orders for group in now), tuple(lines), shared)


def _zone_of(community: CommunityId, zones: Sequence[ZoneCard]) -> ZoneCard | None:
    return next(
        (zone for zone in zones if zone.is_open and any(part.community == community for part in zone.communities)), None
    )


def _orders_a_slot(scope: Scope, communities: Sequence[CommunityId], at: datetime) -> dict[CommunityId, float]:
    """What was brought in four weeks, over the slots that there were; where something is brought, at least one."""
    sales = orders.community_sales(scope, communities=communities, start=at - timedelta(days=DAYS), end=at)
    found = {}
    for each, sold in sales.items():
        if sold.brought:
            rule = policy(scope, DeliveryPolicy, at=at, community=each)
            slots = DAYS / 7 * len(rule.weekdays) * len({*rule.same_day_starts, *rule.day_before_starts})
            found[each] = max(1.0, sold.brought / max(slots, 1.0))
    return found


def _metres(hub: tuple[float, float], lat: float, lon: float) -> Place:
    east = (lon - hub[1]) * _METRES_A_DEGREE * math.cos(math.radians(hub[0]))
    return east, (lat - hub[0]) * _METRES_A_DEGREE
