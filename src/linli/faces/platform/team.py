"""Who works for the platform, everywhere or in one city; an operator of one city sees and keeps that city's."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.platform.cities import offered_cities
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import sheet
from linli.ground.people import actions
from linli.ground.people import queries as people
from linli.ground.people.queries import Operator
from linli.kernel import ids
from linli.kernel.ids import CityId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine.may import May

NEEDS = May.KEEP_OPERATORS


@page("platform", "GET", "team/", needs=NEEDS)
def team(request: PlatformRequest) -> HttpResponse:
    """This will list the operators, and ask for one more."""
    return request.render(
        "platform/team.jinja",
        team=people.operators(request.scope, at=request.at),
        cities={city.id: city for city in offered_cities(request)},
        me=request.person,
        once=ids.new(),
    )


@page("platform", "GET", "team/file/", name="team-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give the operators as a sheet, their phones masked as on the page."""
    cities = {city.id: in_language(city.name) for city in offered_cities(request)}
    rows = (
        (
            one.name,
            _("Everywhere") if one.is_everywhere else formats.listed(cities.get(each, "…") for each in one.cities),
            *(one.phone, one.since),
        )
        for one in people.operators(request.scope, at=request.at)
    )
    return sheet(request.query, "operators", [_("Full name"), _("Where"), _("Phone"), _("Since")], rows)


@page("platform", "POST", "team/", needs=NEEDS)
def appoint(request: PlatformRequest) -> HttpResponse:
    """This will let a person work for the platform, by their phone."""
    actions.appoint_operator(
        request.scope,
        name=request.form.text("name", most=80),
        phone=request.form.text("phone", most=32),
        city=_city(request),
        at=request.at,
    )
    return see_other("platform:team", said=_("Appointed. They find this desk among their hats."))


@page("platform", "GET", "team/<uuid:person>/", name="operator", needs=NEEDS)
def show(request: PlatformRequest, person: PartyId) -> HttpResponse:
    """This will show where somebody works, to be changed."""
    one = _one(request, person)
    return request.render("platform/operator.jinja", one=one, cities=offered_cities(request), me=request.person)


@page("platform", "POST", "team/<uuid:person>/", name="operator", needs=NEEDS)
def change(request: PlatformRequest, person: PartyId) -> HttpResponse:
    """This will have somebody work everywhere, or in another city."""
    actions.change_operator(request.scope, person=person, city=_city(request), at=request.at)
    return see_other("platform:team", said=_("Changed. It holds within minutes."))


@page("platform", "POST", "team/<uuid:person>/leaving/", name="operator-leaving", asks="platform:operator", needs=NEEDS)
def remove(request: PlatformRequest, person: PartyId) -> HttpResponse:
    """This will take a person off the desk."""
    actions.remove_operator(request.scope, person=person, at=request.at)
    return see_other("platform:team", said=_("Removed. The desk is closed to them within minutes."))


def _one(request: PlatformRequest, person: PartyId) -> Operator:
    found = people.operators(request.scope, at=request.at)
    one = next((each for each in found if each.party == person), None)
    if one is None:
        raise NotFound("operator")
    return one


def _city(request: PlatformRequest) -> CityId | None:
    """Where they shall work: an operator of one city has no other to choose."""
    chosen = request.form.maybe_id("city")
    return request.scope.city or (CityId(chosen) if chosen else None)
