"""Offers: taken, refused, lapsed. What was refused is offered to that courier no more, and waits for another."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import CityId, OfferId, PartyId, RunId, TaskId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.delivery import events, rules
from linli.trade.delivery.actions.held import of_the_city, said, take, told
from linli.trade.delivery.actions.signs import note_sign
from linli.trade.delivery.models import Offer, Run, RunStop, Task
from linli.trade.delivery.rules import OfferState, OfferVerb, RunState, RunVerb, StopKind, TaskState, TaskVerb


class OfferGone(Refusal):
    """The time to answer is over, or the run went to somebody else."""

    says = _("This offer is gone. The next one comes by itself.")


@action(needs=May.CARRY_GOODS)
def accept_offer(scope: Scope, *, offer: OfferId, at: datetime) -> RunId:
    """This will take an offered run; its orders are the courier's from now on. Taken already, it is answered so."""
    row = _hold(scope, offer)
    note_sign(scope, at=at)
    if row.state == OfferState.ACCEPTED.value:
        return RunId(row.run_id)
    if row.state != OfferState.OPEN.value or row.due_at < at:
        raise OfferGone
    with as_the_house():
        run, tasks = _of(row)
        if run.state != RunState.PLANNED.value or not tasks:
            raise OfferGone
        _answer(row, OfferVerb.ACCEPT, at=at)
        run.state, run.courier = rules.RUN_LIFE.after(RunState(run.state), RunVerb.GIVE).value, row.courier
        run.save(update_fields=["state", "courier"])
        planned = {
            task: s.arrive_at
            for s in RunStop.objects.inside().filter(run=run)
            if s.kind == StopKind.DROP.value
            for task in s.tasks
        }
        for task in tasks:
            task.arrive_at = planned.get(task.pk)
        take(
            scope, tasks, TaskVerb.ASSIGN, at=at, why="offer",
            courier=row.courier, offered_to=None, assigned_at=at,
        )  # fmt: skip
        Task.objects.inside().bulk_update(tasks, ["arrive_at"])
    for task in tasks:
        tell(told(events.TaskAssigned, task, at))
    return RunId(run.pk)


@action(needs=May.CARRY_GOODS, private=("why",))
def refuse_offer(scope: Scope, *, offer: OfferId, why: str = "", at: datetime) -> None:
    """This will refuse an offered run: it goes to another. Refused or gone already, nothing happens."""
    row = _hold(scope, offer)
    note_sign(scope, at=at)
    if row.state == OfferState.OPEN.value:
        with as_the_house():
            give_up(scope, row, OfferVerb.REFUSE, why=said(why), at=at)


@action(needs=May.RUN_CLOCKS)
def lapse_offer(scope: Scope, *, offer: OfferId, at: datetime) -> bool:
    """This will end an offer that nobody answered in time."""
    row = _hold(scope, offer)
    if row.state != OfferState.OPEN.value or row.due_at > at:
        return False
    give_up(scope, row, OfferVerb.LAPSE, why="", at=at)
    return True


@action(needs=May.DISPATCH_DELIVERY)
def withdraw_offer(scope: Scope, *, offer: OfferId, at: datetime) -> None:
    """This will take an offer back on a dispatcher's word."""
    row = _hold(scope, offer)
    of_the_city(scope, CityId(row.run.city), "offer")
    if row.state == OfferState.OPEN.value:
        with as_the_house():
            give_up(scope, row, OfferVerb.WITHDRAW, why="", at=at)


def give_up(scope: Scope, row: Offer, verb: OfferVerb, *, why: str, at: datetime) -> None:
    """This will end an open offer without a courier: its run is dropped, its tasks wait again, without this courier."""
    run, tasks = _of(row)
    _answer(row, verb, at=at, why=why)
    run.state, run.ended_at = rules.RUN_LIFE.after(RunState(run.state), RunVerb.DROP).value, at
    run.save(update_fields=["state", "ended_at"])
    for task in tasks:
        task.offered_to = None
        if verb is not OfferVerb.WITHDRAW and row.courier not in task.refused_by:
            task.refused_by = [*task.refused_by, row.courier]
    Task.objects.inside().bulk_update(tasks, ["offered_to", "refused_by"])


def _hold(scope: Scope, offer: OfferId) -> Offer:
    row = Offer.objects.within(scope).select_for_update().filter(pk=offer).first()
    if row is None:
        raise NotFound("offer")
    return row


def _of(row: Offer) -> tuple[Run, list[Task]]:
    """The run of an offer with those of its tasks that still wait for this answer, under lock."""
    run = Run.objects.inside().select_for_update().get(pk=row.run_id)
    wanted = {TaskId(t) for stop in RunStop.objects.inside().filter(run=run) for t in stop.tasks}
    tasks = (
        Task.objects.inside()
        .select_for_update()
        .filter(pk__in=wanted, state=TaskState.TODO.value, offered_to=PartyId(row.courier))
        .order_by("id")
    )
    return run, list(tasks)


def _answer(row: Offer, verb: OfferVerb, *, at: datetime, why: str = "") -> None:
    row.state = rules.OFFER_LIFE.after(OfferState(row.state), verb).value
    row.answered_at, row.why = at, why
    row.save(update_fields=["state", "answered_at", "why"])
