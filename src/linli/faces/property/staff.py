"""Who works for the company, as what and where."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.people import actions
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine.may import Duty, May


@page("property", "GET", "staff/", needs=May.KEEP_STAFF)
def staff(request: PropertyRequest) -> HttpResponse:
    """This will list who works here, and ask for one more person."""
    own_communities(request)
    found = people.company_staff(request.scope, company=request.company, at=request.at)
    return request.render(
        "property/staff.jinja",
        staff=found,
        communities={card.id: card for card in places.communities(ids=request.communities)},
        duties=list(Duty),
        me=request.person,
        once=ids.new(),
    )


@page("property", "GET", "staff/sheet/", name="staff-sheet", needs=May.KEEP_STAFF)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give who works here as a spreadsheet, masked as on the page."""
    own_communities(request)
    named = {card.id: in_language(card.name) for card in places.communities(ids=request.communities)}
    columns = [_("Full name"), _("Duty"), _("Where"), _("Phone"), _("Since")]
    rows = (
        [
            one.name, one.duty,
            _("All communities")
            if one.is_everywhere
            else formats.listed(named.get(each, "…") for each in one.communities),
            one.phone, one.since,
        ]
        for one in people.company_staff(request.scope, company=request.company, at=request.at)
    )  # fmt: skip
    return sheet(request.query, "staff", columns, rows)


@page("property", "POST", "staff/", needs=May.KEEP_STAFF)
def add(request: PropertyRequest) -> HttpResponse:
    """This will let a person in by their phone."""
    actions.add_company_staff(
        request.scope,
        company=request.company,
        name=request.form.text("name", most=80),
        phone=request.form.text("phone", most=32),
        duty=request.form.choice("duty", Duty),
        communities=tuple(CommunityId(one) for one in request.form.ids("communities")),
        at=request.at,
    )
    return see_other("property:staff", said=_("Added. They find this desk among their hats."))


@page("property", "GET", "staff/<uuid:person>/", name="staff-member", needs=May.KEEP_STAFF)
def member(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will show what somebody does here, and where, to be changed."""
    found = people.company_staff(request.scope, company=request.company, at=request.at)
    one = next((each for each in found if each.party == person), None)
    if one is None or not one.is_kept_by(request.scope):
        raise NotFound("staff")
    return request.render(
        "property/staff-member.jinja",
        one=one,
        communities=places.communities(ids=request.communities),
        duties=list(Duty),
        me=request.person,
    )


@page("property", "POST", "staff/<uuid:person>/", name="staff-member", needs=May.KEEP_STAFF)
def change(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will give somebody another duty, or other communities."""
    actions.change_company_staff(
        request.scope,
        company=request.company,
        person=person,
        duty=request.form.choice("duty", Duty),
        communities=tuple(CommunityId(one) for one in request.form.ids("communities")),
        at=request.at,
    )
    return see_other("property:staff", said=_("Changed. It holds within minutes."))


@page("property", "POST", "staff/<uuid:person>/leaving/", asks="property:staff", needs=May.KEEP_STAFF)
def remove(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will take a person off the desk."""
    actions.remove_company_staff(request.scope, company=request.company, person=person, at=request.at)
    return see_other("property:staff", said=_("Removed. The desk is closed to them within minutes."))
