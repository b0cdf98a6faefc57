"""The lost authenticator of somebody who works at the shop: its merchant takes it off for them."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show as shown
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.ids import PartyId
from linli.reach.sign_in import queries
from linli.reach.sign_in.rules import MOST_WHY
from linli.trade.shops import actions


@page("merchant", "GET", "settings/staff/<uuid:person>/authenticator/", name="staff-authenticator")
def show(request: MerchantRequest, person: PartyId) -> HttpResponse:
    """This will show how somebody signs in, and ask why their authenticator is to be taken off."""
    one = queries.authenticator_of(request.scope, person=person, at=request.at)
    return shown(request, "staff-authenticator.jinja", one=one, person=person, me=request.person)


@page("merchant", "POST", "settings/staff/<uuid:person>/authenticator/", name="staff-authenticator")
def report(request: MerchantRequest, person: PartyId) -> HttpResponse:
    """This will take it off, and sign every device of theirs out."""
    why = request.form.text("why", most=MOST_WHY)
    actions.report_staff_loss(request.scope, shop=request.shop, person=person, why=why, at=request.at)
    return see_other("merchant:staff", said=_("It is taken off. They sign in again with their phone."))
