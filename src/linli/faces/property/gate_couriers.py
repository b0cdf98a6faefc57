"""A courier at the gate: the guard sees door, order and until when, lets in, or turns away with a reason."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import TaskId
from linli.spine.may import May
from linli.trade.delivery import actions, queries

NEEDS = May.CHECK_VISITORS
HERE = "gate/couriers/<uuid:task>/"
LONGEST_GATE, LONGEST = 40, 200


@page("property", "GET", HERE, name="gate-courier", needs=NEEDS)
def show(request: PropertyRequest, task: TaskId) -> HttpResponse:
    """This will show the pass of a task, and whether it is good."""
    own_communities(request)
    found = queries.courier_pass(request.scope, task=task, at=request.at)
    gate = request.query.raw("gate")[:LONGEST_GATE]
    return request.render("property/gate-courier.jinja", found=found, gate=gate)


@page("property", "POST", HERE + "entries/", name="gate-courier-entry", asks="property:gate-courier", needs=NEEDS)
def enter(request: PropertyRequest, task: TaskId) -> HttpResponse:
    """This will let the courier in."""
    gate = request.form.maybe_text("gate", most=LONGEST_GATE) or ""
    actions.let_courier_in(request.scope, task=task, gate=gate, at=request.at)
    return see_other("property:gate", said=_("Let in and noted."), gate=gate)


@page("property", "POST", HERE + "refusals/", name="gate-courier-refusal", asks="property:gate-courier", needs=NEEDS)
def refuse(request: PropertyRequest, task: TaskId) -> HttpResponse:
    """This will turn the courier away, which the board is told."""
    why = request.form.text("why", most=LONGEST)
    actions.turn_courier_away(request.scope, task=task, why=why, at=request.at)
    return see_other("property:gate", said=_("Noted. The board has been told."))
