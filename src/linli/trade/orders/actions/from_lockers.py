"""Orders in lockers: fetched by their buyer at any hour, and after their time there moved to the desk."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import OrderId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.reach.handover import actions as handover
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import queries as doors
from linli.reach.lockers.queries import Lies
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import rules
from linli.trade.orders.actions.complete import complete_held
from linli.trade.orders.actions.fetching import tell_buyer
from linli.trade.orders.actions.held import HeldOrder, hold, hold_for_buyer


class NotThisCabinet(Refusal):
    """Whoever opens a door stands before it: its cabinet's figures are printed on it."""

    says = _("These are not the figures on the locker of your order.")


class DoorStuck(Refusal):
    """The machine is not reached, or its bolt does not move."""

    says = _("The compartment does not open. Please tell the property desk your code: they take it out for you.")


@errand
def open_own_locker(scope: Scope, *, order: OrderId, sign: str, at: datetime) -> str:
    """This will open the compartment of an order for its buyer who stands there, which completes it.

    The door opens first and the order is completed then: where the house stops between the two, it opens again.
    """
    lies = own_compartment(scope, order=order)
    if sign.strip() != lies.sign:
        raise NotThisCabinet(field="sign")
    if not lockers.open_full(lies=lies, at=at):
        raise DoorStuck
    fetch_from_locker(scope, order=order, at=at)
    return lies.spot


@action(needs=May.CONFIRM_RECEIPT)
def own_compartment(scope: Scope, *, order: OrderId) -> Lies:
    """This will tell a buyer where their order lies, while it waits there."""
    lies = _lies(_waiting(hold_for_buyer(scope, order)))
    if lies is None or not lies.is_in:
        raise NotFound("compartment")
    return lies


@action(needs=May.CONFIRM_RECEIPT)
def fetch_from_locker(scope: Scope, *, order: OrderId, at: datetime) -> None:
    """This will complete an order that its buyer has taken out, and free its compartment."""
    held = _waiting(hold_for_buyer(scope, order))
    handover.handover_close(SYSTEM, fors=[held.id], at=at)
    complete_held(scope, [held], why="locker", at=at)


@errand
def open_to_move(scope: Scope, *, order: OrderId, by_key: bool = False, at: datetime) -> str:
    """This will open an order's compartment for the desk, or believe that its key did, and keep it at the desk.

    Its code stays good there.
    """
    lies = compartment_at_desk(scope, order=order)
    if lies is None:
        raise NotFound("compartment")
    if not by_key and not lockers.open_full(lies=lies, at=at):
        raise DoorStuck(field="by_key")
    move_to_desk(scope, order=order, at=at)
    return lies.spot


@action(needs=May.RUN_PARCELS)
def compartment_at_desk(scope: Scope, *, order: OrderId) -> Lies | None:
    """This will tell the desk of a community where an order lies."""
    with as_the_house():
        return _lies(_of_the_desk(scope, order))


@action(needs=May.RUN_PARCELS)
def move_to_desk(scope: Scope, *, order: OrderId, at: datetime) -> None:
    """This will note that an order was taken out of its locker and waits at the desk; its buyer is told."""
    with as_the_house():
        held = _of_the_desk(scope, order)
        sql.run("UPDATE orders_order SET drop_off = %s, spot = NULL WHERE id = %s", DropOff.DESK.value, held.id)
        lockers.free(SYSTEM, subject=held.id, at=at)
        tell_buyer("order_at_desk", held, held.due_at or at, at)


def _of_the_desk(scope: Scope, order: OrderId) -> HeldOrder:
    held = next(iter(hold((order,))), None)
    if held is None or not (scope.is_inside or held.community in scope.communities):
        raise NotFound("order")
    return _waiting(held)


def _waiting(held: HeldOrder) -> HeldOrder:
    if held.state is not rules.OrderState.AT_PICKUP_POINT or held.drop_off is not DropOff.LOCKER:
        raise NotFound("order")
    return held


def _lies(held: HeldOrder) -> Lies | None:
    return doors.compartment_of(SYSTEM, subject=held.id)
