"""What a courier does with an order: collect, arrive, hand over, fail, bring back. Twice is answered as once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.ground.files import actions as files
from linli.kernel.ids import FileId, OrderId, TaskId
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.words import _
from linli.reach.handover import actions as handover
from linli.reach.handover.rules import Redeemed
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import queries as doors
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import events, rules
from linli.trade.delivery.actions.held import courier, hold_own, said, take, told
from linli.trade.delivery.actions.paying import pay_for, pay_way_back
from linli.trade.delivery.actions.places import wished_by
from linli.trade.delivery.actions.running import came, end_finished, left, loosen, set_out
from linli.trade.delivery.actions.signs import note_sign
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import Custody, FailReason, Proof, StopKind, TaskState, TaskVerb

MOST_TOGETHER = 60
_UNATTENDED = (rules.DropOff.DOOR.value, rules.DropOff.LOCKER.value)
_ANY = tuple(rules.DropOff)
MOST_SPOT = 40
"""A shelf and its number, a compartment: no more words than fit on a label."""


class WrongParcel(Refusal):
    """What was scanned is another order's parcel."""

    says = _("This parcel is not order {number}. Please look for the right one.")


class NotPacked(Refusal):
    """The shop has not packed this order."""

    says = _("The shop has not packed order {number} yet.")


class NoProof(Refusal):
    """Handing over needs the buyer's code, or a picture of where the goods are."""

    says = _("Please enter the buyer's code or take a picture.")


class AdultsOnly(Refusal):
    """A picture does not say how old somebody is."""

    says = _("This goes to a grown person alone: look at their age, and enter the buyer's code.")


class NotAtTheDoor(Refusal):
    """Its resident said where it may be left, and a door is not among it."""

    says = _("Its resident does not want it left at the door: take the code, or leave it where they allow it.")


class NotWithYou(Refusal):
    """Only who still has the goods brings them back."""

    says = _("These goods are not with you.")


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of handing over: the task's state, and what the code brought where one was told."""

    task: TaskId
    state: TaskState
    redeemed: Redeemed | None


@action(needs=May.CARRY_GOODS)
def collect_goods(
    scope: Scope, *, task: TaskId, scanned: str | None = None, said_at: datetime | None = None, at: datetime
) -> TaskState:
    """This will take an order's goods at the shop; what is scanned has to be its parcel. Again, it is answered so."""
    row = hold_own(scope, task)
    note_sign(scope, at=at)
    if scanned is not None and not rules.is_parcel(scanned, number=row.number, order=OrderId(row.order)):
        raise WrongParcel(field="scanned", number=row.number)
    if row.taken_at is not None and row.state in {s.value for s in rules.IN_HAND}:
        return TaskState(row.state)
    if not row.is_ready:
        raise NotPacked(number=row.number)
    take(
        scope, [row], TaskVerb.COLLECT, at=at, said_at=_as_told(said_at, at),
        goods=Custody.COURIER.value, taken_at=at,
    )  # fmt: skip
    with as_the_house():
        set_out(courier(row), row, at=at)
        came(row, StopKind.COLLECT, at=at)
        left(row, StopKind.COLLECT, at=at)
    tell(told(events.GoodsTaken, row, at))
    return TaskState(row.state)


@action(needs=May.CARRY_GOODS)
def come_to_shop(scope: Scope, *, task: TaskId, said_at: datetime | None = None, at: datetime) -> None:
    """This will note that a courier is at the shop; how long goods are waited for there is measured from now."""
    row = hold_own(scope, task)
    note_sign(scope, at=at)
    with as_the_house():
        came(row, StopKind.COLLECT, at=at)


@action(needs=May.CARRY_GOODS)
def arrive_at_door(
    scope: Scope, *, tasks: Sequence[TaskId], said_at: datetime | None = None, at: datetime
) -> tuple[TaskState, ...]:
    """This will note that a courier is at a building with these orders; those that are there already stay so."""
    if not 0 < len(tasks) <= MOST_TOGETHER:
        raise Invalid("tasks", _("Choose between 1 and {most} orders."), most=MOST_TOGETHER)
    rows = [hold_own(scope, task) for task in sorted(set(tasks))]
    note_sign(scope, at=at)
    coming = [row for row in rows if row.state != TaskState.ARRIVED.value and row.state != TaskState.DONE.value]
    take(scope, coming, TaskVerb.ARRIVE, at=at, said_at=_as_told(said_at, at), arrived_at=at)
    with as_the_house():
        for row in coming:
            came(row, StopKind.DROP, at=at)
    states = {TaskId(row.pk): TaskState(row.state) for row in rows}
    return tuple(states[task] for task in tasks)


