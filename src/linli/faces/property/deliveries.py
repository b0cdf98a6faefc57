"""The dispatcher's board of a property company: what is on its way to its communities."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell import boards
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import TaskId
from linli.spine.may import May

NEEDS = May.DISPATCH_DELIVERY


@page("property", "GET", "deliveries/", needs=NEEDS)
def board(request: PropertyRequest) -> HttpResponse:
    """This will show what is on its way, narrowed as the address says."""
    own_communities(request)
    return boards.board(request, "property")


@page("property", "POST", "deliveries/", asks="property:deliveries", needs=NEEDS)
def send(request: PropertyRequest) -> HttpResponse:
    """This will send a courier for the chosen orders, or take the chosen ones back."""
    return boards.send(request, "property")


@page("property", "GET", "deliveries/file/", name="deliveries-file", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give what is on its way as a sheet."""
    own_communities(request)
    return boards.take_away(request)


@page("property", "GET", "deliveries/<uuid:task>/", name="delivery", needs=NEEDS)
def show(request: PropertyRequest, task: TaskId) -> HttpResponse:
    """This will show one task with its clock, its moves, and what may be done with it."""
    return boards.show(request, "property", task)


OVERRULES = "deliveries/<uuid:task>/<slug:word>/"


@page("property", "POST", OVERRULES, name="delivery-word", asks="property:delivery", needs=NEEDS)
def overrule(request: PropertyRequest, task: TaskId, word: str) -> HttpResponse:
    """This will do with one task what the dispatcher says, whatever was planned."""
    return boards.overrule(request, "property", task, word)
