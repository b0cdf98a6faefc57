"""Runs: committed by a wave or a dispatcher, taken, ridden stop by stop, and what leaves them on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from linli.kernel import ids
from linli.kernel.ids import CityId, OfferId, PartyId, RunId, TaskId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.delivery import events, rules
from linli.trade.delivery.actions.held import (
    NotYourCourier,
    carries,
    courier_of,
    insist_board,
    of_the_city,
    on_board,
    take,
    told,
)
from linli.trade.delivery.actions.reckoning import expected_pay, policy_of
from linli.trade.delivery.models import Courier, Offer, Run, RunStop, Task
from linli.trade.delivery.rules import OfferState, OfferVerb, RunState, RunVerb, StopKind, TaskState, TaskVerb

MOST_RUNS = 500
_LEAVE = """
    UPDATE delivery_run_stop AS s SET tasks = ARRAY(SELECT t FROM unnest(s.tasks) AS t WHERE t <> ALL (%s::uuid[]))
    FROM delivery_run AS r WHERE r.id = s.run_id AND r.state IN ('planned', 'given', 'riding')
        AND s.tasks && %s::uuid[] AND EXISTS (SELECT FROM unnest(s.tasks) AS t WHERE t <> ALL (%s::uuid[]))
"""
_EMPTIED = """
    DELETE FROM delivery_run_stop AS s USING delivery_run AS r
    WHERE r.id = s.run_id AND r.state IN ('planned', 'given', 'riding') AND s.arrived_at IS NULL
        AND s.tasks <@ %s::uuid[]
"""
_BARE = """
    UPDATE delivery_run AS r SET state = 'dropped', ended_at = %s
    WHERE r.state IN ('planned', 'given', 'riding') AND r.made_at > %s
        AND NOT EXISTS (SELECT FROM delivery_run_stop AS s WHERE s.run_id = r.id)
