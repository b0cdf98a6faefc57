"""Completed orders become states, goods that come back leave them, whoever leaves takes theirs along, and whoever fills
bins comes with what was paid for."""

from __future__ import annotations

from collections.abc import Sequence

from linli.estate.workorders.events import WorkOrderCancelled, WorkOrderDone, WorkOrderReopened
from linli.ground.people.events import MovedOut, PersonErased
from linli.insight.replenish import actions
from linli.insight.replenish.rules import RefillVerb
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM
from linli.trade.orders.events import (
    OrderCancelled,
    OrderCompleted,
    OrderPaid,
    OrderPromised,
    OrderRefunded,
    OrderRefused,
)


@reacts_to(OrderCompleted, together=True)
def note_orders(facts: Sequence[OrderCompleted]) -> None:
    """This will note what was received, all orders of a batch together."""
    actions.note_orders(SYSTEM, orders_done=[fact.order for fact in facts], at=max(fact.at for fact in facts))


@reacts_to(OrderRefunded, together=True)
def note_refunds(facts: Sequence[OrderRefunded]) -> None:
    """This will take what came back out of the states."""
    actions.rebuild_after_refunds(SYSTEM, refunded=[fact.order for fact in facts], at=max(fact.at for fact in facts))


@reacts_to(OrderPaid, together=True)
def send_with_paid(facts: Sequence[OrderPaid]) -> None:
    """This will send whoever fills the bin with what was paid for."""
    _send(facts)


@reacts_to(OrderPromised, together=True)
def send_with_promised(facts: Sequence[OrderPromised]) -> None:
    """This will do the same with what is paid for at the door."""
    _send(facts)


def _send(facts: Sequence[OrderPaid] | Sequence[OrderPromised]) -> None:
    paid = [(fact.order, fact.buyer) for fact in facts]
    actions.send_refills(SYSTEM, paid=paid, at=max(fact.at for fact in facts))


@reacts_to(OrderCancelled, together=True)
def call_off_with_cancelled(facts: Sequence[OrderCancelled]) -> None:
    """This will call off the visits for goods that do not come."""
    _call_off(facts)


@reacts_to(OrderRefused, together=True)
def call_off_with_refused(facts: Sequence[OrderRefused]) -> None:
    """This will do the same with what the shop does not serve."""
    _call_off(facts)


def _call_off(facts: Sequence[OrderCancelled] | Sequence[OrderRefused]) -> None:
    ended = [fact.order for fact in facts]
    actions.call_off_refills(SYSTEM, orders_ended=ended, at=max(fact.at for fact in facts))


@reacts_to(WorkOrderDone)
def note_filled(fact: WorkOrderDone) -> None:
    """This will note that the old was taken away and the bin filled."""
    _note(fact, RefillVerb.FINISH)


@reacts_to(WorkOrderReopened)
def note_not_filled(fact: WorkOrderReopened) -> None:
    """This will note that somebody comes again."""
    _note(fact, RefillVerb.REOPEN)


@reacts_to(WorkOrderCancelled)
def note_called_off(fact: WorkOrderCancelled) -> None:
    """This will note that nobody comes."""
    _note(fact, RefillVerb.CALL_OFF)


def _note(fact: WorkOrderDone | WorkOrderReopened | WorkOrderCancelled, verb: RefillVerb) -> None:
    if fact.about is not None:
        actions.note_visit(SYSTEM, visit=fact.order, verb=verb, at=fact.at)


@reacts_to(MovedOut)
def end_for_leaver(fact: MovedOut) -> None:
    """This will end it with the residency."""
    actions.end_for_leaver(SYSTEM, person=fact.person, home=fact.home, end_on=fact.end_on, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will delete what was kept of an erased person's purchases."""
    actions.end_for(SYSTEM, person=fact.person, at=fact.at)
