"""What work orders do when a fact comes up: types for a company that begins, work given out, payments noted."""

from __future__ import annotations

from linli.estate.billing.events import LinePaid
from linli.estate.workorders import actions
from linli.estate.workorders.events import WorkOrderRaised, WorkOrderReopened, WorkOrderReturned
from linli.ground.people.events import CommunityEntrusted, PersonErased, RoleGranted, RoleRevoked
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM, Role


@reacts_to(CommunityEntrusted)
def add_default_types(fact: CommunityEntrusted) -> None:
    """This will give a company that looks after a community the types that the house knows."""
    actions.add_default_types(SYSTEM, company=fact.company, at=fact.at)


@reacts_to(WorkOrderRaised)
def give_raised(fact: WorkOrderRaised) -> None:
    """This will give what was raised to whom it suits best."""
    actions.give_by_house(SYSTEM, order=fact.order, at=fact.at)


@reacts_to(WorkOrderReturned)
def give_returned(fact: WorkOrderReturned) -> None:
    """This will give what somebody gave back to another."""
    actions.give_by_house(SYSTEM, order=fact.order, at=fact.at)


@reacts_to(WorkOrderReopened)
def give_reopened(fact: WorkOrderReopened) -> None:
    """This will give what was not put right out again."""
    actions.give_by_house(SYSTEM, order=fact.order, at=fact.at)


@reacts_to(LinePaid)
def mark_paid(fact: LinePaid) -> None:
    """This will note that a job was paid."""
    if fact.source.startswith("work_order:"):
        actions.mark_work_paid(SYSTEM, line=fact.line, at=fact.at)


@reacts_to(RoleRevoked)
def let_go(fact: RoleRevoked) -> None:
    """This will give to others what somebody had in hand who no longer works for the company, or not there."""
    if fact.role == Role.PROPERTY:
        actions.let_go(SYSTEM, person=fact.person, at=fact.at)


@reacts_to(RoleGranted)
def let_go_with_another_duty(fact: RoleGranted) -> None:
    """This will give to others what somebody had in hand whose new duty does no such work."""
    if fact.role == Role.PROPERTY:
        actions.let_go(SYSTEM, person=fact.person, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase what a person wrote."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
