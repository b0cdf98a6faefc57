"""Points, routes and patrols for tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from builders.billing import Desk, a_desk
from builders.clock import AT
from builders.people import a_person
from linli.estate.patrols import actions, queries, rules
from linli.estate.patrols.rules import Item, ItemKind, Seen
from linli.kernel.ids import PatrolId
from linli.spine.may import Duty
from linli.spine.scope import Scope

LIGHT = Item("light", "灯是否正常")
PRESSURE = Item("pressure", "水压", ItemKind.VALUE, Decimal("0.2"), Decimal("0.6"), "MPa")
FINE = (Seen("light"), Seen("pressure", value=Decimal("0.4")))


@dataclass(frozen=True)
class Rounds:
    """A community with points and a route over them."""

    desk: Desk
    points: tuple[UUID, ...]
    route: UUID

    @property
    def scope(self) -> Scope:
        return self.desk.scope

    def a_guard(self) -> Scope:
        return replace(self.desk.scope, person=a_person("保安"), duty=Duty.GUARD)

    def sent(self, *, minutes: int = 60, at: datetime = AT) -> PatrolId:
        return actions.send_now(self.scope, route=self.route, minutes=minutes, at=at)

    def secret(self, nth: int) -> str:
        return queries.point(self.scope, point=self.points[nth]).secret

    def visits(
        self,
        guard: Scope,
        patrol: PatrolId,
        nth: int,
        *,
        after: timedelta = timedelta(),
        seen: tuple[Seen, ...] = FINE,
        **given: object,
    ) -> actions.Visited:
        return actions.visit_point(guard, patrol=patrol, secret=self.secret(nth), seen=seen, at=AT + after, **given)  # type: ignore[arg-type]


def some_rounds(*, in_order: bool = False, least_minutes: int = 3, wants_code: bool = False) -> Rounds:
    desk = a_desk()
    positions = (rules.Place(30.25, 120.16), rules.Place(30.2509, 120.16), rules.Place(30.2518, 120.16))
    points = tuple(
        actions.keep_point(
            desk.scope,
            community=desk.community.id,
            name=f"泵房{nth}",
            place=f"地下{nth}层",
            items=(LIGHT, PRESSURE),
            wants_code=wants_code,
            position=position,
            at=AT,
        )
        for nth, position in enumerate(positions, start=1)
    )
    route = actions.keep_route(
        desk.scope,
        community=desk.community.id,
        name="夜间巡更",
        stops=[actions.StopDraft(point, least_minutes if nth else 0) for nth, point in enumerate(points)],
        in_order=in_order,
        at=AT,
    )
    return Rounds(desk, points, route)
