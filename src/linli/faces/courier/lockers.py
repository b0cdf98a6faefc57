"""A courier before a locker: a compartment opens, the goods go in, its door is shut; what nobody fetched comes out."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.offline_work import said_at
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import CourierRequest
from linli.kernel.ids import TaskId
from linli.reach.lockers.rules import Size
from linli.spine.may import May
from linli.trade.delivery import actions

NEEDS = May.CARRY_GOODS


@page("courier", "POST", "tasks/<uuid:task>/compartment/", name="task-compartment", asks="courier:task", needs=NEEDS)
def open_one(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will open a compartment, or say where the goods go instead."""
    size = request.form.choice("size", Size)
    opened = actions.open_compartment(request.scope, task=task, size=size, at=request.at)
    if opened.instead is not None:
        said = _("No compartment was to be had. Please leave it at: {where}.", where=word(opened.instead))
    else:
        said = _("Compartment {spot} is open. Put it in and shut the door.", spot=opened.spot)
    return see_other("courier:task", task, said=said)


@page("courier", "POST", "tasks/<uuid:task>/shut-door/", name="task-shut-door", asks="courier:task", needs=NEEDS)
def put_in(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will hand an order over that lies in its compartment."""
    actions.put_in_locker(request.scope, task=task, said_at=said_at(request), at=request.at)
    return see_other("courier:home", said=_("Handed over. Thank you."))


@page("courier", "POST", "tasks/<uuid:task>/taking-door/", name="task-taking-door", asks="courier:task", needs=NEEDS)
def open_for_return(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will open the compartment of what nobody fetched."""
    spot = actions.open_for_return(request.scope, task=task)
    return see_other("courier:task", task, said=_("Compartment {spot} is open. Please take it along.", spot=spot))
