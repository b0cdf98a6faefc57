"""Instalment plans at the desk: asked for from an account, decided by somebody else, looked at, taken back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.queries import PlanCard
from linli.estate.billing.rules import PlanState
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.charging import doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.open_rows import open_rows, picked_rows
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.kernel import ids
from linli.kernel.refusals import Invalid
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.CHASE_ARREARS


@page("property", "GET", "plans/", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the plans of a community, in one state or in all."""
    cards = own_communities(request)
    community, state, after = community_here(request, cards), _state(request), request.query.maybe_id("after")
    found = billing.plans(request.scope, community=community.id, state=state, after=after, limit=A_PAGE + 1)
    return request.render(
        "property/plans.jinja",
        communities={card.id: card for card in cards},
        community=community,
        state=state,
        states=tuple(PlanState),
        plans=found[:A_PAGE],
        more=found[A_PAGE - 1].plan if found[A_PAGE:] else None,
        doors=doors(each.subject for each in found[:A_PAGE]),
        names=people.names(request.scope, parties=[each.obligor for each in found[:A_PAGE]]),
    )


@page("property", "GET", "plans/file/", name="plans-file", needs=NEEDS)
def file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    found = billing.plans(request.scope, community=community.id, state=_state(request), limit=most_rows())
    called = doors(each.subject for each in found)
    columns = [_("Door"), _("State"), _("In all"), _("Open"), _("How many parts"), _("First part on"), _("Why")]
    rows = (
        (called.get(each.subject, "–"), each.state, each.total, each.open, each.count, each.first_on, each.why)
        for each in found
    )
    return sheet(request.query, "plans", columns, rows)


@page("property", "GET", "plans/<uuid:plan>/", name="plan", needs=NEEDS)
def show(request: PropertyRequest, plan: UUID) -> HttpResponse:
    """This will show a plan, its parts and its history, and what can be done with it now."""
    shown = billing.plan_page(request.scope, plan=plan)
    card = shown.card
    may_decide = card.state is PlanState.ASKED and request.scope.may(May.WAIVE_FEES)
    who = [shown.card.obligor, *(step.person for step in shown.history if step.person)]
    return request.render(
        "property/plan.jinja",
        plan=shown,
        community=community_of(request, shown.card.community),
        door=doors([shown.card.subject]).get(shown.card.subject, "–"),
        names=people.names(request.scope, parties=who),
        may_decide=may_decide,
        may_approve=may_decide and _may_approve(request, card),
        may_cancel=shown.card.state is PlanState.KEPT,
    )


@page(
    "property", "POST", "plans/<uuid:plan>/decision/", asks="property:plan", name="plan-decision", needs=May.WAIVE_FEES
)
def decide(request: PropertyRequest, plan: UUID) -> HttpResponse:
    """This will approve or refuse."""
    approve = request.form.raw("decision") == "approve"
    answer = request.form.maybe_text("answer", most=200) or ""
    if not approve and not answer:
        raise Invalid("answer", _("Please say why not."))
    actions.decide_plan(request.scope, plan=plan, approve=approve, answer=answer, at=request.at)
    return see_other("property:plan", plan, said=_("Approved.") if approve else _("Refused."))


@page(
    "property", "POST", "plans/<uuid:plan>/cancellation/", asks="property:plan", name="plan-cancellation", needs=NEEDS
)
def cancel(request: PropertyRequest, plan: UUID) -> HttpResponse:
    """This will take a plan back."""
    actions.cancel_plan(request.scope, plan=plan, why=request.form.text("why", most=200), at=request.at)
    return see_other("property:plan", plan, said=_("Taken back. What is open is due as it was."))


@page("property", "GET", "accounts/<uuid:subject>/plan/", name="account-plan", needs=NEEDS)
def ask(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will show what is open, to be split into parts."""
    account = billing.account_page(request.scope, subject=subject)
    return request.render(
        "property/account-plan.jinja",
        account=account,
        rows=open_rows(account.open_lines),
        community=community_of(request, account.community),
        today=request.at,
        once=ids.new(),
    )


@page("property", "POST", "accounts/<uuid:subject>/plan/", name="account-plan", needs=NEEDS)
def create(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will ask for a plan; somebody else decides."""
    form = request.form
    picked = picked_rows(form)
    if not picked:
        raise Invalid("lines", "Please choose one of the values offered.")
    plan = actions.ask_plan(
        request.scope,
        subject=subject,
        lines=[line for row in picked for line in row],
        count=form.whole("count", low=2, high=36),
        first_on=form.day("first_on"),
        why=form.text("why", most=200),
        at=request.at,
    )
    return see_other("property:plan", plan, said=_("Asked. Somebody else decides."))


def _may_approve(request: PropertyRequest, card: PlanCard) -> bool:
    return billing.may_approve(request.scope, community=card.community, asked_by=card.asked_by, at=request.at)


def _state(request: PropertyRequest) -> PlanState | None:
    asked = request.query.raw("state")
    return next((state for state in PlanState if state.value == asked), None)
