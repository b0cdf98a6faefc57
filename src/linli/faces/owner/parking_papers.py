"""A car and a space of a resident's home with their papers: the licence, the deed, the lease."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.parking import queries
from linli.estate.parking.rules import ParkingPolicy, SharedParkingPolicy
from linli.faces.owner.attachments import beside
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import VehicleId


@page("owner", "GET", "cars/<uuid:vehicle>/", name="car")
def car(request: OwnerRequest, vehicle: VehicleId) -> HttpResponse:
    """This will show a car of the home with its papers."""
    community = insist_offered(request, ParkingPolicy)
    shown = queries.car(request.scope, vehicle=vehicle)
    return request.render(
        "owner/car.jinja",
        community=community,
        car=shown,
        home=places.home(shown.home),
        attached=beside(request, shown),
    )


@page("owner", "GET", "cars/held/<uuid:holding>/", name="held-space")
def held_space(request: OwnerRequest, holding: UUID) -> HttpResponse:
    """This will show a space of the home with its papers."""
    community = insist_offered(request, ParkingPolicy)
    shown = queries.held_space(request.scope, holding=holding)
    return request.render(
        "owner/held-space.jinja",
        community=community,
        space=shown,
        home=places.home(shown.home),
        attached=beside(request, shown),
        shares=policy(request.scope, SharedParkingPolicy, at=request.at, community=community.id).is_shared,
    )