@action(needs=May.CARRY_GOODS, private=("code", "photo"))
def hand_over(
    scope: Scope,
    *,
    task: TaskId,
    code: str | None = None,
    photo: tuple[str, bytes] | None = None,
    spot: str = "",
    said_at: datetime | None = None,
    at: datetime,
) -> Handed:
    """This will hand an order over: against the buyer's code, or left where it was asked for, with a picture.

    `spot` is where exactly it lies at a pick-up point. What only grown people may have is never left at a door.
    Handed over already, it is answered so. A wrong code is an answer and no refusal: its try has to be counted.
    """
    row = hold_own(scope, task)
    note_sign(scope, at=at)
    if row.state == TaskState.DONE.value:
        return Handed(task, TaskState.DONE, None)
    rules.TASK_LIFE.after(TaskState(row.state), TaskVerb.FINISH)
    spot = spot.strip()
    if len(spot) > MOST_SPOT:
        raise Invalid("spot", _("At most {most} characters."), most=MOST_SPOT)
    if code is None and photo is None:
        raise NoProof(field="code")
    if code is None and Care.ADULTS in row.care and row.drop_off in _UNATTENDED:
        raise AdultsOnly(field="code")
    if code is None and row.drop_off == rules.DropOff.DOOR and rules.DropOff.DOOR not in (wished_by(row) or _ANY):
        raise NotAtTheDoor(field="photo")
    redeemed = None
    if code is not None:
        redeemed = handover.handover_redeem(scope, for_=row.order, code=code, at=at)
        if redeemed is not Redeemed.OK:
            return Handed(task, TaskState(row.state), redeemed)
    kept = files.keep_file(scope, name=photo[0], content=photo[1], purpose="evidence", at=at) if photo else None
    row.spot = "" if code is not None else spot or _compartment(row, at)
    if code is not None and row.drop_off == rules.DropOff.LOCKER.value:
        lockers.free(SYSTEM, subject=row.order, at=at)  # its buyer came by before the door was shut
    finish_held(scope, row, proof=Proof.CODE if code is not None else Proof.PHOTO, photo=kept, said_at=said_at, at=at)
    return Handed(task, TaskState.DONE, redeemed)


def _compartment(row: Task, at: datetime) -> str:
    """The compartment that is open for an order whose courier took a picture of it: the machine said nothing."""
    if row.drop_off != rules.DropOff.LOCKER.value:
        return ""
    lies = doors.compartment_of(SYSTEM, subject=row.order)
    if lies is None:
        return ""
    lockers.note_shut(SYSTEM, subject=row.order, at=at)
    return lies.spot


def finish_held(
    scope: Scope, row: Task, *, proof: Proof, photo: FileId | None, said_at: datetime | None, at: datetime
) -> None:
    """This will end a held task as done: its stop is left, its courier paid, and who waits for it is told."""
    take(
        scope, [row], TaskVerb.FINISH, at=at, said_at=_as_told(said_at, at), why=proof.value,
        goods=Custody.BUYER.value, proof=proof.value, photo=photo, arrived_at=row.arrived_at or at, ended_at=at,
        spot=row.spot,
    )  # fmt: skip
    with as_the_house():
        came(row, StopKind.DROP, at=at)
        left(row, StopKind.DROP, at=at)
        pay_for(row, at=at)
        end_finished(courier(row), at=at)
    tell(
        events.TaskDone(
            task=TaskId(row.pk),
            order=OrderId(row.order),
            courier=courier(row),
            proof=proof.value,
            spot=row.spot,
            drop_off=row.drop_off,
            at=at,
        )
    )


@action(needs=May.CARRY_GOODS, private=("words",))
def fail_task(
    scope: Scope,
    *,
    task: TaskId,
    reason: FailReason,
    words: str = "",
    said_at: datetime | None = None,
    at: datetime,
) -> TaskState:
    """This will say that an order cannot be handed over, and why; its goods go back to the shop. Twice is once."""
    row = hold_own(scope, task)
    note_sign(scope, at=at)
    if row.state == TaskState.FAILED.value:
        return TaskState.FAILED
    fail_held(scope, row, reason=reason, words=said(words, field="words"), said_at=said_at, at=at)
    return TaskState.FAILED


def fail_held(
    scope: Scope, row: Task, *, reason: FailReason, words: str, said_at: datetime | None = None, at: datetime
) -> None:
    """This will end a held task as failed."""
    take(
        scope, [row], TaskVerb.FAIL, at=at, said_at=_as_told(said_at, at), why=words or reason.value,
        reason=reason.value, ended_at=at,
    )  # fmt: skip
    if row.drop_off == rules.DropOff.LOCKER.value:
        lockers.free(SYSTEM, subject=row.order, at=at)
    with as_the_house():
        left(row, StopKind.DROP, at=at)
        if row.goods == Custody.SHOP.value:
            loosen([TaskId(row.pk)], at=at)
        end_finished(courier(row), at=at)
    tell(
        events.TaskFailed(
            task=TaskId(row.pk), order=OrderId(row.order), courier=courier(row), reason=reason.value, at=at
        )
    )


@action(needs=May.CARRY_GOODS)
def return_goods(
    scope: Scope, *, task: TaskId, scanned: str | None = None, said_at: datetime | None = None, at: datetime
) -> None:
    """This will note that goods which were not handed over are back at their shop."""
    row = hold_own(scope, task)
    note_sign(scope, at=at)
    if row.goods == Custody.SHOP.value and row.returned_at is not None:
        return
    if scanned is not None and not rules.is_parcel(scanned, number=row.number, order=OrderId(row.order)):
        raise WrongParcel(field="scanned", number=row.number)
    return_held(scope, row, said_at=said_at, at=at)


def return_held(scope: Scope, row: Task, *, said_at: datetime | None = None, at: datetime) -> None:
    """This will put the goods of a held task back into the shop's hands, and pay who brought them."""
    if row.goods != Custody.COURIER.value or row.state in {s.value for s in rules.OPEN}:
        raise NotWithYou
    take(
        scope, [row], TaskVerb.RETURN, at=at, said_at=_as_told(said_at, at),
        goods=Custody.SHOP.value, returned_at=at,
    )  # fmt: skip
    if row.drop_off == rules.DropOff.LOCKER.value:
        lockers.free(SYSTEM, subject=row.order, at=at)  # called off beside an open door: what is at the shop is not in
    with as_the_house():
        pay_way_back(row, at=at)
    tell(told(events.GoodsReturned, row, at))


def _as_told(said_at: datetime | None, at: datetime) -> datetime | None:
    """The phone's own time as it said it: clocks differ, so it is kept beside the server's and decides nothing."""
    return said_at if said_at is None or said_at.tzinfo is not None else said_at.replace(tzinfo=at.tzinfo)
