"""Parcels that wait for the resident's home, with the codes that fetch them."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.attachments.queries import pictures_beside
from linli.estate.parcels import actions
from linli.estate.parcels import queries as parcels
from linli.estate.parcels.rules import ParcelPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import ParcelId


def waiting(request: OwnerRequest) -> str:
    """This will say how many parcels wait, for the page of counters."""
    number = parcels.waiting(request.scope)
    return ngettext("{n} waiting", "{n} waiting", number) if number else ""


@page("owner", "GET", "parcels/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will show what waits, and what was fetched lately."""
    community = insist_offered(request, ParcelPolicy)
    found = parcels.my_parcels(request.scope, at=request.at)
    pictures = pictures_beside(request.scope, beside=found, at=request.at)
    return request.render("owner/parcels.jinja", community=community, parcels=found, pictures=pictures)


@page("owner", "POST", "parcels/compartments/", name="parcel-compartments", asks="owner:parcels")
def open_compartment(request: OwnerRequest) -> HttpResponse:
    """This will open the compartment of a parcel for the resident who stands before the cabinet, and hand it out."""
    insist_offered(request, ParcelPolicy)
    parcel, sign = ParcelId(request.form.id("parcel")), request.form.text("sign", most=8)
    spot = actions.open_own_parcel(request.scope, parcel=parcel, sign=sign, at=request.at)
    return see_other("owner:parcels", said=_("Compartment {spot} is open. Please shut it behind you.", spot=spot))
