"""Handing over: at the counter or at the door, against the buyer's code; the shop's own delivery goes out and back."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import OrderId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.reach.handover import actions as handover
from linli.reach.handover.rules import Redeemed
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import events, rules
from linli.trade.orders.actions.complete import complete_held
from linli.trade.orders.actions.held import HeldOrder, hold_for_shop, step, take
from linli.trade.orders.actions.owed import insist_cash, take_cash
from linli.trade.orders.actions.reasons import reason_of


class PickedUpOnly(Refusal):
    """Its buyer fetches this order."""

    says = _("This order is picked up by its buyer.")


class ByCourier(Refusal):
    """A courier of the platform takes this order; it is on its way when they have it."""

    says = _("A courier collects this order; you need not send it out.")


def insist_own_delivery(held: HeldOrder) -> None:
    """This will refuse an order that the shop does not bring itself."""
    if held.fulfilment.way:
        raise ByCourier
    if held.fulfilment is not rules.Fulfilment.SHOP_DELIVERY:
        raise PickedUpOnly


@action(needs=May.DELIVER_ORDER)
def dispatch_order(scope: Scope, *, order: OrderId, at: datetime) -> None:
    """This will send a ready order out with the shop's own delivery."""
    held = hold_for_shop(scope, order)
    insist_own_delivery(held)
    take([step(scope, held, rules.OrderVerb.DISPATCH, at=at)], [held.told(events.OrderDispatched, at)])


@action(needs=May.DELIVER_ORDER, private=("reason",))
def bring_back_order(scope: Scope, *, order: OrderId, reason: str, at: datetime) -> None:
    """This will bring an order back that could not be handed over; it can be sent out again."""
    said = reason_of(reason)
    take([step(scope, hold_for_shop(scope, order), rules.OrderVerb.BRING_BACK, at=at, why=said)], [])


@action(needs=May.DELIVER_ORDER, private=("code",))
def hand_over_order(scope: Scope, *, order: OrderId, code: str, cash: Money | None = None, at: datetime) -> Redeemed:
    """This will hand an order over to whoever knows its code, which completes it.

    Of an order that is paid in cash, `cash` is what was taken for it, to the cent; from then on its holder owes it.
    A wrong code is an answer and no refusal: a refusal would roll back the try that has to be counted.
    """
    held = hold_for_shop(scope, order)
    rules.ORDER_LIFE.after(held.state, rules.OrderVerb.COMPLETE)
    insist_cash(held, cash)
    answer = handover.handover_redeem(scope, for_=order, code=code, at=at)
    if answer is Redeemed.OK:
        take_cash(held, at=at)
        complete_held(scope, [held], why="code", at=at)
    return answer
