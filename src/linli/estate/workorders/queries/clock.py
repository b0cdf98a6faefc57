"""What the clock has to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.workorders.models import Order, Outage
from linli.estate.workorders.rules import OutageState, WorkState
from linli.kernel.ids import WorkOrderId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import Scope


@dataclass(frozen=True, slots=True)
class Due:
    """Orders whose pause, price or days of re-opening are over."""

    paused: tuple[WorkOrderId, ...]
    quoted: tuple[WorkOrderId, ...]
    done: tuple[WorkOrderId, ...]


@query
def due_orders(scope: Scope, *, at: datetime, limit: int) -> Due:
    """This will list what waits for the clock alone, the longest overdue first."""
    _inside(scope)
    states = (WorkState.PAUSED, WorkState.QUOTED, WorkState.DONE)
    rows = (
        Order.objects.within(scope)
        .filter(state__in=[state.value for state in states], due_at__lte=at)
        .order_by("due_at")
        .values_list("state", "id")[:limit]
    )
    found: dict[str, list[WorkOrderId]] = {state.value: [] for state in states}
    for state, order in rows:
        found[state].append(WorkOrderId(order))
    return Due(*(tuple(found[state.value]) for state in states))


@query
def waiting_for_hands(scope: Scope, *, limit: int) -> tuple[WorkOrderId, ...]:
    """This will list the raised orders that nobody has in hand, those first that are due first."""
    _inside(scope)
    rows = Order.objects.within(scope).filter(state=WorkState.RAISED.value).order_by("due_at")
    return tuple(WorkOrderId(pk) for pk in rows.values_list("id", flat=True)[:limit])


@query
def overdue_outages(scope: Scope, *, at: datetime, limit: int) -> tuple[UUID, ...]:
    """This will list outages whose time is over."""
    _inside(scope)
    rows = Outage.objects.within(scope).filter(state=OutageState.ANNOUNCED.value, ends_at__lte=at).order_by("ends_at")
    return tuple(rows.values_list("id", flat=True)[:limit])


def _inside(scope: Scope) -> None:
    if not scope.is_inside:
        raise NotFound("page")
