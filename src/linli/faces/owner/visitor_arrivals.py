"""Somebody stands at the gate without a pass: the resident says yes or no within minutes."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.visits import actions
from linli.estate.visits import queries as visits
from linli.estate.visits.rules import VisitPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import ArrivalId


@page("owner", "GET", "visitors/arrivals/<uuid:arrival>/", name="visitor-arrival")
def show(request: OwnerRequest, arrival: ArrivalId) -> HttpResponse:
    """This will show who stands at the gate."""
    community = insist_offered(request, VisitPolicy)
    card = visits.arrival(request.scope, arrival=arrival, at=request.at)
    return request.render("owner/visitor-arrival.jinja", community=community, card=card)


@page("owner", "POST", "visitors/arrivals/<uuid:arrival>/", name="visitor-arrival")
def answer(request: OwnerRequest, arrival: ArrivalId) -> HttpResponse:
    """This will tell the guard yes or no."""
    insist_offered(request, VisitPolicy)
    allow = request.form.raw("answer") == "allow"
    actions.answer_arrival(request.scope, arrival=arrival, allow=allow, at=request.at)
    said = _("The guard lets them in.") if allow else _("The guard sends them away.")
    return see_other("owner:visitors", said=said)
