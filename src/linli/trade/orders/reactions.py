"""What orders do when a fact comes up from the money."""

from __future__ import annotations

from collections.abc import Sequence

from linli.ground.people.events import PersonErased
from linli.kernel.ids import CheckoutId, OrderId
from linli.money.payments.events import Collected, RefundConfirmed
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions


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


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase the words about the orders of an erased person; orders and their money stay, nameless."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
