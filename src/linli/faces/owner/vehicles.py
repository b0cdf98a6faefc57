"""A resident's cars and spaces."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.estate.parking.rules import ParkingPolicy, SharedParkingPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import HomeId, VehicleId


def waiting(request: OwnerRequest) -> str:
    """This will say how many cars are registered, for the page of counters."""
    today = request.at.astimezone(voice.current().zone).date()
    count = len(queries.my_parking(request.scope, on=today).cars)
    return ngettext("{n} car", "{n} cars", count) if count else ""


@page("owner", "GET", "cars/", name="cars")
def show(request: OwnerRequest) -> HttpResponse:
    """This will show the cars of the homes, their spaces, and what is owed."""
    community = insist_offered(request, ParkingPolicy)
    return request.render(
        "owner/cars.jinja",
        community=community,
        parking=queries.my_parking(request.scope, on=places.day_in(community.id, request.at)),
        homes=places.homes(request.homes),
        terms=policy(request.scope, ParkingPolicy, at=request.at, community=community.id),
        shares=policy(request.scope, SharedParkingPolicy, at=request.at, community=community.id).is_shared,
    )


@page("owner", "POST", "cars/", name="cars")
def register(request: OwnerRequest) -> HttpResponse:
    """This will register a car of a home."""
    insist_offered(request, ParkingPolicy)
    actions.register_vehicle(
        request.scope,
        home=HomeId(request.form.id("home")),
        plate=request.form.text("plate", most=20),
        about=request.form.maybe_text("about", most=60) or "",
        at=request.at,
    )
    return see_other("owner:cars", said=_("The car is registered."))


@page("owner", "POST", "cars/<uuid:vehicle>/removal/", name="car-removal", asks="owner:cars")
def remove(request: OwnerRequest, vehicle: VehicleId) -> HttpResponse:
    """This will take a car out."""
    insist_offered(request, ParkingPolicy)
    actions.remove_vehicle(request.scope, vehicle=vehicle, at=request.at)
    return see_other("owner:cars", said=_("The car is taken out."))
