"""Maintenance as the desk and the engineer see it: plans, tasks by their dates, one task with its answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from linli.estate.assets import rules
from linli.estate.assets.models import Plan, Task, TaskAnswer, TaskMove
from linli.ground.files import queries as files
from linli.kernel.ids import AssetId, CommunityId, FileId, PartyId, WorkOrderId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.moves import Moved, history
from linli.spine.scope import Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class PlanCard:
    """How often what is looked after; `about` is the asset's name, where it is about one."""

    plan: UUID
    name: str
    asset: AssetId | None
    about: str
    kind: rules.AssetKind | None
    rhythm: rules.Rhythm
    lead_days: int
    is_statutory: bool
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a list; `late_days` is its age where it is overdue."""

    task: UUID
    label: str
    community: CommunityId
    plan_name: str
    asset: AssetId
    asset_label: str
    asset_name: str
    where: str
    due_on: date
    state: rules.TaskState
    is_statutory: bool
    skipped: int
    order: WorkOrderId | None
    late_days: int
    worked_on: date | None


@dataclass(frozen=True, slots=True)
class AnswerCard:
    item: str
    outcome: rules.Outcome
    words: str
    order: WorkOrderId | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task whole; `photos` are words that open them."""

    row: TaskRow
    items: tuple[str, ...]
    answers: tuple[AnswerCard, ...]
    photos: tuple[str, ...]
    done_by: PartyId | None
    history: tuple[Moved, ...]


@query
def plans(scope: Scope, *, community: CommunityId, limit: int = 500) -> tuple[PlanCard, ...]:
    """This will list the plans of a community that are in force, by name."""
    rows = Plan.objects.within(scope).filter(community=community, ended_at=None).select_related("asset")
    return tuple(_plan(row) for row in rows.order_by("name", "id")[: min(limit, 500)])


@query
def tasks(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    state: rules.TaskState | None = None,
    overdue: bool = False,
    today: date,
    limit: int = 100,
    offset: int = 0,
) -> tuple[TaskRow, ...]:
    """This will list tasks: those that are open by their date, the oldest first; of another state the latest first."""
    rows = Task.objects.within(scope)
    if community is not None:
        rows = rows.filter(community=community)
    undone = [each.value for each in rules.UNDONE]
    rows = rows.filter(state__in=undone) if state is None else rows.filter(state=state.value)
    if overdue:
        rows = rows.filter(due_on__lt=today)
    by_date = ("due_on", "id") if state is None or state in rules.UNDONE else ("-due_on", "-id")
    found = rows.select_related("plan", "asset").order_by(*by_date)[offset : offset + min(limit, MOST)]
    return tuple(_row(row, today) for row in found)


@query
def tasks_of_asset(scope: Scope, *, asset: AssetId, today: date, limit: int = 30) -> tuple[TaskRow, ...]:
    """This will list the maintenance of one asset, the latest date first."""
    rows = Task.objects.within(scope).filter(asset=asset).select_related("plan", "asset").order_by("-due_on")
    return tuple(_row(row, today) for row in rows[: min(limit, 200)])


@query
def task_page(scope: Scope, *, task: UUID, today: date, at: datetime) -> TaskPage:
    """This will show one task with what was answered."""
    rows: QuerySet[Task] = Task.objects.within(scope).select_related("plan", "asset").filter(pk=task)
    row = rows.first()
    if row is None:
        raise NotFound("task")
    answers = TaskAnswer.objects.within(scope).filter(task=row).order_by("id")[:100]
    kept = [FileId(photo) for photo in row.photos]
    links = files.links(scope, files=files.described(scope, files=kept), at=at) if kept else {}
    return TaskPage(
        _row(row, today),
        tuple(row.items),
        tuple(AnswerCard(each.item, rules.Outcome(each.outcome), each.words, _order(each.order)) for each in answers),
        tuple(links.values()),
        PartyId(row.done_by) if row.done_by else None,
        history(TaskMove, row.pk, scope=scope),
    )


def _order(order: UUID | None) -> WorkOrderId | None:
    return WorkOrderId(order) if order else None


def _plan(row: Plan) -> PlanCard:
    return PlanCard(
        row.pk,
        row.name,
        AssetId(row.asset_id) if row.asset_id else None,
        f"{row.asset.label} {row.asset.name}" if row.asset else "",
        rules.AssetKind(row.kind) if row.kind else None,
        rules.Rhythm(row.every_n, rules.Every(row.every), row.anchor_on),
        row.lead_days,
        row.is_statutory,
        tuple(row.items),
    )


def _row(row: Task, today: date) -> TaskRow:
    state = rules.TaskState(row.state)
    late = (today - row.due_on).days if state in rules.UNDONE else 0
    return TaskRow(
        row.pk,
        row.label,
        CommunityId(row.community),
        row.plan.name,
        AssetId(row.asset_id),
        row.asset.label,
        row.asset.name,
        f"{row.asset.building} {row.asset.place}".strip(),
        row.due_on,
        state,
        row.is_statutory,
        row.skipped,
        _order(row.order),
        max(0, late),
        row.worked_on,
    )
