"""Couriers at the gate: the guard tries a pass, lets them in, or turns them away, which the board is told."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import CommunityId, TaskId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.delivery import queries
from linli.trade.delivery.actions.clock import escalate
from linli.trade.delivery.actions.held import hold, said
from linli.trade.delivery.models import Task, TaskMove
from linli.trade.delivery.rules import TaskVerb


class PassOver(Refusal):
    """The task ended or went to somebody else, or its time is over."""

    says = _("This pass opens nothing any more.")


@action(needs=May.CHECK_VISITORS, private=("code",))
def check_courier_pass(scope: Scope, *, community: CommunityId, code: str, at: datetime) -> TaskId | None:
    """This will tell whose pass a courier shows at a gate; None for one that nobody has here."""
    if community not in scope.communities:
        raise NotFound("community")
    return queries.task_of_pass(scope, community=community, code=code)


@action(needs=May.CHECK_VISITORS)
def let_courier_in(scope: Scope, *, task: TaskId, gate: str = "", at: datetime) -> None:
    """This will note that a courier was let in with a good pass, at which gate and by whom."""
    row = _held(scope, task, at)
    _note(scope, row, TaskVerb.LET_IN, gate, at)


@action(needs=May.CHECK_VISITORS, private=("why",))
def turn_courier_away(scope: Scope, *, task: TaskId, why: str, at: datetime) -> None:
    """This will revoke a courier's pass for a task, with the guard's reason; it stands on top of the board at once."""
    row = _held(scope, task, at)
    _note(scope, row, TaskVerb.TURN_AWAY, said(why, needed=True), at)
    with as_the_house():
        escalate(scope, [row], why="turned_away", at=at)


def _held(scope: Scope, task: TaskId, at: datetime) -> Task:
    row = hold(Task.objects.within(scope), task)
    if CommunityId(row.community) not in scope.communities:
        raise NotFound("task")
    if queries.courier_pass(scope, task=task, at=at).why_not is not None:
        raise PassOver
    return row


def _note(scope: Scope, row: Task, verb: TaskVerb, why: str, at: datetime) -> None:
    TaskMove.objects.create(
        of_id=row.pk, community=row.community, verb=verb.value, before=row.state, after=row.state,
        role=scope.role.value, person=scope.person, why=why, moved_at=at,
    )  # fmt: skip
