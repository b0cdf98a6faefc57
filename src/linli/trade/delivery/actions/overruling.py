"""What a dispatcher may do with any task, whatever stands in the way: take back, pass on, fail, call off, return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.kernel.ids import OrderId, PartyId, TaskId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.delivery import events
from linli.trade.delivery.actions.asking import call_off_held
from linli.trade.delivery.actions.doing import fail_held, finish_held, return_held
from linli.trade.delivery.actions.held import courier, courier_of, hold_board, said, take, told
from linli.trade.delivery.actions.running import end_finished, loosen
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import FailReason, Proof, TaskVerb

MOST_AT_ONCE = 200


@action(needs=May.DISPATCH_DELIVERY, private=("why",))
def take_back_tasks(scope: Scope, *, tasks: Sequence[TaskId], why: str, at: datetime) -> None:
    """This will take orders that were not collected from their couriers: they wait on the board again."""
    reason = said(why, needed=True)
    if not 0 < len(tasks) <= MOST_AT_ONCE:
        raise Invalid("tasks", _("Choose between 1 and {most} orders."), most=MOST_AT_ONCE)
    rows = [hold_board(scope, task) for task in sorted(set(tasks))]
    with as_the_house():
        take_back_held(scope, rows, why=reason, at=at)


def take_back_held(scope: Scope, rows: Sequence[Task], *, why: str, at: datetime) -> None:
    """This will take held tasks from their couriers."""
    before = [(row, courier(row)) for row in rows]
    take(scope, rows, TaskVerb.TAKE_BACK, at=at, why=why, courier=None, assigned_at=None, arrive_at=None)
    loosen([TaskId(row.pk) for row in rows], at=at)
    for who in {who for _row, who in before}:
        end_finished(who, at=at)
    for row, who in before:
        tell(events.TaskTakenBack(task=TaskId(row.pk), order=OrderId(row.order), courier=who, at=at))


@action(needs=May.DISPATCH_DELIVERY, private=("why",))
def pass_on_task(scope: Scope, *, task: TaskId, courier: PartyId, why: str, at: datetime) -> None:
    """This will note that goods went from one courier's hands into another's."""
    row = hold_board(scope, task)
    reason = said(why, needed=True)
    chosen = courier_of(scope, courier, [row], at)
    with as_the_house():
        take(scope, [row], TaskVerb.HAND_ON, at=at, why=reason, courier=chosen.person, arrived_at=None)
        loosen([task], at=at)
    tell(told(events.TaskAssigned, row, at))


@action(needs=May.DISPATCH_DELIVERY, private=("why",))
def call_off_task(scope: Scope, *, task: TaskId, why: str, at: datetime) -> None:
    """This will end a task on a dispatcher's word, with the reason."""
    row = hold_board(scope, task)
    reason = said(why, needed=True)
    with as_the_house():
        call_off_held(scope, row, why=reason, at=at)


@action(needs=May.DISPATCH_DELIVERY, private=("words",))
def fail_at_board(scope: Scope, *, task: TaskId, reason: FailReason, words: str = "", at: datetime) -> None:
    """This will fail a task whose courier cannot say so."""
    fail_held(scope, hold_board(scope, task), reason=reason, words=said(words, field="words"), at=at)


@action(needs=May.DISPATCH_DELIVERY, private=("why",))
def finish_at_board(scope: Scope, *, task: TaskId, why: str, at: datetime) -> None:
    """This will note as done, on a dispatcher's word, what was handed over without a proof."""
    said(why, needed=True)
    finish_held(scope, hold_board(scope, task), proof=Proof.WORD, photo=None, said_at=None, at=at)


@action(needs=May.DISPATCH_DELIVERY)
def return_at_board(scope: Scope, *, task: TaskId, at: datetime) -> None:
    """This will note that goods are back at their shop, as the shop told the board."""
    return_held(scope, hold_board(scope, task), at=at)
