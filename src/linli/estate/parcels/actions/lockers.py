"""Parcels in lockers: put in by the drop-off point, fetched at any hour, taken out again when their time is over.

Custody does not change: a parcel in a compartment waits as on a shelf, with the same code at the desk. Its door opens
for whom the parcel is for, against the figures on the cabinet, as an order's does (docs/lockers.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.estate.parcels import models
from linli.estate.parcels.actions.held import leave, locked, say
from linli.estate.parcels.rules import Deed, ParcelState, ParcelVerb
from linli.kernel.ids import CommunityId, ParcelId
from linli.kernel.life import WrongState
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import queries as doors
from linli.reach.lockers.queries import Lies
from linli.reach.lockers.rules import Door, Size, Trouble
from linli.spine import moves
from linli.spine.action import action, errand
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

TRIES = 6
"""So many doors are tried before the parcel stays on its shelf: nobody stands there longer."""


class NoCompartment(Refusal):
    """Every compartment that would fit is taken, out of order, or its cabinet is silent."""

    says = _("No compartment that fits is to be had now. Please keep it on a shelf.")


class NothingOpened(Refusal):
    """No compartment was opened for this parcel, or it is in already."""

    says = _("No compartment was opened for this parcel.")


class DoorOpen(Refusal):
    """What lies behind an open door is anybody's."""

    says = _("The door of compartment {spot} is still open. Please shut it.")


class CabinetSilent(Refusal):
    """The machine does not say how its door stands; whoever stands there may."""

    says = _("The locker does not answer. Please look whether the door is shut, and say so.")


class NotThisCabinet(Refusal):
    """Whoever opens a door stands before it: its cabinet's figures are printed on it."""

    says = _("These are not the figures on the locker of your parcel.")


class DoorStuck(Refusal):
    """The machine is not reached, or its bolt does not move; the desk has its key."""

    says = _("The compartment does not open. The property desk has the cabinet's key.")


@errand
def open_compartment(scope: Scope, *, parcel: ParcelId, size: Size, at: datetime) -> str:
    """This will open the smallest free compartment that fits, and tell which; asked again, another one."""
    silent: list[UUID] = []
    for _try in range(TRIES):
        found = take_compartment(scope, parcel=parcel, size=size, without=tuple(silent), at=at)
        if found is None:
            break
        trouble = lockers.open_door(machine=found.machine, nth=found.nth)
        if trouble is None:
            return found.spot
        give_up_compartment(scope, parcel=parcel, compartment=found.compartment, trouble=trouble, at=at)
        if trouble is Trouble.NO_ANSWER:
            silent.append(found.cabinet)
    raise NoCompartment(field="size")


@action(needs=May.RUN_PARCELS)
def take_compartment(
    scope: Scope, *, parcel: ParcelId, size: Size, without: tuple[UUID, ...] = (), at: datetime
) -> lockers.Taken | None:
    """This will take a compartment for a parcel on its shelf; one that was opened for it before is given back."""
    row = _on_its_shelf(scope, parcel)
    lockers.free(SYSTEM, subject=row.id, at=at)
    community = CommunityId(row.community)
    return lockers.take(SYSTEM, community=community, subject=row.id, size=size, without=without, at=at)


@action(needs=May.RUN_PARCELS)
def give_up_compartment(scope: Scope, *, parcel: ParcelId, compartment: UUID, trouble: Trouble, at: datetime) -> None:
    """This will give back a compartment that did not open."""
    locked(scope, parcel)
    lockers.note_trouble(SYSTEM, compartment=compartment, trouble=trouble, at=at)


@errand
def put_in_locker(scope: Scope, *, parcel: ParcelId, seen_shut: bool = False, at: datetime) -> str:
    """This will note that a parcel lies in its compartment, once the cabinet says that the door is shut.

    Where the cabinet says nothing, whoever stands there says that they have `seen` it shut.
    """
    lies = compartment_opened(scope, parcel=parcel)
    door = lockers.see_door(machine=lies.machine, nth=lies.nth)
    if door is Door.OPEN:
        raise DoorOpen(spot=lies.spot)
    if door is not Door.SHUT and not seen_shut:
        raise CabinetSilent(field="seen_shut")
    note_in_locker(scope, parcel=parcel, at=at)
    return lies.spot


