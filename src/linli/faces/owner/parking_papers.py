"""A car and a space of a resident's home with their papers: the licence, the deed, the lease."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.attachments import actions
from linli.estate.attachments.rules import MOST_AT_ONCE, Kind
from linli.estate.parking import queries
from linli.estate.parking.rules import ParkingPolicy, SharedParkingPolicy
from linli.faces.owner.attachments import beside
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import VehicleId

PAGE_OF = {Kind.CAR: "owner:car", Kind.SPACE: "owner:held-space"}


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


@page("owner", "POST", "attachments/cars/<uuid:vehicle>/", name="car-attachments", asks="owner:car")
def to_car(request: OwnerRequest, vehicle: UUID) -> HttpResponse:
    """This will keep a car's licence for the desk to see."""
    return _attached(request, Kind.CAR, vehicle)


@page("owner", "POST", "attachments/spaces/<uuid:holding>/", name="space-attachments", asks="owner:held-space")
def to_space(request: OwnerRequest, holding: UUID) -> HttpResponse:
    """This will keep the deed or the lease of a space."""
    return _attached(request, Kind.SPACE, holding)


@page("owner", "POST", "cars/papers/<uuid:attachment>/removal/", name="parking-paper-removal")
def take_out(request: OwnerRequest, attachment: UUID) -> HttpResponse:
    """This will take out a file that the resident added."""
    insist_offered(request, ParkingPolicy)
    kind, subject = actions.detach(request.scope, attachment=attachment, at=request.at)
    return see_other(PAGE_OF[kind], subject, said=_("Taken out."))


def _attached(request: OwnerRequest, kind: Kind, subject: UUID) -> HttpResponse:
    insist_offered(request, ParkingPolicy)
    uploads = [(file.name, file.content) for file in request.form.uploads("files", count=MOST_AT_ONCE)]
    actions.attach(request.scope, kind=kind, subject=subject, uploads=uploads, at=request.at)
    return see_other(PAGE_OF[kind], subject, said=_("Kept."))
