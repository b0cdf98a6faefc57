"""What assets do when a fact comes up: the work order of a task is done or cancelled, a person is erased."""

from __future__ import annotations

from linli.estate.assets import actions
from linli.estate.workorders.events import WorkOrderCancelled, WorkOrderDone
from linli.estate.workorders.rules import Source
from linli.ground.people.events import PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(WorkOrderDone)
def note_worked(fact: WorkOrderDone) -> None:
    """This will note that the work of a due task is done."""
    if fact.source == Source.MAINTENANCE.value and fact.about is not None:
        actions.note_worked(SYSTEM, task=fact.about, order=fact.order, at=fact.at)


@reacts_to(WorkOrderCancelled)
def let_go_of_order(fact: WorkOrderCancelled) -> None:
    """This will note that a task has no work order any more."""
    if fact.source == Source.MAINTENANCE.value and fact.about is not None:
        actions.let_go_of_order(SYSTEM, task=fact.about, order=fact.order, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase what an erased person wrote about assets."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
