"""Who works at the shop's desk."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel import ids
from linli.kernel.ids import PartyId
from linli.trade.shops import actions, queries


@page("merchant", "GET", "settings/staff/", name="staff")
def staff(request: MerchantRequest) -> HttpResponse:
    """This will list who works here, and ask for one more person."""
    found = queries.staff(request.scope, shop=request.shop, at=request.at)
    return show(request, "staff.jinja", staff=found, once=ids.new())


@page("merchant", "POST", "settings/staff/", name="staff")
def add(request: MerchantRequest) -> HttpResponse:
    """This will let a person in by their phone."""
    actions.add_staff(
        request.scope,
        shop=request.shop,
        name=request.form.text("name", most=80),
        phone=request.form.text("phone", most=32),
        at=request.at,
    )
    return see_other("merchant:staff", said=_("Added. They find the shop among their hats."))


@page("merchant", "POST", "settings/staff/<uuid:person>/leaving/", asks="merchant:staff")
def remove(request: MerchantRequest, person: PartyId) -> HttpResponse:
    """This will take a person off the desk."""
    actions.remove_staff(request.scope, shop=request.shop, person=person, at=request.at)
    return see_other("merchant:staff", said=_("Removed. The desk is closed to them within minutes."))