"""
_OLDEST = timedelta(days=3)


@action(needs=May.DISPATCH_DELIVERY)
def commit_runs(scope: Scope, *, wave: UUID | None, runs: Sequence[rules.Run], at: datetime) -> tuple[RunId, ...]:
    """This will commit the runs of a wave: those with a courier are given at once, the others wait on the board.

    Committed again, runs of the wave that nobody has set out on give way; what was collected stays where it is, and a
    task of theirs in the new plan is refused, so that two couriers never look for one parcel.
    """
    if len(runs) > MOST_RUNS:
        raise Invalid("runs", _("At most {most} runs at once."), most=MOST_RUNS)
    with as_the_house():
        if wave is not None:
            _give_way(scope, wave, at)
        tasks = _held([task for run in runs for stop in run.stops for task in stop.tasks])
        insist_board(scope, tasks.values())
        people = {run.courier for run in runs if run.courier}
        couriers = {row.person: row for row in Courier.objects.inside().filter(person__in=people, left_at=None)}
        made = [_written(run, wave, tasks, at) for run in runs]
        RunStop.objects.bulk_create([stop for run, each in zip(made, runs, strict=True) for stop in _stops(run, each)])
        for row, run in zip(made, runs, strict=True):
            theirs = [tasks[task] for task in dict.fromkeys(t for stop in run.stops for t in stop.tasks)]
            if run.courier is not None:
                own = couriers.get(run.courier)
                if own is None or not all(carries(own, task) for task in theirs):
                    raise NotYourCourier(field="courier")
                _assign(scope, row, theirs, run.courier, at=at, why=run.why)
    return tuple(RunId(row.pk) for row in made)


def _give_way(scope: Scope, wave: UUID, at: datetime) -> None:
    before = list(
        Run.objects.inside().select_for_update().filter(wave=wave, state__in=["planned", "given"]).order_by("id")
    )
    if not before:
        return
    runs = [row.pk for row in before]
    stops = RunStop.objects.inside().filter(run__in=runs)
    tasks = {task for row in stops for task in row.tasks}
    given = Task.objects.inside().select_for_update().filter(pk__in=tasks, state=TaskState.ASSIGNED.value)
    take(scope, list(given.order_by("id")), TaskVerb.TAKE_BACK, at=at, why="replanned", courier=None, assigned_at=None)
    Run.objects.inside().filter(pk__in=runs).update(state=RunState.DROPPED.value, ended_at=at)
    withdraw_offers(runs, at=at)


def _held(tasks: Sequence[TaskId]) -> dict[TaskId, Task]:
    """The tasks of a plan under lock; each is there, waits for a courier, and stands in one run only."""
    wanted = set(tasks)
    rows = Task.objects.inside().select_for_update().filter(pk__in=wanted).order_by("id")
    found = {TaskId(row.pk): row for row in rows}
    if wanted - found.keys():
        raise NotFound("task", field="runs")
    for row in found.values():
        rules.TASK_LIFE.after(TaskState(row.state), TaskVerb.ASSIGN)
    return found


def _written(run: rules.Run, wave: UUID | None, tasks: dict[TaskId, Task], at: datetime) -> Run:
    if not run.stops:
        raise Invalid("runs", _("A run has at least one stop."))
    first = tasks[run.stops[0].tasks[0]]
    return Run.objects.create(
        city=first.city,
        wave=wave,
        kind=first.kind,
        courier=None,
        state=rules.RUN_LIFE.birth.value,
        distance_m=run.distance_m,
        starts_at=run.stops[0].arrive_at,
        ends_at=run.stops[-1].leave_at or run.stops[-1].arrive_at,
        why=run.why,
        made_at=at,
    )


def _stops(row: Run, run: rules.Run) -> list[RunStop]:
    return [
        RunStop(
            id=ids.new(),
            run=row,
            nth=nth,
            kind=stop.kind.value,
            place=stop.place,
            tasks=list(stop.tasks),
            arrive_at=stop.arrive_at,
        )
        for nth, stop in enumerate(run.stops, start=1)
    ]


def _assign(scope: Scope, run: Run, tasks: Sequence[Task], courier: PartyId, *, at: datetime, why: str = "") -> None:
    """A run and its tasks go to a courier; what the buyer may expect follows from the planned stops."""
    run.state, run.courier = rules.RUN_LIFE.after(RunState(run.state), RunVerb.GIVE).value, courier
    run.save(update_fields=["state", "courier"])
    planned = {
        task: stop.arrive_at
        for stop in RunStop.objects.inside().filter(run=run, kind=StopKind.DROP.value)
        for task in stop.tasks
    }
    for row in tasks:
        row.arrive_at = planned.get(row.pk, row.arrive_at)
    take(
        scope, tasks, TaskVerb.ASSIGN, at=at, why=why[:200], courier=courier, offered_to=None, assigned_at=at,
        **({} if not tasks else {"choice": tasks[0].choice}),
    )  # fmt: skip
    Task.objects.inside().bulk_update(list(tasks), ["arrive_at"], batch_size=500)
    for row in tasks:
        tell(told(events.TaskAssigned, row, at))


@action(needs=May.DISPATCH_DELIVERY, private=("why",))
def assign_tasks(scope: Scope, *, tasks: Sequence[TaskId], courier: PartyId, why: str = "", at: datetime) -> RunId:
    """This will send a courier for orders on a dispatcher's word, whatever was planned before."""
    if not 0 < len(tasks) <= rules.MOST_CAPACITY:
        raise Invalid("tasks", _("Choose between 1 and {most} orders."), most=rules.MOST_CAPACITY)
    seen = on_board(scope, tasks)
    chosen = courier_of(scope, courier, seen, at)
    with as_the_house():
        held = _held(tasks)
        withdraw_offers_of(held.values(), at=at)
        loosen(held, at=at)
        plan = plain_run([held[task] for task in dict.fromkeys(tasks)], courier=PartyId(chosen.person), at=at)
        row = _written(plan, None, held, at)
        RunStop.objects.bulk_create(_stops(row, plan))
        _assign(scope, row, [held[task] for task in held], PartyId(chosen.person), at=at, why=why)
    return RunId(row.pk)


