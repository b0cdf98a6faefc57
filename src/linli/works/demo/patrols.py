"""The town's rounds: points with what to look at, a route, a nightly plan, one walked with a finding, one missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from linli.estate.patrols import actions, queries
from linli.estate.patrols.actions import StopDraft
from linli.estate.patrols.rules import Item, ItemKind, Outcome, Seen
from linli.ground.places import queries as places
from linli.kernel.ids import PatrolId
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Scope

_LOOKS = Item("i1", "外观完好，无杂物")
_PRESSURE = Item("i2", "供水压力", ItemKind.VALUE, Decimal("0.25"), Decimal("0.60"), "MPa")
_POINTS = (
    ("东门岗亭", "东门", (_LOOKS,)),
    ("1 栋大堂", "1 栋首层", (_LOOKS,)),
    ("水泵房", "地下一层", (_LOOKS, _PRESSURE)),
    ("配电室", "地下一层", (_LOOKS,)),
    ("儿童游乐区", "中心花园", (_LOOKS,)),
)


def live(scope: Scope, *, now: datetime) -> None:
    """This will set the rounds of the town's first community up, walk one, begin one, and miss one."""
    began = now - timedelta(hours=8)
    community = places.communities(ids=scope.communities)[0].id
    points = [
        actions.keep_point(scope, community=community, name=name, place=place, items=items, at=began)
        for name, place, items in _POINTS
    ]
    stops = [StopDraft(point, 2 if nth else 0) for nth, point in enumerate(points)]
    route = actions.keep_route(scope, community=community, name="全园巡更", stops=stops, at=began)
    actions.add_plan(
        scope,
        route=route,
        weekdays=tuple(range(7)),
        start_minute=21 * 60,
        minutes=120,
        duty=Duty.GUARD,
        start_on=places.day_in(community, began),
        at=began,
    )
    whole = actions.send_now(scope, route=route, minutes=60, at=began)
    _walk(scope, whole, points, began, found_at=2)
    missed = actions.send_now(scope, route=route, minutes=60, at=began + timedelta(hours=2))
    actions.lapse_patrol(SYSTEM, patrol=missed, at=began + timedelta(hours=3))
    running = actions.send_now(scope, route=route, minutes=180, duty=Duty.MANAGER, at=now - timedelta(minutes=20))
    _walk(scope, running, points[:2], now - timedelta(minutes=18), found_at=None)


def _walk(scope: Scope, patrol: PatrolId, points: list[UUID], began: datetime, *, found_at: int | None) -> None:
    for nth, point in enumerate(points):
        items = queries.point(scope, point=point).items
        seen = [_answer(item, is_wrong=nth == found_at) for item in items]
        secret = queries.point(scope, point=point).secret
        actions.visit_point(scope, patrol=patrol, secret=secret, seen=seen, at=began + timedelta(minutes=4 * nth))


def _answer(item: Item, *, is_wrong: bool) -> Seen:
    if item.kind is ItemKind.VALUE:
        return Seen(item.key, Outcome.OK, Decimal("0.18") if is_wrong else Decimal("0.42"))
    return Seen(item.key)
