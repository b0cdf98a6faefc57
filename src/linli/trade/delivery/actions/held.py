"""What every verb on a task does: hold it, take the verb by its life, move its clock, leave a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from linli.ground.policies.queries import policy
from linli.kernel.ids import CityId, CommunityId, OrderId, PartyId, ShopId, TaskId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import events, rules
from linli.trade.delivery.models import Courier, Task, TaskMove
from linli.trade.delivery.rules import Custody, TaskState, TaskVerb

MOST_WHY = 200
_STATES = tuple(state.value for state in rules.IN_HAND)


class NotYourTask(Refusal):
    """Another courier carries this order, or nobody does any more."""

    says = _("This order is not in your hands any more.")


class NotYourCourier(Refusal):
    """Who is no courier here, or carries for somebody else, or not in that place."""

    says = _("This courier does not carry here.")


def of_the_city(scope: Scope, city: CityId, what: str = "zone") -> None:
    """This will refuse an operator of one city what is kept for another, as if it were not there."""
    if scope.city not in (None, city):
        raise NotFound(what)


def hold(rows: QuerySet[Task], task: TaskId) -> Task:
    """This will lock a task until the transaction ends, or refuse with `NotFound`."""
    row = rows.select_for_update().filter(pk=task).first()
    if row is None:
        raise NotFound("task")
    return row


def hold_own(scope: Scope, task: TaskId) -> Task:
    """This will lock a task for the courier who has it in hand; one that they do not see does not exist."""
    row = hold(Task.objects.within(scope), task)
    if scope.person is None or row.courier != scope.person:
        raise NotYourTask
    return row


def hold_board(scope: Scope, task: TaskId) -> Task:
    """This will lock a task for a dispatcher who reaches it, or refuse: what they carry themselves is no reach."""
    row = hold(Task.objects.within(scope), task)
    insist_board(scope, [row])
    return row


def on_board(scope: Scope, tasks: Sequence[TaskId]) -> list[Task]:
    """This will read the tasks that a dispatcher names, or refuse where one is beyond their reach."""
    rows = list(Task.objects.within(scope).filter(pk__in=tasks))
    if {row.pk for row in rows} != set(tasks):
        raise NotFound("task")
    insist_board(scope, rows)
    return rows


def insist_board(scope: Scope, rows: Iterable[Task]) -> None:
    """This will refuse tasks of another operator's city, or of communities that a dispatcher does not look after."""
    for row in rows:
        of_the_city(scope, CityId(row.city), "task")
        if not scope.is_inside and CommunityId(row.community) not in scope.communities:
            raise NotFound("task")


def courier_of(scope: Scope, person: PartyId, tasks: Sequence[Task], at: datetime) -> Courier:
    """This will find the courier whom a dispatcher sends: one that it sees, who may carry each of these tasks."""
    row = Courier.objects.within(scope).filter(person=person, left_at__isnull=True).first()
    if row is None or scope.city not in (None, row.city) or not all(carries(row, task) for task in tasks):
        raise NotYourCourier(field="courier")
    if scope.role is Role.PROPERTY and not all(_company_dispatches(task, at) for task in tasks):
        raise NotYourCourier(field="courier")
    return row


def _company_dispatches(task: Task, at: datetime) -> bool:
    rule = policy(SYSTEM, rules.CourierPolicy, at=at, community=CommunityId(task.community))
    return rule.company_dispatches


def carries(row: Courier, task: Task) -> bool:
    """This will tell whether a courier may carry a task."""
    hands = rules.Hands(
        person=PartyId(row.person),
        city=CityId(row.city),
        employment=rules.Employment(row.employment),
        employer=row.employer,
        communities=frozenset(CommunityId(each) for each in row.communities),
        skills=frozenset(row.skills),
    )
    return rules.may_carry(
        hands,
        city=CityId(task.city),
        community=CommunityId(task.community),
        shop=ShopId(task.shop),
        by_shop=task.by_shop,
        needs=task.needs,
    )


def take(
    scope: Scope,
    rows: Sequence[Task],
    verb: TaskVerb,
    *,
    at: datetime,
    why: str = "",
    said_at: datetime | None = None,
    **changes: object,
) -> None:
    """This will take a verb on held tasks of one kind of change: states, clocks and moves, in two statements.

    Refuses with `WrongState` where the life of one does not allow it. The clock of the state begins anew, and with it
    the board's knowledge that it was late.
    """
    moves = []
    for row in rows:
        before = TaskState(row.state)
        if verb not in rules.BESIDE:
            row.state = rules.TASK_LIFE.after(before, verb).value
        for name, value in changes.items():
            setattr(row, name, value)
        if verb is not TaskVerb.ESCALATE:
            wind(row, at)
        moves.append(_step(scope, row, verb, before.value, at, why, said_at))
    if not rows:
        return
    written = ["state", "waits_for", "due_at", "escalated_at", *changes]
    if len(rows) == 1:
        rows[0].save(update_fields=written)
    else:
        Task.objects.inside().bulk_update(rows, written, batch_size=500)
    TaskMove.objects.bulk_create(moves)


def wind(row: Task, at: datetime) -> None:
    """This will set the clock of the state that a task is in now."""
    rule = policy(SYSTEM, rules.CourierPolicy, at=at, community=CommunityId(row.community))
    wait = rules.wait_of(
        TaskState(row.state),
        kind=rules.Kind(row.kind),
        custody=Custody(row.goods),
        ready_at=row.ready_at,
        promised_at=row.promised_at,
        policy=rule,
        at=at,
    )
    row.waits_for, row.due_at, row.escalated_at = wait.for_.value, wait.until, None


def born(scope: Scope, rows: Sequence[Task], *, at: datetime) -> None:
    """This will note how tasks began, in one statement."""
    TaskMove.objects.bulk_create([_step(scope, row, TaskVerb.ASK, "", at, "", None) for row in rows])


def _step(
    scope: Scope, row: Task, verb: TaskVerb, before: str, at: datetime, why: str, said_at: datetime | None
) -> TaskMove:
    return TaskMove(
        of_id=row.pk,
        community=row.community,
        verb=verb.value,
        before=before,
        after=row.state,
        role=scope.role.value,
        person=scope.person,
        why=why,
        moved_at=at,
        said_at=said_at,
    )


def said(words: str, *, field: str = "why", needed: bool = False) -> str:
    """This will tidy what somebody wrote, and refuse too much of it, or nothing where something is needed."""
    tidy = words.strip()
    if len(tidy) > MOST_WHY:
        raise Invalid(field, _("At most {most} characters."), most=MOST_WHY)
    if needed and not tidy:
        raise Invalid(field, _("Please say why."))
    return tidy


def courier(row: Task) -> PartyId:
    """This will give the courier of a task that is in hand; that there is one, the database checks."""
    if row.courier is None:
        raise NotYourTask
    return PartyId(row.courier)


def told(
    kind: type[events.TaskAssigned] | type[events.GoodsTaken] | type[events.GoodsReturned], row: Task, at: datetime
) -> events.TaskAssigned | events.GoodsTaken | events.GoodsReturned:
    """This will make a fact about a task and its courier."""
    return kind(task=TaskId(row.pk), order=OrderId(row.order), courier=courier(row), at=at)
