"""A courier at a locker: a compartment opens, the goods go in, the door is seen shut; or they go elsewhere.

Cabinets fail as machines do: one that does not answer is passed over, a door that is stuck is given to nobody any more,
and where no compartment is left the order goes to the next place that its buyer was told of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, TaskId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import queries as doors
from linli.reach.lockers.queries import Lies
from linli.reach.lockers.rules import Door, Size, Trouble
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import rules
from linli.trade.delivery.actions.doing import finish_held
from linli.trade.delivery.actions.fetching_back import NotAtAPoint
from linli.trade.delivery.actions.held import hold_own
from linli.trade.delivery.actions.places import wished_by
from linli.trade.delivery.actions.signs import note_sign
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import Custody, DropOff, Proof, TaskState, TaskVerb

TRIES = 6
"""So many doors are tried before the goods go elsewhere: a courier does not stand there longer."""


class NotForALocker(Refusal):
    """Its buyer asked for another place, or nobody looks at ages there."""

    says = _("This order does not go into a locker.")


class DoorOpen(Refusal):
    """A compartment that stands open is nobody's proof."""

    says = _("The door of compartment {spot} is still open. Please shut it.")


class CabinetSilent(Refusal):
    """The machine does not say how its door stands."""

    says = _("The locker does not answer. Please take a picture of the shut door instead.")


class NothingOpened(Refusal):
    """No compartment was opened for this order."""

    says = _("No compartment was opened for this order yet.")


@dataclass(frozen=True, slots=True)
class Opened:
    """Which compartment stands open for an order, or where it goes instead."""

    spot: str
    instead: DropOff | None = None


@errand
def open_compartment(scope: Scope, *, task: TaskId, size: Size, at: datetime) -> Opened:
    """This will open the smallest free compartment that fits; asked again, the same one, until the goods are in."""
    silent: list[UUID] = []
    for _try in range(TRIES):
        found = take_compartment(scope, task=task, size=size, without=tuple(silent), at=at)
        if found is None:
            break
        trouble = lockers.open_door(machine=found.machine, nth=found.nth)
        if trouble is None:
            return Opened(found.spot)
        give_up_compartment(scope, task=task, compartment=found.compartment, trouble=trouble, at=at)
        if trouble is Trouble.NO_ANSWER:
            silent.append(found.cabinet)
    return Opened("", go_elsewhere(scope, task=task, at=at))


@action(needs=May.CARRY_GOODS)
def take_compartment(
    scope: Scope, *, task: TaskId, size: Size, without: tuple[UUID, ...] = (), at: datetime
) -> lockers.Taken | None:
    """This will take a compartment for an order in the asker's hands; one that it has already is given back first."""
    row = hold_own(scope, task)
    note_sign(scope, at=at)
    rules.TASK_LIFE.after(TaskState(row.state), TaskVerb.FINISH)
    if row.drop_off != DropOff.LOCKER.value or Care.ADULTS.value in row.care:
        raise NotForALocker
    lockers.free(SYSTEM, subject=row.order, at=at)
    return lockers.take(
        SYSTEM, community=CommunityId(row.community), subject=row.order, size=size, without=without, at=at
    )


@action(needs=May.CARRY_GOODS)
def give_up_compartment(scope: Scope, *, task: TaskId, compartment: UUID, trouble: Trouble, at: datetime) -> None:
    """This will give back a compartment that did not open."""
    hold_own(scope, task)
    lockers.note_trouble(SYSTEM, compartment=compartment, trouble=trouble, at=at)


@action(needs=May.CARRY_GOODS)
def go_elsewhere(scope: Scope, *, task: TaskId, at: datetime) -> DropOff:
    """This will send an order to the next place beside the lockers; its buyer hears of it when it lies there."""
    row = hold_own(scope, task)
    if row.drop_off != DropOff.LOCKER.value:
        return DropOff(row.drop_off)
    terms = policy(SYSTEM, rules.DeliveryPolicy, at=at, community=CommunityId(row.community))
    instead = rules.beside_lockers(terms.places, wished_by(row))
    row.drop_off = instead.value
    row.save(update_fields=["drop_off"])
    return instead


@errand
def put_in_locker(scope: Scope, *, task: TaskId, said_at: datetime | None = None, at: datetime) -> TaskState:
    """This will hand an order over that lies in its compartment, once the cabinet says that its door is shut."""
    lies = compartment_for(scope.keyed(None), task=task)  # a key is worth one action: the one that ends it
    if lies is None:
        raise NothingOpened
    door = lockers.see_door(machine=lies.machine, nth=lies.nth)
    if door is Door.OPEN:
        raise DoorOpen(spot=lies.spot)
    if door is not Door.SHUT:
        raise CabinetSilent
    return finish_in_locker(scope, task=task, said_at=said_at, at=at)


@action(needs=May.CARRY_GOODS)
def compartment_for(scope: Scope, *, task: TaskId) -> Lies | None:
    """This will tell a courier which compartment is open for an order in their hands."""
    return _lies(hold_own(scope, task))


@action(needs=May.CARRY_GOODS)
def finish_in_locker(scope: Scope, *, task: TaskId, said_at: datetime | None = None, at: datetime) -> TaskState:
    """This will end an order as put into its compartment, by the word of its door; done already, it is answered so."""
    row = hold_own(scope, task)
    note_sign(scope, at=at)
    if row.state == TaskState.DONE.value:
        return TaskState.DONE
    lies = _lies(row)
    if lies is None:
        raise NothingOpened
    row.spot = lies.spot
    lockers.note_shut(SYSTEM, subject=row.order, at=at)
    finish_held(scope, row, proof=Proof.DOOR_EVENT, photo=None, said_at=said_at, at=at)
    return TaskState.DONE


@errand
def open_for_return(scope: Scope, *, task: TaskId) -> str:
    """This will open the compartment of what nobody fetched for the courier who was sent for it."""
    lies = compartment_to_empty(scope, task=task)
    if lies is None:
        raise NothingOpened
    if lockers.open_door(machine=lies.machine, nth=lies.nth) is not None:
        raise CabinetStuck
    return lies.spot


class CabinetStuck(Refusal):
    """The door does not open; the desk has the cabinet's key."""

    says = _("The compartment does not open. Please ask the property desk.")


@action(needs=May.CARRY_GOODS)
def compartment_to_empty(scope: Scope, *, task: TaskId) -> Lies | None:
    """This will tell the courier who was sent for unfetched goods where they lie."""
    row = hold_own(scope, task)
    if row.goods != Custody.POINT.value:
        raise NotAtAPoint
    return _lies(row)


def _lies(row: Task) -> Lies | None:
    return doors.compartment_of(SYSTEM, subject=row.order)
