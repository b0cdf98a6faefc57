"""Who works at the company's desk."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import actions
from linli.ground.people import queries as people
from linli.kernel import ids
from linli.kernel.ids import PartyId


@page("property", "GET", "staff/")
def staff(request: PropertyRequest) -> HttpResponse:
    """This will list who works here, and ask for one more person."""
    own_communities(request)
    found = people.company_staff(request.scope, company=request.company, at=request.at)
    return request.render("property/staff.jinja", staff=found, me=request.person, once=ids.new())


@page("property", "POST", "staff/")
def add(request: PropertyRequest) -> HttpResponse:
    """This will let a person in by their phone."""
    actions.add_company_staff(
        request.scope,
        company=request.company,
        name=request.form.text("name", most=80),
        phone=request.form.text("phone", most=32),
        at=request.at,
    )
    return see_other("property:staff", said=_("Added. They find this desk among their hats."))


@page("property", "POST", "staff/<uuid:person>/leaving/", asks="property:staff")
def remove(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will take a person off the desk."""
    actions.remove_company_staff(request.scope, company=request.company, person=person, at=request.at)
    return see_other("property:staff", said=_("Removed. The desk is closed to them within minutes."))
