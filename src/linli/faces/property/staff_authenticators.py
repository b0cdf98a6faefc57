"""The lost authenticator of somebody who works for the company: a manager takes it off for them."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import PartyId
from linli.reach.sign_in import actions, queries
from linli.reach.sign_in.rules import MOST_WHY
from linli.spine.may import May


@page("property", "GET", "staff/<uuid:person>/authenticator/", name="staff-authenticator", needs=May.KEEP_STAFF)
def show(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will show how somebody signs in, and ask why their authenticator is to be taken off."""
    one = queries.authenticator_of(request.scope, person=person, at=request.at)
    return request.render("property/staff-authenticator.jinja", one=one, person=person, me=request.person)


@page("property", "POST", "staff/<uuid:person>/authenticator/", name="staff-authenticator", needs=May.KEEP_STAFF)
def report(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will take it off, and sign every device of theirs out."""
    why = request.form.text("why", most=MOST_WHY)
    actions.report_loss(request.scope, person=person, why=why, at=request.at)
    return see_other("property:staff", said=_("It is taken off. They sign in again with their phone."))
