"""What is patrolled in a community, told so that another may be patrolled alike."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from linli.estate.patrols import rules
from linli.estate.patrols.models import Plan, Point, Route, Stop
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine import decoding
from linli.spine.action import query
from linli.spine.may import Duty
from linli.spine.pieces import Piece
from linli.spine.scope import Scope

MOST = 500


@query
def template_of(scope: Scope, *, community: CommunityId, on: date) -> tuple[Piece, ...]:
    """This will list points, routes and plans by their names; a plan that names a person is told without them."""
    if community not in scope.communities:
        raise NotFound("community")
    points = Point.objects.within(scope).filter(community=community, retired_at=None).order_by("name", "id")
    routes = Route.objects.within(scope).filter(community=community, retired_at=None).order_by("name", "id")
    stops = Stop.objects.within(scope).filter(community=community, route__retired_at=None).select_related("point")
    led: dict[object, list[tuple[str, int]]] = {}
    for stop in stops.order_by("route", "nth")[:MOST]:
        led.setdefault(stop.route_id, []).append((stop.point.name, stop.least_minutes))
    plans = Plan.objects.within(scope).filter(
        Q(end_on=None) | Q(end_on__gt=on), community=community, route__retired_at=None
    )
    found = [_point(row) for row in points[:MOST]]
    found += [
        Piece("route", row.name, _both(row.name), rules.RouteShape(row.in_order, tuple(led.get(row.pk, ()))))
        for row in routes[:MOST]
    ]
    found += [plan_piece(row) for row in plans.select_related("route").order_by("route__name", "start_minute")[:MOST]]
    return tuple({piece.mark: piece for piece in found}.values())


def plan_piece(row: Plan) -> Piece:
    """This will tell a plan by its route and its beginning; two such of a route are one."""
    clock = f"{row.start_minute // 60:02}:{row.start_minute % 60:02}"
    name = f"{row.route.name} {clock}"
    shape = rules.PlanShape(row.route.name, tuple(row.weekdays), row.start_minute, row.minutes, Duty(row.duty))
    return Piece("plan", name, _both(name), shape)


def _point(row: Point) -> Piece:
    items: tuple[rules.Item, ...] = decoding.convert(row.items, tuple[rules.Item, ...])
    return Piece("point", row.name, _both(row.name), rules.PointShape(row.place, items, row.wants_code))


def _both(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}
