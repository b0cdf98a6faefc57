"""Maintenance at the desk: plans and their dates, what is open and how late it is, one task with its answers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.assets import actions, queries
from linli.estate.assets.actions import PlanDraft
from linli.estate.assets.queries import Sought, TaskRow
from linli.estate.assets.rules import AssetKind, Every, Rhythm, TaskState
from linli.estate.workorders import queries as workorders
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import AssetId, CommunityId
from linli.spine.may import May

A_PAGE = 100
NEEDS = May.KEEP_ASSETS


@page("property", "GET", "assets/plans/", name="asset-plans", needs=NEEDS)
def plans(request: PropertyRequest) -> HttpResponse:
    """This will list the maintenance plans of a community, and ask for one more."""
    cards = own_communities(request)
    community = community_here(request, cards)
    return request.render(
        "property/asset-plans.jinja",
        communities=cards,
        community=community,
        plans=queries.plans(request.scope, community=community.id),
        assets=queries.assets(request.scope, sought=Sought(community=community.id), limit=500),
        types=workorders.types_here(request.scope, community=community.id, at=request.at),
        kinds=tuple(AssetKind),
        every=tuple(Every),
        today=places.day_in(community.id, request.at),
    )


@page("property", "GET", "assets/plans/sheet/", name="asset-plans-sheet", needs=NEEDS)
def take_plans(request: PropertyRequest) -> HttpResponse:
    """This will give the maintenance plans of a community as a spreadsheet."""
    community = community_here(request, own_communities(request))
    columns = [_("Plan"), _("For what"), _("Kind"), _("Number of"), _("Every"), _("From"), _("Days ahead")]
    columns += [_("The law asks for it"), _("Checklist")]
    rows = (
        [
            one.name, one.about, one.kind, one.rhythm.n, one.rhythm.every, one.rhythm.anchor, one.lead_days,
            one.is_statutory, "; ".join(one.items),
        ]
        for one in queries.plans(request.scope, community=community.id)
    )  # fmt: skip
    return sheet(request.query, "maintenance-plans", columns, rows)


@page(
    "property",
    "POST",
    "assets/plans/<uuid:community>/",
    name="asset-plan-new",
    asks="property:asset-plans",
    needs=NEEDS,
)
def add(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will have an asset, or a kind of them, looked after."""
    community_of(request, community)
    form, asset = request.form, request.form.maybe_id("asset")
    rhythm = Rhythm(form.whole("n", low=1, high=1000), form.choice("every", Every), form.day("anchor"))
    draft = PlanDraft(
        name=form.text("name", most=60),
        rhythm=rhythm,
        items=(form.maybe_text("items", most=3_000) or "").splitlines(),
        asset=AssetId(asset) if asset else None,
        kind=None if asset else form.choice("kind", AssetKind),
        lead_days=form.whole("lead_days", high=90, default=3),
        is_statutory=form.flag("is_statutory"),
        work_type=form.maybe_id("work_type"),
    )
    actions.add_plan(request.scope, community=community, draft=draft, at=request.at)
    said = _("Planned. A work order comes with each date.")
    return see_other("property:asset-plans", said=said, community=community)


@page(
    "property",
    "POST",
    "assets/plans/<uuid:plan>/ending/",
    name="asset-plan-ending",
    asks="property:asset-plans",
    needs=NEEDS,
)
def end(request: PropertyRequest, plan: UUID) -> HttpResponse:
    """This will end a plan."""
    actions.end_plan(request.scope, plan=plan, at=request.at)
    return see_other("property:asset-plans", said=_("The plan ended. What is open stays open."))


@page("property", "GET", "assets/tasks/", name="asset-tasks", needs=NEEDS)
def tasks(request: PropertyRequest) -> HttpResponse:
    """This will list what is to be maintained, the oldest date first, or what was."""
    cards = own_communities(request)
    community = community_here(request, cards)
    asked, page_no = _asked(request, community), request.query.whole("page", low=0, high=10_000, default=0)
    found = _found(request, community, A_PAGE + 1, page_no * A_PAGE)
    return request.render(
        "property/asset-tasks.jinja",
        communities=cards,
        community=community,
        tasks=found[:A_PAGE],
        states=tuple(TaskState),
        asked=asked,
        more=url("property:asset-tasks", **asked, page=page_no + 1) if len(found) > A_PAGE else None,
        export=url("property:asset-tasks-file", **asked),
    )


@page("property", "GET", "assets/tasks/file/", name="asset-tasks-file", needs=NEEDS)
def tasks_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    columns = [
        _("Number"), _("Plan"), _("Asset"), _("What it is called"), _("Place"), _("Due on"), _("Days late"),
        _("Done on"), _("Statutory"), _("State"),
    ]  # fmt: skip
    rows = (
        (
            *(t.label, t.plan_name, t.asset_label, t.asset_name, t.where, t.due_on, t.late_days),
            *(t.worked_on, t.is_statutory, t.state),
        )
        for t in _found(request, community, most_rows(), 0)
    )
    return sheet(request.query, "maintenance", columns, rows)


@page("property", "GET", "assets/tasks/<uuid:task>/", name="asset-task", needs=NEEDS)
def show(request: PropertyRequest, task: UUID) -> HttpResponse:
    """This will show one task with what was answered."""
    own_communities(request)
    today = request.at.astimezone(voice.current().zone).date()
    shown = queries.task_page(request.scope, task=task, today=today, at=request.at)
    known = {move.person for move in shown.history if move.person}
    return request.render(
        "property/asset-task.jinja",
        page=shown,
        row=shown.row,
        names=people.names(request.scope, parties=known) if known else {},
        is_open=shown.row.state in (TaskState.OPEN, TaskState.WORKED),
        may_ask=shown.row.state is TaskState.OPEN and shown.row.order is None,
    )


@page(
    "property",
    "POST",
    "assets/tasks/<uuid:task>/order/",
    name="asset-task-order",
    asks="property:asset-task",
    needs=NEEDS,
)
def ask_again(request: PropertyRequest, task: UUID) -> HttpResponse:
    """This will ask for a work order anew."""
    actions.ask_again(request.scope, task=task, at=request.at)
    return see_other("property:asset-task", task, said=_("A work order is asked for."))


@page(
    "property",
    "POST",
    "assets/tasks/<uuid:task>/calling-off/",
    name="asset-task-calling-off",
    asks="property:asset-task",
    needs=NEEDS,
)
def call_off(request: PropertyRequest, task: UUID) -> HttpResponse:
    """This will leave a task out for a reason."""
    actions.call_off_task(request.scope, task=task, why=request.form.text("why", most=200), at=request.at)
    return see_other("property:asset-task", task, said=_("Called off."))


def _asked(request: PropertyRequest, community: CommunityCard) -> dict[str, object]:
    state = request.query.raw("state")
    return {
        "community": community.id,
        "state": state if state in {each.value for each in TaskState} else None,
        "overdue": "1" if request.query.flag("overdue") else None,
    }


def _found(request: PropertyRequest, community: CommunityCard, limit: int, offset: int) -> tuple[TaskRow, ...]:
    asked = _asked(request, community)
    return queries.tasks(
        request.scope,
        community=community.id,
        state=TaskState(str(asked["state"])) if asked["state"] else None,
        overdue=asked["overdue"] is not None,
        today=places.day_in(community.id, request.at),
        limit=limit,
        offset=offset,
    )