@action(needs=May.DISPATCH_DELIVERY)
def give_run(scope: Scope, *, run: RunId, courier: PartyId, at: datetime) -> None:
    """This will give a planned run to a courier on a dispatcher's word."""
    row = Run.objects.within(scope).select_for_update().filter(pk=run).first()
    if row is None:
        raise NotFound("run")
    of_the_city(scope, CityId(row.city), "run")
    with as_the_house():
        held = _held([TaskId(task) for stop in _stops_of(row) for task in stop.tasks])
    insist_board(scope, held.values())
    chosen = courier_of(scope, courier, list(held.values()), at)
    with as_the_house():
        withdraw_offers([row.pk], at=at)
        _assign(scope, row, list(held.values()), PartyId(chosen.person), at=at)


@action(needs=May.DISPATCH_DELIVERY)
def offer_run(
    scope: Scope,
    *,
    run: rules.Run,
    courier: PartyId,
    choice: dict[str, str | int | float],
    at: datetime,
) -> OfferId:
    """This will offer a run to a courier until the deadline of the city's policy; its tasks wait for the answer."""
    with as_the_house():
        held = _held([task for stop in run.stops for task in stop.tasks])
        insist_board(scope, held.values())
        chosen = courier_of(scope, courier, list(held.values()), at)
        row = _written(run, None, held, at)
        RunStop.objects.bulk_create(_stops(row, run))
        return offered(row, list(held.values()), PartyId(chosen.person), choice=choice, at=at)


def offered(
    run: Run, tasks: Sequence[Task], courier: PartyId, *, choice: dict[str, str | int | float], at: datetime
) -> OfferId:
    """This will write an offer of a written run whose tasks are held."""
    rule = policy_of(tasks[0], at)
    row = Offer.objects.create(
        run=run,
        courier=courier,
        state=rules.OFFER_LIFE.birth.value,
        pays_minor=expected_pay(tasks, rule).minor,
        choice=choice,
        offered_at=at,
        due_at=at + timedelta(seconds=rule.offer_seconds),
    )
    for task in tasks:
        task.offered_to, task.choice = courier, choice
    Task.objects.inside().bulk_update(list(tasks), ["offered_to", "choice"])
    tell(events.RunOffered(offer=OfferId(row.pk), run=RunId(run.pk), courier=courier, city=CityId(run.city), at=at))
    return OfferId(row.pk)


def plain_run(tasks: Sequence[Task], *, courier: PartyId | None, at: datetime) -> rules.Run:
    """This will order the stops of few tasks plainly: each shop once, then the buildings by their promise."""
    by_shop: dict[UUID, list[Task]] = defaultdict(list)
    by_door: dict[UUID, list[Task]] = defaultdict(list)
    for task in tasks:
        by_shop[task.shop].append(task)
        by_door[task.building or task.community].append(task)
    stops, now = [], at
    for shop, theirs in by_shop.items():
        now = max(now, *(task.ready_at for task in theirs))
        stops.append(rules.Stop(StopKind.COLLECT, shop, tuple(TaskId(task.pk) for task in theirs), now))
    here = (tasks[0].from_lat, tasks[0].from_lon)
    way = 0
    for door, theirs in sorted(by_door.items(), key=lambda each: min(t.promised_at for t in each[1])):
        there = (theirs[0].to_lat, theirs[0].to_lon)
        leg = rules.way_m(here, there)
        way, here = way + leg, there
        now += timedelta(seconds=leg / RIDE_M_PER_S)
        stops.append(rules.Stop(StopKind.DROP, door, tuple(TaskId(task.pk) for task in theirs), now))
    return rules.Run(courier=courier, stops=tuple(stops), distance_m=way)


RIDE_M_PER_S = 15_000 / 3600
"""A trike's 15 km an hour, from the design's model."""


def _stops_of(run: Run) -> list[RunStop]:
    return list(RunStop.objects.inside().filter(run=run).order_by("nth"))


