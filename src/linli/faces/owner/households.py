"""A home of the resident's: who lives there, whom its owner or tenant adds, and who leaves."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import actions, rules
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId, PartyId


@page("owner", "GET", "homes/<uuid:home>/", name="household")
def show(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will show who lives in a home."""
    mates = people.housemates(request.scope, home=home, at=request.at)
    is_kept = rules.keeps_household(each.kind for each in mates if each.is_me)
    return request.render("owner/household.jinja", home=places.home(home), mates=mates, is_kept=is_kept)


@page("owner", "POST", "homes/<uuid:home>/family/", name="family", asks="owner:household")
def add(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will let a family member live here, who then signs in with their own number."""
    name, phone = request.form.text("name", most=rules.MOST_NAME_CHARACTERS), request.form.text("phone", most=30)
    actions.add_family(request.scope, home=home, name=name, phone=phone, at=request.at)
    return see_other("owner:household", home, said=_("Added. They sign in with their own number."))


@page("owner", "POST", "homes/<uuid:home>/family/<uuid:person>/end/", name="family-end", asks="owner:household")
def end(request: OwnerRequest, home: HomeId, person: PartyId) -> HttpResponse:
    """This will end that a family member lives here, or that the resident does themselves."""
    actions.end_family(request.scope, home=home, person=person, at=request.at)
    if person == request.person:
        return see_other("owner:home", said=_("You are no longer entered in that home."))
    return see_other("owner:household", home, said=_("They no longer see anything of this home."))
