"""What a resident says to an order of theirs: a word more, yes or no, how it was, not put right, not needed."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.workorders import actions
from linli.estate.workorders.rules import WorkOrderPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import WorkOrderId

ADDRESS = "work-orders/<uuid:order>/"
LONGEST = 1_000


@page("owner", "POST", ADDRESS + "agreement/", name="work-agreement", asks="owner:work-order")
def agree(request: OwnerRequest, order: WorkOrderId) -> HttpResponse:
    """This will agree to the price that was shown."""
    insist_offered(request, WorkOrderPolicy)
    actions.agree_to_quote(request.scope, order=order, amount=request.form.money("amount"), at=request.at)
    return see_other("owner:work-order", order, said=_("Agreed. The work goes on."))


@page("owner", "POST", ADDRESS + "decline/", name="work-decline", asks="owner:work-order")
def decline(request: OwnerRequest, order: WorkOrderId) -> HttpResponse:
    """This will say no to the price."""
    insist_offered(request, WorkOrderPolicy)
    why = request.form.maybe_text("why") or ""
    actions.decline_quote(request.scope, order=order, why=why, at=request.at)
    return see_other("owner:work-order", order, said=_("They know that you do not want it at this price."))


@page("owner", "POST", ADDRESS + "rating/", name="work-rating", asks="owner:work-order")
def rate(request: OwnerRequest, order: WorkOrderId) -> HttpResponse:
    """This will say how it was."""
    insist_offered(request, WorkOrderPolicy)
    actions.rate_work(
        request.scope,
        order=order,
        stars=request.form.whole("stars", low=1, high=5),
        words=request.form.maybe_text("words", most=LONGEST) or "",
        at=request.at,
    )
    return see_other("owner:work-order", order, said=_("Thank you."))


@page("owner", "POST", ADDRESS + "reopening/", name="work-reopening", asks="owner:work-order")
def reopen(request: OwnerRequest, order: WorkOrderId) -> HttpResponse:
    """This will say that it was not put right."""
    insist_offered(request, WorkOrderPolicy)
    actions.reopen_work(request.scope, order=order, why=request.form.text("why"), at=request.at)
    return see_other("owner:work-order", order, said=_("It is open again, with a new promise."))


@page("owner", "POST", ADDRESS + "cancellation/", name="work-cancellation", asks="owner:work-order")
def cancel(request: OwnerRequest, order: WorkOrderId) -> HttpResponse:
    """This will call it off."""
    insist_offered(request, WorkOrderPolicy)
    actions.cancel_work(request.scope, order=order, at=request.at)
    return see_other("owner:work-order", order, said=_("Called off."))


@page("owner", "POST", ADDRESS + "sayings/", name="work-sayings", asks="owner:work-order")
def say(request: OwnerRequest, order: WorkOrderId) -> HttpResponse:
    """This will add a word to the order, for the company to read."""
    insist_offered(request, WorkOrderPolicy)
    actions.say_about_work(request.scope, order=order, words=request.form.text("say", most=LONGEST), at=request.at)
    return see_other("owner:work-order", order, said=_("Said. Whoever does it can read it."))
