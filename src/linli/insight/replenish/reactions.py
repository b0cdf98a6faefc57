"""Completed orders become states, goods that come back leave them, and whoever leaves takes theirs along."""

from __future__ import annotations

from collections.abc import Sequence

from linli.ground.people.events import MovedOut, PersonErased
from linli.insight.replenish import actions
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM
from linli.trade.orders.events import OrderCompleted, OrderRefunded


@reacts_to(OrderCompleted, together=True)
def note_orders(facts: Sequence[OrderCompleted]) -> None:
    """This will note what was received, all orders of a batch together."""
    actions.note_orders(SYSTEM, orders_done=[fact.order for fact in facts], at=max(fact.at for fact in facts))


@reacts_to(OrderRefunded, together=True)
def note_refunds(facts: Sequence[OrderRefunded]) -> None:
    """This will take what came back out of the states."""
    actions.rebuild_after_refunds(SYSTEM, refunded=[fact.order for fact in facts], at=max(fact.at for fact in facts))


@reacts_to(MovedOut)
def end_for_leaver(fact: MovedOut) -> None:
    """This will end it with the residency."""
    actions.end_for_leaver(SYSTEM, person=fact.person, home=fact.home, end_on=fact.end_on, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will delete what was kept of an erased person's purchases."""
    actions.end_for(SYSTEM, person=fact.person, at=fact.at)
