"""What orders do when a fact comes up from the money."""

from __future__ import annotations

from collections.abc import Sequence

from linli.ground.people.events import PersonErased
from linli.kernel.ids import CheckoutId, OrderId
from linli.money.payments.events import Collected, CollectedTooLate, RefundConfirmed
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM
from linli.trade.delivery.events import GoodsReturned, GoodsTaken, TaskDone, TaskFailed
from linli.trade.delivery.rules import DropOff, Proof
from linli.trade.orders import actions
from linli.trade.orders.events import OrderReady


@reacts_to(Collected, purpose="checkout", together=True)
def mark_paid(facts: Sequence[Collected]) -> None:
    """This will send paid orders to their shops, all that were collected in one batch together."""
    paid = {CheckoutId(fact.for_): fact.at for fact in facts}
    actions.mark_paid(SYSTEM, checkouts=tuple(paid), paid_at=tuple(paid.values()), at=max(paid.values()))


@reacts_to(Collected, purpose="order", together=True)
def mark_collected(facts: Sequence[Collected]) -> None:
    """This will note on orders with sums of their own that these have come: taken in cash, or paid online after all."""
    paid = {OrderId(fact.for_): fact.at for fact in facts}
    actions.mark_collected(SYSTEM, orders=tuple(paid), paid_at=tuple(paid.values()))


@reacts_to(CollectedTooLate, purpose="checkout")
def tell_goes_back(fact: CollectedTooLate) -> None:
    """This will tell who paid twice or too late that the money goes back."""
    actions.tell_goes_back(SYSTEM, for_=fact.for_, amount=fact.amount, at=fact.at)


@reacts_to(CollectedTooLate, purpose="order")
def tell_of_order_goes_back(fact: CollectedTooLate) -> None:
    """This will tell the same of orders with sums of their own."""
    actions.tell_goes_back(SYSTEM, for_=fact.for_, amount=fact.amount, at=fact.at)


@reacts_to(OrderReady, together=True)
def tell_ready(facts: Sequence[OrderReady]) -> None:
    """This will tell buyers that they can fetch their orders at the shop."""
    orders = tuple(fact.order for fact in facts)
    actions.tell_ready_to_fetch(SYSTEM, orders=orders, at=max(fact.at for fact in facts))


@reacts_to(RefundConfirmed, purpose="checkout", together=True)
def mark_repaid(facts: Sequence[RefundConfirmed]) -> None:
    """This will note on the refunds that their money has arrived."""
    _repaid(facts)


@reacts_to(RefundConfirmed, purpose="order", together=True)
def mark_order_repaid(facts: Sequence[RefundConfirmed]) -> None:
    """This will note the same on refunds of orders with sums of their own."""
    _repaid(facts)


def _repaid(facts: Sequence[RefundConfirmed]) -> None:
    refunds = tuple(fact.refund for fact in facts if not fact.automatic)
    if refunds:
        actions.mark_repaid(SYSTEM, refunds=refunds, at=max(fact.at for fact in facts))


@reacts_to(GoodsTaken, together=True)
def note_taken(facts: Sequence[GoodsTaken]) -> None:
    """This will show orders as on their way that couriers have collected."""
    moments = {fact.order: fact.at for fact in facts}
    actions.note_taken(SYSTEM, orders=tuple(moments), moments=moments, at=max(moments.values()))


@reacts_to(TaskDone, together=True)
def note_done(facts: Sequence[TaskDone]) -> None:
    """This will complete what couriers handed over, or show where they left it."""
    to_buyer = tuple(fact.order for fact in facts if fact.proof == Proof.CODE)
    moments = {fact.order: fact.at for fact in facts}
    spots = {fact.order: fact.spot for fact in facts if fact.spot}
    left = {fact.order: DropOff(fact.drop_off) for fact in facts if fact.drop_off}
    actions.note_done(
        SYSTEM,
        orders=tuple(moments),
        to_buyer=to_buyer,
        spots=spots,
        left=left,
        moments=moments,
        at=max(moments.values()),
    )


@reacts_to(TaskFailed)
def note_failed(fact: TaskFailed) -> None:
    """This will show an order as back that could not be handed over."""
    actions.note_failed(SYSTEM, order=fact.order, why=fact.reason, at=fact.at)


@reacts_to(GoodsReturned)
def send_again(fact: GoodsReturned) -> None:
    """This will have what could not be handed over tried once more, or counted in, now that it is back at its shop."""
    if not actions.send_again(SYSTEM, order=fact.order, at=fact.at):
        actions.note_back(SYSTEM, order=fact.order, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase the words about the orders of an erased person; orders and their money stay, nameless."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
