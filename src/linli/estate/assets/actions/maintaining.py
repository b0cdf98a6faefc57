"""Maintaining: every item is answered on the phone, findings become work orders, the work order goes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.assets import events, rules
from linli.estate.assets.actions.held import MOST_WHY, hold_asset, hold_task, kept_photos, move_task, said
from linli.estate.assets.actions.planning import ask_for_work
from linli.estate.assets.actions.registering import add_paper
from linli.estate.assets.models import Asset, Plan, Task, TaskAnswer
from linli.estate.workorders import actions as workorders
from linli.estate.workorders import queries as work
from linli.estate.workorders.rules import OPEN, Source, WorkState
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import AssetId, CommunityId, FileId, WorkOrderId
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope


class NotInYourHands(Refusal):
    """The work order of a task is somebody's, and they answer the checklist."""

    says = _("The work order {number} is not in your hands. Take it, or have it given to you, first.")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a statutory task ends with: what it is called, its last day, and the paper itself."""

    title: str
    expires_on: date
    upload: tuple[str, bytes] | None = None


@action(needs=May.MAINTAIN_ASSETS, private=("given", "certificate", "uploads"))
def complete_task(
    scope: Scope,
    *,
    task: UUID,
    given: Sequence[tuple[rules.Outcome, str]],
    certificate: Certificate | None = None,
    uploads: Sequence[tuple[str, bytes]] = (),
    at: datetime,
) -> tuple[WorkOrderId, ...]:
    """This will answer every item of a task and end it, with its work order; gives the work orders of its findings."""
    row = hold_task(scope, task)
    rules.TASK_LIFE.after(rules.TaskState(row.state), rules.TaskVerb.FINISH)
    answers = rules.answered(row.items, given)
    today = places.day_in(CommunityId(row.community), at)
    paper = _certified(scope, row, certificate, today, at)
    photos = kept_photos(scope, uploads, at)
    orders = _note(scope, row, answers, at)
    move_task(
        scope,
        row,
        rules.TaskVerb.FINISH,
        at,
        worked_on=row.worked_on or today,
        ended_at=at,
        done_by=scope.person,
        photos=list(photos),
        certificate_id=paper,
    )
    _carry_on(scope, row, photos, at)
    tell(
        events.MaintenanceDone(
            task=task,
            asset=AssetId(row.asset_id),
            community=CommunityId(row.community),
            due_on=row.due_on,
            findings=len(orders),
            at=at,
        )
    )
    return orders


@action(needs=May.RUN_CLOCKS)
def note_worked(scope: Scope, *, task: UUID, order: WorkOrderId, at: datetime) -> None:
    """This will note that the work order of a task is done; safe to repeat, and where the task is over already."""
    row = Task.objects.within(scope).select_for_update().filter(pk=task, order=order).first()
    if row is not None and row.state == rules.TaskState.OPEN.value:
        move_task(scope, row, rules.TaskVerb.WORK, at, worked_on=places.day_in(CommunityId(row.community), at))


@action(needs=May.RUN_CLOCKS)
def let_go_of_order(scope: Scope, *, task: UUID, order: WorkOrderId, at: datetime) -> None:
    """This will note that the work order of a task was cancelled: the desk asks for another or calls the task off."""
    undone = [state.value for state in rules.UNDONE]
    Task.objects.within(scope).filter(pk=task, order=order, state__in=undone).update(order=None)


@action(needs=May.KEEP_ASSETS)
def ask_again(scope: Scope, *, task: UUID, at: datetime) -> WorkOrderId:
    """This will raise a work order anew for a task whose own was cancelled."""
    row = hold_task(scope, task)
    if row.order is not None or row.state != rules.TaskState.OPEN:
        raise Invalid("task", _("This task has its work order."))
    plan = Plan.objects.within(scope).get(pk=row.plan_id)
    return ask_for_work(row, plan, row.asset, at)


@action(needs=May.KEEP_ASSETS, private=("why",))
def call_off_task(scope: Scope, *, task: UUID, why: str, at: datetime) -> None:
    """This will leave a task out, for a reason; its work order is cancelled where nobody has begun."""
    row = hold_task(scope, task)
    reason = said(why, MOST_WHY, field="why")
    move_task(scope, row, rules.TaskVerb.CALL_OFF, at, why=reason, ended_at=at)
    if row.order is not None:
        order = WorkOrderId(row.order)
        state = work.order_page(SYSTEM, order=order, at=at).state
        if state in (WorkState.RAISED, WorkState.ASSIGNED, WorkState.ACCEPTED):
            workorders.cancel_work(SYSTEM, order=order, why=reason, at=at)


@action(needs=May.MAINTAIN_ASSETS, private=("words", "uploads"))
def report_damage(
    scope: Scope, *, asset: AssetId, words: str, uploads: Sequence[tuple[str, bytes]] = (), at: datetime
) -> WorkOrderId:
    """This will raise a work order about an asset, from its QR."""
    row = hold_asset(scope, asset)
    return workorders.raise_work_order(
        scope,
        community=CommunityId(row.community),
        place=_place(row),
        words=f"{row.label}: {said(words, 500, field='words')}",
        uploads=tuple(uploads),
        source=Source.STAFF,
        about=row.pk,
        at=at,
    )


def _certified(scope: Scope, row: Task, certificate: Certificate | None, today: date, at: datetime) -> UUID | None:
    if certificate is None:
        if row.is_statutory:
            raise Invalid("expires_on", _("The law asks for a certificate here: say until when it holds."))
        return None
    if certificate.expires_on <= max(today, row.due_on):
        raise Invalid("expires_on", _("A new certificate holds beyond {day}."), day=max(today, row.due_on).isoformat())
    return add_paper(
        scope,
        asset=AssetId(row.asset_id),
        kind=rules.PaperKind.CERTIFICATE,
        title=certificate.title,
        upload=certificate.upload,
        expires_on=certificate.expires_on,
        at=at,
    )


def _note(scope: Scope, row: Task, answers: Sequence[rules.Answer], at: datetime) -> tuple[WorkOrderId, ...]:
    rows, orders = [], []
    for each in answers:
        order = None
        if each.outcome is rules.Outcome.FINDING:
            order = workorders.raise_work_order(
                scope,
                community=CommunityId(row.community),
                place=_place(row.asset),
                words=f"{row.asset.label} {each.item}: {each.words}",
                source=Source.MAINTENANCE,
                about=row.asset_id,
                at=at,
            )
            orders.append(order)
        answer: dict[str, Any] = {"item": each.item, "outcome": each.outcome.value, "words": each.words}
        rows.append(TaskAnswer(id=ids.new(), task=row, community=row.community, order=order, **answer))
    TaskAnswer.objects.bulk_create(rows)
    return tuple(orders)


def _carry_on(scope: Scope, row: Task, photos: Sequence[FileId], at: datetime) -> None:
    """The work order goes where its task went: accepted, arrived, done, by whoever has it in hand."""
    if row.order is None:
        return
    order = WorkOrderId(row.order)
    page = work.order_page(SYSTEM, order=order, at=at)
    if page.state not in OPEN:
        return
    if page.assignee != scope.person or page.state in (WorkState.RAISED, WorkState.QUOTED):
        raise NotInYourHands(number=page.number)
    if page.state is WorkState.ASSIGNED:
        workorders.accept_work(scope, order=order, at=at)
    if page.state in (WorkState.ASSIGNED, WorkState.ACCEPTED):
        workorders.arrive_at_work(scope, order=order, at=at)
    if page.state is WorkState.PAUSED:
        workorders.resume_work(scope, order=order, at=at)
    workorders.finish_work(scope, order=order, answer=row.label, photos=tuple(photos), at=at)


def _place(row: Asset) -> str:
    return f"{row.name} · {row.building} {row.place}".replace("·  ", "· ")[:120]
