"""Who comes and when, for those who had several orders raised and show a line of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from linli.estate.workorders.models import Order
from linli.estate.workorders.rules import WorkState
from linli.ground.people import queries as people
from linli.kernel.ids import PartyId, WorkOrderId
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST = 100


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody comes by `by`, not before `wanted_at`; `name` is in part, and empty while nobody has it in hand."""

    state: WorkState
    name: str
    wanted_at: datetime | None
    by: datetime


@query
def comings(scope: Scope, *, orders: Collection[WorkOrderId]) -> dict[WorkOrderId, Coming]:
    """This will tell of each of some orders who comes and by when; those that the asker may not see are left out."""
    rows = list(Order.objects.within(scope).filter(pk__in=list(orders)[:MOST])) if orders else []
    hands = {PartyId(row.assignee) for row in rows if row.assignee}
    names = people.masked_names(SYSTEM, parties=hands) if hands else {}
    return {
        WorkOrderId(row.pk): Coming(
            WorkState(row.state),
            names.get(PartyId(row.assignee), "") if row.assignee else "",
            row.wanted_at,
            row.arrive_due_at,
        )
        for row in rows
    }
