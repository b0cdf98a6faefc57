"""What the clock and the facts from below do to work orders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.workorders import events, rules
from linli.estate.workorders.actions.held import step, told_of
from linli.estate.workorders.models import Order
from linli.estate.workorders.rules import WorkState, WorkVerb
from linli.ground.people import queries as people
from linli.ground.people.queries import StaffMember
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, PartyId, WorkOrderId
from linli.reach.notify import actions as notify
from linli.reach.notify.rules import named
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

MOST = 5_000
STEWARD, MANAGER = 1, 2


@action(needs=May.RUN_CLOCKS)
def resume_overdue_work(scope: Scope, *, order: WorkOrderId, at: datetime) -> int:
    """This will let the clock of paused work run again when the pause is over; safe to repeat."""
    row = _due(scope, order, WorkState.PAUSED, at)
    if row is None:
        return 0
    step(scope, row, WorkVerb.RESUME, at=at)
    return 1


@action(needs=May.RUN_CLOCKS)
def close_work(scope: Scope, *, order: WorkOrderId, at: datetime) -> int:
    """This will close what was done and can no longer be re-opened; safe to repeat."""
    row = _due(scope, order, WorkState.DONE, at)
    if row is None:
        return 0
    step(scope, row, WorkVerb.CLOSE, at=at)
    tell(told_of(events.WorkOrderClosed, row, at))
    return 1


@action(needs=May.RUN_CLOCKS)
def escalate_late_work(scope: Scope, *, at: datetime) -> int:
    """This will tell stewards of what is late, and managers of what stays late: all of it in one statement.

    One message a person, a community and a step, however much is late.
    """
    hours = _manager_hours(at)
    rows = sql.fetch(
        "SELECT community, company, told, late FROM workorders_escalate(%s, %s, %s::uuid[], %s::int[])",
        at,
        MOST,
        list(hours),
        [int(each.total_seconds()) for each in hours.values()],
    )
    staff: dict[UUID, tuple[StaffMember, ...]] = {}
    for community, company, told, late in rows:
        if company not in staff:
            staff[company] = people.company_staff(SYSTEM, company=PartyId(company), at=at)
        values = {"count": str(late), **named("community", places.community(CommunityId(community)).name)}
        to = list(_above(staff[company], CommunityId(community), told))
        notify.queue_messages(SYSTEM, to=to, template="work_late", values=values, at=at)
    return sum(row[3] for row in rows)


@action(needs=May.RUN_CLOCKS)
def mark_work_paid(scope: Scope, *, line: int, at: datetime) -> None:
    """This will note that what was charged for an order is paid; safe to repeat."""
    Order.objects.within(scope).filter(charge_line=line, paid_at__isnull=True).update(paid_at=at)


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase the words and photos of an erased person, and what was said on what they asked for."""
    sql.fetch("SELECT workorders_forget(%s)", person)


def _due(scope: Scope, order: WorkOrderId, state: WorkState, at: datetime) -> Order | None:
    rows = Order.objects.within(scope).select_for_update()
    return rows.filter(pk=order, state=state.value, due_at__lte=at).first()


def _manager_hours(at: datetime) -> dict[CommunityId, timedelta]:
    """How long each community in which something is late waits before its manager hears of it."""
    late = (
        Order.objects.inside()
        .filter(escalates_at__isnull=False, escalates_at__lte=at)
        .values_list("community", flat=True)
        .distinct()[:MOST]
    )
    return {
        CommunityId(community): timedelta(
            hours=policy(SYSTEM, rules.WorkOrderPolicy, at=at, community=CommunityId(community)).manager_hours
        )
        for community in late
    }


def _above(staff: Iterable[StaffMember], community: CommunityId, told: int) -> Iterable[PartyId]:
    """First the stewards of the community (where it has none, the managers at once), then its managers."""
    here = [each for each in staff if each.is_everywhere or community in each.communities]
    stewards = [each.party for each in here if each.duty is Duty.STEWARD]
    managers = [each.party for each in here if each.duty is Duty.MANAGER]
    return stewards or managers if told == STEWARD else managers
