"""The dispatcher's board of the platform: what is on its way in every city."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell import boards
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.kernel.ids import TaskId
from linli.spine.may import May

NEEDS = May.DISPATCH_DELIVERY


@page("platform", "GET", "deliveries/", needs=NEEDS)
def board(request: PlatformRequest) -> HttpResponse:
    """This will show what is on its way, narrowed as the address says."""
    return boards.board(request, "platform")


@page("platform", "POST", "deliveries/", asks="platform:deliveries", needs=NEEDS)
def send(request: PlatformRequest) -> HttpResponse:
    """This will send a courier for the chosen orders, or take the chosen ones back."""
    return boards.send(request, "platform")


@page("platform", "GET", "deliveries/file/", name="deliveries-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give what is on its way as a sheet."""
    return boards.take_away(request)


@page("platform", "GET", "deliveries/<uuid:task>/", name="delivery", needs=NEEDS)
def show(request: PlatformRequest, task: TaskId) -> HttpResponse:
    """This will show one task with its clock, its moves, and what may be done with it."""
    return boards.show(request, "platform", task)


OVERRULES = "deliveries/<uuid:task>/<slug:word>/"


@page("platform", "POST", OVERRULES, name="delivery-word", asks="platform:delivery", needs=NEEDS)
def overrule(request: PlatformRequest, task: TaskId, word: str) -> HttpResponse:
    """This will do with one task what the dispatcher says, whatever was planned."""
    return boards.overrule(request, "platform", task, word)
