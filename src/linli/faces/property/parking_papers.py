"""A car and a held space at the desk, with the papers that show whose they are."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.parking import queries
from linli.faces.property.attachments import beside
from linli.faces.property.communities import own_communities
from linli.faces.property.histories import movers
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.kernel.ids import VehicleId
from linli.spine.may import May

NEEDS = May.KEEP_PARKING


@page("property", "GET", "parking/cars/<uuid:vehicle>/papers/", name="parking-car", needs=NEEDS)
def car(request: PropertyRequest, vehicle: VehicleId) -> HttpResponse:
    """This will show a car with its licence."""
    own_communities(request)
    shown = queries.car(request.scope, vehicle=vehicle)
    attached = beside(request, shown)
    return request.render(
        "property/parking-car.jinja",
        car=shown,
        home=places.home(shown.home),
        attached=attached,
        names=movers(request, (), shown.party, *(one.person for one in attached)),
    )


@page("property", "GET", "parking/holdings/<uuid:holding>/", name="parking-holding", needs=NEEDS)
def held_space(request: PropertyRequest, holding: UUID) -> HttpResponse:
    """This will show a space while a home has it, with what shows that it is theirs."""
    own_communities(request)
    shown = queries.held_space(request.scope, holding=holding)
    attached = beside(request, shown)
    return request.render(
        "property/parking-holding.jinja",
        space=shown,
        home=places.home(shown.home),
        attached=attached,
        names=movers(request, (), *(one.person for one in attached)),
    )
