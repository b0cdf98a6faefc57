"""Parcels that wait for the resident's home, with the codes that fetch them."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.parcels import queries as parcels
from linli.estate.parcels.rules import ParcelPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest


def waiting(request: OwnerRequest) -> str:
    """This will say how many parcels wait, for the page of counters."""
    number = parcels.waiting(request.scope)
    return ngettext("{n} waiting", "{n} waiting", number) if number else ""


@page("owner", "GET", "parcels/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will show what waits, and what was fetched lately."""
    community = insist_offered(request, ParcelPolicy)
    found = parcels.my_parcels(request.scope, at=request.at)
    return request.render("owner/parcels.jinja", community=community, parcels=found)
