"""What nobody fetched from a pick-up point: a courier is sent for it, takes it along and brings it to its shop."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import OrderId, PartyId, TaskId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.reach.lockers import actions as lockers
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery.actions.held import courier_of, hold_board, hold_own, take
from linli.trade.delivery.actions.signs import note_sign
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import Custody, FailReason, TaskState, TaskVerb


class NotAtAPoint(Refusal):
    """These goods were fetched, or are with somebody already."""

    says = _("These goods do not lie at a pick-up point any more.")


@action(needs=May.FULFIL_ORDER)
def ask_back(scope: Scope, *, order: OrderId, at: datetime) -> bool:
    """This will have goods brought back that a courier left at a point and nobody fetched; the board sees them."""
    with as_the_house():
        row = Task.objects.inside().select_for_update().filter(order=order, state=TaskState.DONE.value).first()
        if row is None:
            return False
        take(
            scope, [row], TaskVerb.LACK, at=at, courier=None, goods=Custody.POINT.value,
            reason=FailReason.UNFETCHED.value, returned_at=None,
        )  # fmt: skip
    return True


@action(needs=May.DISPATCH_DELIVERY)
def send_for_return(scope: Scope, *, task: TaskId, courier: PartyId, at: datetime) -> None:
    """This will send a courier for goods that lie at a point unfetched; again, it sends another."""
    row = hold_board(scope, task)
    if row.goods != Custody.POINT.value:
        raise NotAtAPoint
    chosen = courier_of(scope, courier, [row], at)
    with as_the_house():
        take(scope, [row], TaskVerb.FETCH_BACK, at=at, courier=chosen.person, assigned_at=at)


@action(needs=May.CARRY_GOODS)
def take_along(scope: Scope, *, task: TaskId, at: datetime) -> None:
    """This will note that a courier has taken goods from a point; taken already, it is answered so."""
    row = hold_own(scope, task)
    note_sign(scope, at=at)
    if row.goods == Custody.COURIER.value and row.reason == FailReason.UNFETCHED.value:
        return
    if row.goods != Custody.POINT.value:
        raise NotAtAPoint
    lockers.free(SYSTEM, subject=row.order, at=at)
    take(scope, [row], TaskVerb.TAKE_ALONG, at=at, goods=Custody.COURIER.value)
