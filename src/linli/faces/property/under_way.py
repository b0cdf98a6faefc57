"""What is under way at the company's desk, or ended lately."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell import under_way
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import ChoreId, CommunityId
from linli.spine.may import May

NEEDS = May.ASK_FOR_LONG_WORK
FRAME = "property/frame.jinja"


@page("property", "GET", "under-way/", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the company's long work."""
    return under_way.index(request, FRAME, _names(request))


@page("property", "GET", "under-way/<uuid:chore>/", name="piece-of-work", needs=NEEDS)
def show(request: PropertyRequest, chore: ChoreId) -> HttpResponse:
    """This will show how far one piece of it is, and what came of it."""
    return under_way.show(request, chore, FRAME, _names(request))


@page("property", "POST", "under-way/<uuid:chore>/stop/", name="work-stop", asks="property:piece-of-work", needs=NEEDS)
def stop(request: PropertyRequest, chore: ChoreId) -> HttpResponse:
    """This will have it stopped."""
    return under_way.stop(request, chore)


@page("property", "GET", "under-way/<uuid:chore>/file/", name="work-file", needs=NEEDS)
def take_away(request: PropertyRequest, chore: ChoreId) -> HttpResponse:
    """This will open the file that it made."""
    return under_way.take_away(request, chore)


def _names(request: PropertyRequest) -> dict[CommunityId, str]:
    return {card.id: in_language(card.name) for card in own_communities(request)}
