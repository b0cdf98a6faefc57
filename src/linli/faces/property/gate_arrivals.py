"""Somebody came without a pass: the guard finds the door, the home answers on the phone, the guard sees the answer."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.visits import actions, rules
from linli.estate.visits import queries as visits
from linli.estate.visits.rules import Purpose
from linli.faces.property.communities import own_communities
from linli.faces.property.gates import standing
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import ArrivalId, HomeId
from linli.spine.may import May

MOST_FOUND = 12


@page("property", "GET", "gate/arrivals/new/", name="gate-arrival-new", needs=May.CHECK_VISITORS)
def new(request: PropertyRequest) -> HttpResponse:
    """This will find the door, then ask who stands there."""
    here = standing(request, request.query)
    words = request.query.maybe_text("words", most=40) or ""
    found = places.find_homes(here.community.id, words=words, limit=MOST_FOUND) if words else ()
    return request.render(
        "property/gate-arrival-new.jinja",
        here=here,
        words=words,
        homes=found,
        purposes=tuple(Purpose),
        once=ids.new(),
    )


@page(
    "property",
    "POST",
    "gate/arrivals/",
    name="gate-arrivals",
    asks="property:gate-arrival-new",
    needs=May.CHECK_VISITORS,
)
def create(request: PropertyRequest) -> HttpResponse:
    """This will ask the home."""
    here = standing(request, request.form)
    made = actions.register_arrival(
        request.scope,
        home=HomeId(request.form.id("home")),
        purpose=request.form.choice("purpose", Purpose),
        gate=here.gate,
        guest_name=request.form.maybe_text("guest_name", most=rules.LONGEST_NAME) or "",
        guest_phone=request.form.maybe_text("guest_phone", most=rules.LONGEST_PHONE) or "",
        plate=request.form.maybe_text("plate", most=rules.LONGEST_PLATE) or "",
        at=request.at,
    )
    return see_other("property:gate-arrival", made)


@page("property", "GET", "gate/arrivals/<uuid:arrival>/", name="gate-arrival", needs=May.CHECK_VISITORS)
def show(request: PropertyRequest, arrival: ArrivalId) -> HttpResponse:
    """This will show whether the home has answered; it keeps itself up to date."""
    own_communities(request)
    card = visits.arrival(request.scope, arrival=arrival, at=request.at)
    return request.render("property/gate-arrival.jinja", card=card)


@page("property", "POST", "gate/arrivals/<uuid:arrival>/entry/", name="gate-arrival-entry", needs=May.CHECK_VISITORS)
def enter(request: PropertyRequest, arrival: ArrivalId) -> HttpResponse:
    """This will let in whom the home allowed."""
    actions.let_arrival_in(request.scope, arrival=arrival, at=request.at)
    return see_other("property:gate", said=_("Let in and noted."))


@page("property", "POST", "gate/arrivals/<uuid:arrival>/leaving/", name="gate-leaving", needs=May.CHECK_VISITORS)
def withdraw(request: PropertyRequest, arrival: ArrivalId) -> HttpResponse:
    """This will note that the visitor went away."""
    actions.withdraw_arrival(request.scope, arrival=arrival, at=request.at)
    return see_other("property:gate", said=_("Noted."))
