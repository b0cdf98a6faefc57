"""A community is patrolled as another one is: points, routes and plans taken over by name, and taken back unwalked."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from linli.estate.patrols import rules
from linli.estate.patrols.models import Check, Patrol, Plan, Point, Route, Stop
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.pieces import Made, Piece, UsedSince
from linli.spine.scope import Scope

_OF_POINT = ("place", "items", "wants_code")
_OF_PLAN = ("weekdays", "minutes", "duty")


@action(needs=May.KEEP_PATROLS, private=("pieces",))
def take_over_template(
    scope: Scope, *, community: CommunityId, pieces: Sequence[Piece], start_on: date, at: datetime
) -> tuple[Made, ...]:
    """This will have a community patrolled alike: points and routes at once, plans from a day on.

    A new point has a QR of its own that has to be printed and hung up; patrols that were made keep their old route.
    """
    if community not in scope.communities:
        raise NotFound("community")
    by_sort: dict[str, dict[str, Any]] = {"point": {}, "route": {}, "plan": {}}
    for piece in pieces:
        by_sort[piece.sort][piece.key] = piece.content
    made = _points(scope, community, by_sort["point"])
    made += _routes(scope, community, by_sort["route"])
    return tuple(made + _plans(scope, community, by_sort["plan"], start_on))


def _points(scope: Scope, community: CommunityId, shapes: dict[str, rules.PointShape]) -> list[Made]:
    standing = _by_name(Point.objects.within(scope).filter(community=community, retired_at=None, name__in=shapes))
    before = {name: {column: getattr(row, column) for column in _OF_POINT} for name, row in standing.items()}
    added = []
    for name, shape in shapes.items():
        values = {
            "place": shape.place,
            "items": msgspec.to_builtins(rules.checked_items(shape.items)),
            "wants_code": shape.wants_code,
        }
        row = standing.get(name)
        if row is None:
            row = Point(id=ids.new(), community=community, name=name)
            row.secret, row.display = secrets.token_urlsafe(16), secrets.token_urlsafe(24)
            added.append(row)
        for column, value in values.items():
            setattr(row, column, value)
    Point.objects.within(scope).bulk_update(standing.values(), _OF_POINT)
    Point.objects.bulk_create(added)
    return [Made("point", row.name, str(row.pk), before.get(row.name)) for row in [*standing.values(), *added]]


def _routes(scope: Scope, community: CommunityId, shapes: dict[str, rules.RouteShape]) -> list[Made]:
    points = _by_name(Point.objects.within(scope).filter(community=community, retired_at=None))
    standing = _by_name(Route.objects.within(scope).filter(community=community, retired_at=None, name__in=shapes))
    led = _stops_of(scope, standing.values())
    before = {name: {"in_order": row.in_order, "stops": led.get(row.pk, [])} for name, row in standing.items()}
    added, stops = [], []
    for name, shape in shapes.items():
        row = standing.get(name)
        if row is None:
            row = Route(id=ids.new(), community=community, name=name)
            added.append(row)
        row.in_order = shape.in_order
        stops += [
            Stop(
                id=ids.new(), route=row, community=community, nth=nth, point=points[point], least_minutes=least
            )
            for nth, (point, least) in enumerate(((p, m) for p, m in shape.stops if p in points), start=1)
        ]  # fmt: skip
    Stop.objects.within(scope).filter(route__in=standing.values()).delete()
    Route.objects.within(scope).bulk_update(standing.values(), ["in_order"])
    Route.objects.bulk_create(added)
    Stop.objects.bulk_create(stops)
    return [Made("route", row.name, str(row.pk), before.get(row.name)) for row in [*standing.values(), *added]]


def _plans(scope: Scope, community: CommunityId, shapes: dict[str, rules.PlanShape], start_on: date) -> list[Made]:
    routes = _by_name(Route.objects.within(scope).filter(community=community, retired_at=None))
    rows = Plan.objects.within(scope).filter(community=community, end_on=None, route__in=routes.values())
    standing = {(row.route.name, row.start_minute): row for row in rows.select_related("route")}
    made, added, changed = [], [], []
    for key, shape in shapes.items():
        if shape.route not in routes:
            continue
        row = standing.get((shape.route, shape.start_minute))
        before = row and {column: getattr(row, column) for column in _OF_PLAN}
        if row is None:
            row = Plan(
                id=ids.new(), community=community, route=routes[shape.route], start_minute=shape.start_minute,
                start_on=start_on,
            )  # fmt: skip
            added.append(row)
        else:
            changed.append(row)
        row.weekdays, row.minutes, row.duty = list(shape.weekdays), shape.minutes, shape.duty.value
        made.append(Made("plan", key, str(row.pk), before))
    Plan.objects.within(scope).bulk_update(changed, _OF_PLAN)
    Plan.objects.bulk_create(added)
    return made


@action(needs=May.KEEP_PATROLS, private=("made",))
def take_back_template(scope: Scope, *, community: CommunityId, made: Sequence[Made], at: datetime) -> None:
    """This will take such points, routes and plans away again, or set them back; none that was walked."""
    of = {sort: [each for each in made if each.sort == sort] for sort in ("plan", "route", "point")}
    plans, routes, points = (_added(of[sort]) for sort in ("plan", "route", "point"))
    walked = {
        *Patrol.objects.within(scope).filter(plan__in=plans).values_list("plan", flat=True).distinct(),
        *Patrol.objects.within(scope).filter(route__in=routes).values_list("route", flat=True).distinct(),
        *Check.objects.within(scope).filter(point__in=points).values_list("point", flat=True).distinct(),
        *Stop.objects.within(scope).filter(point__in=points).exclude(route__in=routes + _again(of["route"]))
        .values_list("point", flat=True).distinct(),
        *Plan.objects.within(scope).filter(route__in=routes).exclude(pk__in=plans)
        .values_list("route", flat=True).distinct(),
    }  # fmt: skip
    for each in made:
        if UUID(each.row) in walked:
            raise UsedSince(name=each.key)
    Plan.objects.within(scope).filter(pk__in=plans).delete()
    _give_back(scope, Plan, _OF_PLAN, of["plan"])
    _lay_back(scope, community, of["route"])
    Route.objects.within(scope).filter(pk__in=routes).delete()
    Point.objects.within(scope).filter(pk__in=points).delete()
    _give_back(scope, Point, _OF_POINT, of["point"])


def _added(made: Iterable[Made]) -> list[UUID]:
    return [UUID(each.row) for each in made if each.before is None]


def _again(made: Iterable[Made]) -> list[UUID]:
    return [UUID(each.row) for each in made if each.before is not None]


def _give_back(scope: Scope, model: Any, columns: tuple[str, ...], made: Sequence[Made]) -> None:
    """Rows that were changed get back what stood in them."""
    before = {each.row: each.before for each in made if each.before is not None}
    rows = list(model.objects.within(scope).filter(pk__in=before))
    for row in rows:
        for column in columns:
            setattr(row, column, before[str(row.pk)][column])
    model.objects.within(scope).bulk_update(rows, columns)


def _lay_back(scope: Scope, community: CommunityId, made: Sequence[Made]) -> None:
    before = {UUID(each.row): each.before for each in made if each.before is not None}
    Stop.objects.within(scope).filter(route__in=before).delete()
    _give_back(scope, Route, ("in_order",), made)
    Stop.objects.bulk_create(
        Stop(id=ids.new(), route_id=route, community=community, nth=nth, point_id=UUID(point), least_minutes=least)
        for route, was in before.items()
        for nth, (point, least) in enumerate(was["stops"], start=1)
    )


def _by_name(rows: Iterable[Any]) -> dict[str, Any]:
    """Names are not unique; the first of a name stands for it."""
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.name, row)
    return found


def _stops_of(scope: Scope, routes: Iterable[Route]) -> dict[UUID, list[tuple[str, int]]]:
    led: dict[UUID, list[tuple[str, int]]] = {}
    for stop in Stop.objects.within(scope).filter(route__in=list(routes)).order_by("route", "nth"):
        led.setdefault(stop.route_id, []).append((str(stop.point_id), stop.least_minutes))
    return led
