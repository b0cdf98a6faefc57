"""Regulars, lapsing, new: homes of a community by how they buy, at one shop or all, as counts that tell of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.ground.policies.queries import policy
from linli.insight.dashboards import rules
from linli.insight.dashboards.rules.segments import BEFORE_D, EARLIER_D, LATELY_D
from linli.kernel.ids import CommunityId, ShopId
from linli.kernel.refusals import Denied, NotFound
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import HomesAlike
from linli.trade.shops import queries as shops


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """The segments of a community, at one shop or (None) at all shops together."""

    community: CommunityId
    shop: ShopId | None
    shown: rules.Shown


@dataclass(frozen=True, slots=True)
class SegmentsPage:
    """The lines, and the number of homes below which a group is not shown."""

    lines: tuple[SegmentLine, ...]
    least_homes: int


@query
def segments_of_shop(scope: Scope, *, shop: ShopId, at: datetime) -> SegmentsPage:
    """This will count a shop's own buyers in each of its communities; to the shop alone."""
    if scope.shop != shop:
        raise NotFound("shop")
    communities = shops.sells_in(shop=shop)
    if not communities:
        return SegmentsPage((), 0)
    alike = _alike(scope, communities, at, shop=shop)
    least = {
        each: policy(scope, rules.FiguresPolicy, at=at, community=each).least_homes
        for each in {a.community for a in alike}
    }
    lines = [
        _line(community, shop, [each for each in alike if each.community == community], least[community])
        for community in communities
        if community in least
    ]
    return SegmentsPage(tuple(lines), max(least.values(), default=0))


@query
def segments_of_community(scope: Scope, *, community: CommunityId, at: datetime) -> SegmentsPage:
    """This will count the buyers of a community, at all shops together and at each; for those who run the platform.

    A shop of which no group is large enough is left out.
    """
    if not scope.is_inside:
        raise Denied
    least = policy(scope, rules.FiguresPolicy, at=at, community=community).least_homes
    whole = _line(community, None, _alike(scope, [community], at), least)
    by_shop: dict[ShopId, list[HomesAlike]] = {}
    for each in _alike(scope, [community], at, by_shop=True):
        if each.shop is not None:
            by_shop.setdefault(each.shop, []).append(each)
    lines = [_line(community, shop, those, least) for shop, those in by_shop.items()]
    told = [line for line in lines if any(line.shown.of.values())]
    told.sort(key=lambda line: -sum(count or 0 for count in line.shown.of.values()))
    return SegmentsPage((whole, *told), least)


def _alike(
    scope: Scope, communities: Sequence[CommunityId], at: datetime, *, shop: ShopId | None = None, by_shop: bool = False
) -> tuple[HomesAlike, ...]:
    lately = at - timedelta(days=LATELY_D)
    before = lately - timedelta(days=BEFORE_D)
    since = before - timedelta(days=EARLIER_D)
    return orders.homes_alike(
        scope,
        communities=communities,
        shop=shop,
        by_shop=by_shop,
        since=since,
        lately=lately,
        before=before,
        until=at,
    )


def _line(community: CommunityId, shop: ShopId | None, alike: Sequence[HomesAlike], least: int) -> SegmentLine:
    counted = rules.segments((each.lately, each.before, each.earlier, each.homes) for each in alike)
    return SegmentLine(community, shop, rules.shown(counted, least))
