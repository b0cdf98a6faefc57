"""A parcel goes into a locker, and what was not fetched there in time comes out again; by phone, before the cabinet."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.parcels import actions
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import ParcelId
from linli.reach.lockers.rules import Size
from linli.spine.may import May

NEEDS = May.RUN_PARCELS
ONE = "parcels/<uuid:parcel>/"


@page("property", "POST", ONE + "compartment/", name="parcel-compartment", asks="property:parcel", needs=NEEDS)
def open_one(request: PropertyRequest, parcel: ParcelId) -> HttpResponse:
    """This will open a compartment for a parcel."""
    size = request.form.choice("size", Size)
    spot = actions.open_compartment(request.scope, parcel=parcel, size=size, at=request.at)
    said = _("Compartment {spot} is open. Put it in and shut the door.", spot=spot)
    return see_other("property:parcel", parcel, said=said)


@page("property", "POST", ONE + "shut-door/", name="parcel-shut-door", asks="property:parcel", needs=NEEDS)
def put_in(request: PropertyRequest, parcel: ParcelId) -> HttpResponse:
    """This will note that a parcel is in and its door shut."""
    seen = request.form.flag("seen_shut")
    spot = actions.put_in_locker(request.scope, parcel=parcel, seen_shut=seen, at=request.at)
    return see_other("property:parcels", said=_("It lies in {spot}. Those it is for are told.", spot=spot))


@page("property", "POST", ONE + "shelving/", name="parcel-shelving", asks="property:parcel", needs=NEEDS)
def take_out(request: PropertyRequest, parcel: ParcelId) -> HttpResponse:
    """This will open a compartment and keep its parcel at the desk."""
    by_key = request.form.flag("by_key")
    spot = actions.open_to_shelve(request.scope, parcel=parcel, by_key=by_key, at=request.at)
    if by_key:
        said = _("Noted. Those it is for are told.")
    else:
        said = _("{spot} is open. Please keep it at the desk.", spot=spot)
    return see_other("property:parcel", parcel, said=said)
