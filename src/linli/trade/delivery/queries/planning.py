"""What a wave plans: the open tasks of a slot that nobody carries yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.ids import BuildingId, CommunityId, OrderId, PartyId, ShopId, TaskId
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.delivery import rules
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import TaskState

MOST_TO_PLAN = 5_000


@dataclass(frozen=True, slots=True)
class TaskToPlan:
    """A task as a plan sees it; `courier` is who has it now, where it is planned again."""

    task: TaskId
    order: OrderId
    shop: ShopId
    community: CommunityId
    building: BuildingId | None
    slot: UUID | None
    portions: int
    from_: tuple[float, float]
    to: tuple[float, float]
    ready_at: datetime
    promised_at: datetime
    state: TaskState
    courier: PartyId | None
    needs: frozenset[str]


@query
def tasks_to_plan(
    scope: Scope, *, zone: Collection[CommunityId] = (), slot: UUID | None = None, limit: int = MOST_TO_PLAN
) -> tuple[TaskToPlan, ...]:
    """This will list pooled tasks whose goods are still at their shops, but for what shops bring themselves."""
    states = [TaskState.TODO.value, TaskState.ASSIGNED.value]
    rows = Task.objects.within(scope).filter(kind=rules.Kind.POOLED.value, state__in=states, by_shop=False)
    if slot is not None:
        rows = rows.filter(slot=slot)
    if zone:
        rows = rows.filter(community__in=list(zone))
    return tuple(_to_plan(row) for row in rows.order_by("id")[: min(limit, MOST_TO_PLAN)])


def _to_plan(row: Task) -> TaskToPlan:
    return TaskToPlan(
        task=TaskId(row.pk),
        order=OrderId(row.order),
        shop=ShopId(row.shop),
        community=CommunityId(row.community),
        building=BuildingId(row.building) if row.building else None,
        slot=row.slot,
        portions=row.portions,
        from_=(row.from_lat, row.from_lon),
        to=(row.to_lat, row.to_lon),
        ready_at=row.ready_at,
        promised_at=row.promised_at,
        state=TaskState(row.state),
        courier=PartyId(row.courier) if row.courier else None,
        needs=frozenset(row.needs),
    )