@action(needs=May.RUN_PARCELS)
def compartment_opened(scope: Scope, *, parcel: ParcelId) -> Lies:
    """This will tell which compartment was opened for a parcel that is not in it yet."""
    lies = doors.compartment_of(SYSTEM, subject=_on_its_shelf(scope, parcel).id)
    if lies is None:
        raise NothingOpened
    return lies


@action(needs=May.RUN_PARCELS)
def note_in_locker(scope: Scope, *, parcel: ParcelId, at: datetime) -> None:
    """This will note where a parcel lies now, and tell those it is for."""
    row = _on_its_shelf(scope, parcel)
    lies = doors.compartment_of(SYSTEM, subject=row.id)
    if lies is None:
        raise NothingOpened
    lockers.note_shut(SYSTEM, subject=row.id, at=at)
    row.shelf, row.in_locker = lies.spot, True
    row.save(update_fields=["shelf", "in_locker"])
    moves.note(models.ParcelMove, row, Deed.PUT_IN_LOCKER.value, scope=scope, at=at)
    say([row], "parcel_in_locker", at)


@errand
def open_own_parcel(scope: Scope, *, parcel: ParcelId, sign: str, at: datetime) -> str:
    """This will open the compartment of a parcel for whom it is for, who stands before it; that hands it out.

    The door opens first and the parcel is handed out then: where the house stops between the two, it opens again.
    """
    lies = own_compartment(scope, parcel=parcel)
    if sign.strip() != lies.sign:
        raise NotThisCabinet(field="sign")
    if not lockers.open_full(lies=lies, at=at):
        raise DoorStuck(field="sign")
    fetch_from_locker(scope, parcel=parcel, at=at)
    return lies.spot


@action(needs=May.CONFIRM_RECEIPT)
def own_compartment(scope: Scope, *, parcel: ParcelId) -> Lies:
    """This will tell whom a parcel is for where it lies, while it waits there."""
    with as_the_house():
        return _in_its_compartment(_own(scope, parcel))


@action(needs=May.CONFIRM_RECEIPT)
def fetch_from_locker(scope: Scope, *, parcel: ParcelId, at: datetime) -> None:
    """This will hand out a parcel that was taken out of its compartment by whom it is for."""
    with as_the_house():
        row = _own(scope, parcel)
        _in_its_compartment(row)
        leave(scope, row, ParcelVerb.FETCH, at, by_code=False)


@errand
def open_to_shelve(scope: Scope, *, parcel: ParcelId, by_key: bool = False, at: datetime) -> str:
    """This will open a parcel's compartment for the desk, or believe that its key did, and keep it at the desk."""
    lies = compartment_at_desk(scope, parcel=parcel)
    if not by_key and not lockers.open_full(lies=lies, at=at):
        raise DoorStuck(field="by_key")
    shelve(scope, parcel=parcel, at=at)
    return lies.spot


@action(needs=May.RUN_PARCELS)
def compartment_at_desk(scope: Scope, *, parcel: ParcelId) -> Lies:
    """This will tell the desk where a parcel lies."""
    return _in_its_compartment(locked(scope, parcel))


@action(needs=May.RUN_PARCELS)
def shelve(scope: Scope, *, parcel: ParcelId, at: datetime) -> None:
    """This will note that a parcel was taken out of its compartment and waits at the desk; its code stays."""
    row = locked(scope, parcel)
    _in_its_compartment(row)
    lockers.free(SYSTEM, subject=row.id, at=at)
    row.shelf, row.in_locker = "", False
    row.save(update_fields=["shelf", "in_locker"])
    moves.note(models.ParcelMove, row, Deed.TAKE_OUT_OF_LOCKER.value, scope=scope, at=at)
    say([row], "parcel_at_desk", at)


def _on_its_shelf(scope: Scope, parcel: ParcelId) -> models.Parcel:
    row = locked(scope, parcel)
    if row.state != ParcelState.WAITING or row.in_locker:
        raise WrongState(state=row.state, verb=Deed.PUT_IN_LOCKER.value)
    return row


def _own(scope: Scope, parcel: ParcelId) -> models.Parcel:
    row = models.Parcel.objects.inside().select_for_update().filter(id=parcel, people__contains=[scope.person]).first()
    if row is None:
        raise NotFound("parcel")
    return row


def _in_its_compartment(row: models.Parcel) -> Lies:
    lies = doors.compartment_of(SYSTEM, subject=row.id) if row.state == ParcelState.WAITING and row.in_locker else None
    if lies is None:
        raise NotFound("compartment")
    return lies