def loosen(tasks: Iterable[UUID], *, at: datetime) -> None:
    """This will take tasks out of the runs they stand in; a stop, or a run, for nothing is no more."""
    values = list(tasks)
    sql.run(_EMPTIED, values)
    sql.run(_LEAVE, values, values, values)
    sql.run(_BARE, at, at - _OLDEST)


def withdraw_offers(runs: Iterable[UUID], *, at: datetime) -> None:
    """This will end what is offered of runs: who was asked sees that it is gone, and the orders wait for another."""
    open_ = Offer.objects.inside().filter(run__in=list(runs), state=OfferState.OPEN.value)
    for row in open_.select_for_update():
        row.state, row.answered_at = rules.OFFER_LIFE.after(OfferState(row.state), OfferVerb.WITHDRAW).value, at
        row.save(update_fields=["state", "answered_at"])
        wanted = [task for stop in RunStop.objects.inside().filter(run=row.run_id) for task in stop.tasks]
        Task.objects.inside().filter(pk__in=wanted, offered_to=row.courier).update(offered_to=None)


def withdraw_offers_of(tasks: Iterable[Task], *, at: datetime) -> None:
    """This will end the offers in which tasks stand, with the runs that were offered."""
    wanted = [task.pk for task in tasks if task.offered_to is not None]
    if not wanted:
        return
    planned = Run.objects.inside().filter(state=RunState.PLANNED.value, stops__tasks__overlap=wanted)
    runs = list(planned.values_list("pk", flat=True))
    withdraw_offers(runs, at=at)
    Run.objects.inside().filter(pk__in=runs).update(state=RunState.DROPPED.value, ended_at=at)


def came(task: Task, kind: StopKind, *, at: datetime) -> None:
    """This will note that a courier is at the stop of a task; the first time counts."""
    _stop_of(task, kind).filter(arrived_at=None).update(arrived_at=at)


def left(task: Task, kind: StopKind, *, at: datetime) -> None:
    """This will note that a courier leaves the stop of a task, when nothing of it is left to do there."""
    busy = (TaskState.ASSIGNED.value,) if kind is StopKind.COLLECT else tuple(s.value for s in rules.IN_HAND)
    for stop in _stop_of(task, kind):
        if not Task.objects.inside().filter(pk__in=stop.tasks, state__in=busy, courier=task.courier).exists():
            stop.arrived_at, stop.left_at = stop.arrived_at or at, at
            stop.save(update_fields=["arrived_at", "left_at"])


def _stop_of(task: Task, kind: StopKind):  # type: ignore[no-untyped-def]
    rows = RunStop.objects.inside().filter(tasks__contains=[task.pk], kind=kind.value)
    return rows.filter(run__courier=task.courier, run__state__in=["given", "riding"])


def set_out(courier: PartyId, task: Task, *, at: datetime) -> None:
    """This will note that the run of a task has begun."""
    rows = Run.objects.inside().filter(courier=courier, state=RunState.GIVEN.value, stops__tasks__contains=[task.pk])
    for row in rows:
        row.state, row.set_out_at = rules.RUN_LIFE.after(RunState.GIVEN, RunVerb.SET_OUT).value, at
        row.save(update_fields=["state", "set_out_at"])


_FINISHED = """
    UPDATE delivery_run AS r SET state = CASE r.state WHEN 'riding' THEN 'ended' ELSE 'dropped' END, ended_at = %s
    WHERE r.courier = %s AND r.state IN ('given', 'riding') AND NOT EXISTS (
        SELECT FROM delivery_run_stop AS s JOIN delivery_task AS t ON t.id = ANY (s.tasks)
        WHERE s.run_id = r.id AND t.courier = r.courier AND t.state IN ('assigned', 'en_route', 'arrived'))
"""


def end_finished(courier: PartyId, *, at: datetime) -> None:
    """This will end the runs of a courier in which nothing is left to do."""
    sql.run(_FINISHED, at, courier)
