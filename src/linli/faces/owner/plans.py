"""Instalment plans on the phone: what is due when, what is paid, and paying the next part."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy, PlanState
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.charging import doors
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest


@page("owner", "GET", "plans/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list the resident's plans, the latest first."""
    community = insist_offered(request, BillingPolicy)
    plans = billing.my_plans(request.scope)
    return request.render(
        "owner/plans.jinja", community=community, plans=plans, doors=doors(plan.subject for plan in plans)
    )


@page("owner", "GET", "plans/<uuid:plan>/", name="plan")
def show(request: OwnerRequest, plan: UUID) -> HttpResponse:
    """This will show a plan part by part, and what it is for."""
    community = insist_offered(request, BillingPolicy)
    shown = billing.plan_page(request.scope, plan=plan)
    return request.render(
        "owner/plan.jinja",
        community=community,
        plan=shown,
        door=doors([shown.card.subject]).get(shown.card.subject, ""),
        is_kept=shown.card.state is PlanState.KEPT,
    )


@page("owner", "POST", "plans/<uuid:plan>/payments/", name="plan-payments", asks="owner:plan")
def pay(request: OwnerRequest, plan: UUID) -> HttpResponse:
    """This will ask for one payment of the part that is next."""
    insist_offered(request, BillingPolicy)
    collection = actions.begin_plan_payment(request.scope, plan=plan, at=request.at)
    return see_other("owner:bill-payment", collection)
