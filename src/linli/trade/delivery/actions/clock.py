"""What the clock does: what is late is told to the board, who vanished loses what was not collected."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import PartyId
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.delivery.actions.held import take
from linli.trade.delivery.actions.overruling import take_back_held
from linli.trade.delivery.models import Offer, Position, Task
from linli.trade.delivery.rules import IN_HAND, TaskState, TaskVerb

MOST_LATE = 500


@action(needs=May.RUN_CLOCKS)
def escalate_late_tasks(scope: Scope, *, at: datetime, limit: int = MOST_LATE) -> int:
    """This will tell the board of tasks whose state was not left in time, each once until it moves."""
    rows = list(
        Task.objects.within(scope)
        .select_for_update(skip_locked=True)
        .filter(due_at__lte=at, escalated_at__isnull=True)
        .order_by("due_at")[:limit]
    )
    escalate(scope, rows, why="late", at=at)
    return len(rows)


def escalate(scope: Scope, rows: list[Task], *, why: str, at: datetime) -> None:
    """This will put held tasks on top of the board, with the reason."""
    for row in rows:
        row.escalated_at = at
    take(scope, rows, TaskVerb.ESCALATE, at=at, why=why)


@action(needs=May.RUN_CLOCKS)
def lose_courier(scope: Scope, *, courier: PartyId, unseen_since: datetime, at: datetime) -> int:
    """This will take from a courier without a sign what was not collected, and tell the board of what was."""
    rows = list(
        Task.objects.within(scope)
        .select_for_update()
        .filter(courier=courier, state__in=[state.value for state in IN_HAND], assigned_at__lte=unseen_since)
        .order_by("id")
    )
    at_shop = [row for row in rows if row.state == TaskState.ASSIGNED.value]
    with_them = [row for row in rows if row.state != TaskState.ASSIGNED.value and row.escalated_at is None]
    if at_shop:
        take_back_held(scope, at_shop, why="courier_gone", at=at)
        for row in at_shop:
            row.refused_by = [*row.refused_by, courier]
            row.escalated_at = at
        Task.objects.inside().bulk_update(at_shop, ["refused_by", "escalated_at"])
    escalate(scope, with_them, why="courier_gone", at=at)
    return len(at_shop) + len(with_them)


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what a person wrote and where they were; tasks, slots and what was paid stay, nameless."""
    Position.objects.within(scope).filter(courier=person).delete()
    Offer.objects.within(scope).filter(courier=person).update(why="")
    sql.fetch("SELECT delivery_forget(%s)", person)
