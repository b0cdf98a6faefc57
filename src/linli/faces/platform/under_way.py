"""What is under way at the platform's desk, or ended lately."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell import under_way
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.kernel.ids import ChoreId
from linli.spine.may import May

FRAME, NEEDS = "platform/frame.jinja", May.ASK_FOR_LONG_WORK


@page("platform", "GET", "under-way/", needs=NEEDS)
def index(request: PlatformRequest) -> HttpResponse:
    """This will list long work."""
    return under_way.index(request, FRAME)


@page("platform", "GET", "under-way/<uuid:chore>/", name="piece-of-work", needs=NEEDS)
def show(request: PlatformRequest, chore: ChoreId) -> HttpResponse:
    """This will show how far one piece of it is, and what came of it."""
    return under_way.show(request, chore, FRAME)


@page("platform", "POST", "under-way/<uuid:chore>/stop/", name="work-stop", asks="platform:piece-of-work", needs=NEEDS)
def stop(request: PlatformRequest, chore: ChoreId) -> HttpResponse:
    """This will have it stopped."""
    return under_way.stop(request, chore)


@page("platform", "GET", "under-way/<uuid:chore>/file/", name="work-file", needs=NEEDS)
def take_away(request: PlatformRequest, chore: ChoreId) -> HttpResponse:
    """This will open the file that it made."""
    return under_way.take_away(request, chore)
