"""Maintenance plans, and the tasks that the clock opens from them: each once, each with one work order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.assets import events, rules
from linli.estate.assets.actions.held import insist_on, said
from linli.estate.assets.models import Asset, Plan, Task, TaskMove
from linli.estate.workorders import actions as workorders
from linli.estate.workorders import queries as work
from linli.estate.workorders.rules import Source
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import AssetId, CommunityId, WorkOrderId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

MOST_PLANS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """What is looked after, how often, and what is ticked off; the work order is of `work_type`, whose skill it takes.

    It is about one asset, or about every asset of a kind that is in use.
    """

    name: str
    rhythm: rules.Rhythm
    items: Sequence[str]
    asset: AssetId | None = None
    kind: rules.AssetKind | None = None
    lead_days: int = 3
    is_statutory: bool = False
    work_type: UUID | None = None


@action(needs=May.KEEP_ASSETS, private=("draft",))
def add_plan(scope: Scope, *, community: CommunityId, draft: PlanDraft, at: datetime) -> UUID:
    """This will have an asset, or a kind of them, looked after from the anchor date on."""
    insist_on(scope, community)
    if (draft.asset is None) == (draft.kind is None):
        raise Invalid("asset", _("A plan is about one asset, or about a kind of them."))
    if not 0 <= draft.lead_days <= rules.MOST_LEAD_DAYS:
        raise Invalid("lead_days", _("Between {low} and {high}."), low=0, high=rules.MOST_LEAD_DAYS)
    about = None
    if draft.asset is not None:
        about = Asset.objects.within(scope).filter(pk=draft.asset, community=community).first()
        if about is None or about.state not in rules.HERE:
            raise NotFound("asset", field="asset")
    if draft.work_type is not None:
        known = {card.type for card in work.types_here(scope, community=community, at=at)}
        if draft.work_type not in known:
            raise NotFound("type", field="work_type")
    if Plan.objects.within(scope).filter(community=community, ended_at=None).count() >= MOST_PLANS:
        raise Invalid("name", _("At most {most} plans."), most=MOST_PLANS)
    plan = Plan.objects.create(
        id=ids.new(),
        community=community,
        name=said(draft.name, 60, field="name"),
        asset=about,
        kind=draft.kind.value if draft.kind else "",
        every_n=draft.rhythm.n,
        every=draft.rhythm.every.value,
        anchor_on=draft.rhythm.anchor,
        lead_days=draft.lead_days,
        is_statutory=draft.is_statutory,
        items=list(rules.checked_items(draft.items)),
        work_type=draft.work_type,
        made_at=at,
    )
    return UUID(str(plan.pk))


@action(needs=May.KEEP_ASSETS)
def end_plan(scope: Scope, *, plan: UUID, at: datetime) -> None:
    """This will end a plan; tasks that are open stay to be done or called off."""
    if not Plan.objects.within(scope).filter(pk=plan, ended_at=None).update(ended_at=at):
        raise NotFound("plan")


@action(needs=May.RUN_CLOCKS)
def open_task(scope: Scope, *, plan: UUID, asset: AssetId, at: datetime) -> UUID | None:
    """This will open the next task of a plan for an asset when its date is near, once, with one work order.

    The plan is locked, so that two clocks open one task; a task that is still open keeps the next one waiting.
    """
    row = Plan.objects.within(scope).select_for_update().filter(pk=plan, ended_at=None).first()
    thing = Asset.objects.within(scope).filter(pk=asset, state=rules.AssetState.IN_USE.value).first()
    if row is None or thing is None or not _is_about(row, thing):
        return None
    if not policy(scope, rules.AssetPolicy, at=at, community=CommunityId(row.community)).is_offered:
        return None
    last = Task.objects.within(scope).filter(plan=row, asset=thing).order_by("-due_on").first()
    if last is not None and last.state in rules.UNDONE:
        return None
    community = CommunityId(row.community)
    if not policy(SYSTEM, rules.AssetPolicy, at=at, community=community).is_offered:
        return None
    rhythm = rules.Rhythm(row.every_n, rules.Every(row.every), row.anchor_on)
    before = last.due_on if last else None
    due_on = rules.next_due(rhythm, last_due=before, done_on=last.worked_on if last else None)
    if places.day_in(community, at) + timedelta(days=row.lead_days) < due_on:
        return None
    task = Task.objects.create(
        id=ids.new(),
        community=community,
        label=next_label("MT", place=community, day=places.day_in(community, at)),
        plan=row,
        asset=thing,
        due_on=due_on,
        skipped=rules.skipped(rhythm, last_due=before, due_on=due_on),
        state=rules.TASK_LIFE.birth.value,
        items=row.items,
        is_statutory=row.is_statutory,
        opened_at=at,
    )
    moves.born(TaskMove, task, "open", scope=scope, at=at)
    order = ask_for_work(task, row, thing, at)
    tell(events.MaintenanceDue(task=task.pk, asset=asset, community=community, due_on=due_on, order=order, at=at))
    return UUID(str(task.pk))


def ask_for_work(task: Task, plan: Plan, asset: Asset, at: datetime) -> WorkOrderId:
    """This will raise the work order of a task."""
    order = workorders.raise_work_order(
        SYSTEM,
        community=CommunityId(task.community),
        type_id=plan.work_type,
        place=f"{asset.name} · {asset.building} {asset.place}".replace("·  ", "· ")[:120],
        words=f"{plan.name} {asset.label} ({task.due_on.isoformat()})",
        source=Source.MAINTENANCE,
        about=task.pk,
        at=at,
    )
    task.order = order
    task.save(update_fields=["order"])
    return order


def _is_about(plan: Plan, asset: Asset) -> bool:
    if plan.community != asset.community:
        return False
    return plan.asset_id == asset.pk if plan.asset_id else plan.kind == asset.kind
