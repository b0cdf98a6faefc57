"""The picture by which residents know a venue: chosen, replaced, taken away."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.venues import actions
from linli.faces.property.communities import own_communities
from linli.faces.property.venues import NEEDS
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import VenueId


@page("property", "POST", "venues/<uuid:venue>/picture/", name="venue-picture", asks="property:venue", needs=NEEDS)
def create(request: PropertyRequest, venue: VenueId) -> HttpResponse:
    """This will show a venue by the picture that was chosen."""
    own_communities(request)
    chosen = request.form.file("picture")
    actions.add_venue_picture(request.scope, venue=venue, file_name=chosen.name, content=chosen.content, at=request.at)
    return see_other("property:venue", venue, said=_("Residents see the new picture."))


@page(
    "property",
    "POST",
    "venues/<uuid:venue>/picture/removal/",
    name="venue-picture-removal",
    asks="property:venue",
    needs=NEEDS,
)
def remove(request: PropertyRequest, venue: VenueId) -> HttpResponse:
    """This will show a venue without a picture."""
    own_communities(request)
    actions.remove_venue_picture(request.scope, venue=venue, at=request.at)
    return see_other("property:venue", venue, said=_("The picture is gone."))
