"""Passes of couriers: whose a code is, and whether it is good now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from linli.ground.people import queries as people
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, PartyId, TaskId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import rules
from linli.trade.delivery.models import Task, TaskMove
from linli.trade.delivery.rules import Custody, PassNo, TaskState, TaskVerb

MOST = 1_000
_HANDS = [verb.value for verb in (TaskVerb.ASSIGN, TaskVerb.HAND_ON, TaskVerb.FETCH_BACK, TaskVerb.TURN_AWAY)]
"""Whoever carries it next was not turned away."""
_LATELY = Q(courier__isnull=False, assigned_at__isnull=False)


@dataclass(frozen=True, slots=True)
class CourierPass:
    """What a guard learns: the order's number and door, who carries it, until when, and why not, if not."""

    task: TaskId
    community: CommunityId
    number: str
    door: str
    courier_name: str
    ends_at: datetime
    why_not: PassNo | None


@query
def task_of_pass(scope: Scope, *, community: CommunityId, code: str) -> TaskId | None:
    """This will find the task of a code among those that are on their way to a community."""
    riding = Q(state__in=[TaskState.EN_ROUTE.value, TaskState.ARRIVED.value]) | Q(goods=Custody.POINT.value)
    rows = Task.objects.within(scope).filter(_LATELY, riding, community=community).order_by("-id")[:MOST]
    return next((TaskId(row.pk) for row in rows if code_of(row) == code), None)


@query
def courier_pass(scope: Scope, *, task: TaskId, at: datetime) -> CourierPass:
    """This will show the pass of a task to a guard of its community."""
    row = Task.objects.within(scope).filter(pk=task).first()
    if row is None or (not scope.is_inside and CommunityId(row.community) not in scope.communities):
        raise NotFound("task")
    rider = PartyId(row.courier) if row.courier else None
    name = people.masked_names(SYSTEM, parties={rider}).get(rider, "") if rider else ""
    return CourierPass(
        task, CommunityId(row.community), row.number, row.door, name, _ends_at(row, at), _why_not(row, at)
    )


def code_of(row: Task) -> str:
    """The pass of a task for who has it in hand, or nothing where it takes nobody to a gate."""
    if row.courier is None or row.assigned_at is None or not rules.has_pass(TaskState(row.state), Custody(row.goods)):
        return ""
    secret = settings.SECRET_KEY.encode()
    return rules.pass_code(secret, task=TaskId(row.pk), courier=PartyId(row.courier), since=row.assigned_at)


def _ends_at(row: Task, at: datetime) -> datetime:
    rule = policy(SYSTEM, rules.CourierPolicy, at=at, community=CommunityId(row.community))
    return rules.pass_ends(due_at=row.due_at, promised_at=row.promised_at, minutes=rule.pass_minutes)


def _why_not(row: Task, at: datetime) -> PassNo | None:
    if not code_of(row) or at >= _ends_at(row, at):
        return PassNo.OVER
    last = TaskMove.objects.within(SYSTEM).filter(of=row.pk, verb__in=_HANDS).order_by("-id").first()
    return PassNo.TURNED_AWAY if last is not None and last.verb == TaskVerb.TURN_AWAY.value else None
