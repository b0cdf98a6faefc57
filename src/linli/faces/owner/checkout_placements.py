"""Placing a checkout: from here on its goods are held and one payment is asked."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import CheckoutId
from linli.trade.orders import actions


@page("owner", "POST", "checkouts/<uuid:checkout>/placement/", name="checkout-placement", asks="owner:checkout")
def create(request: OwnerRequest, checkout: CheckoutId) -> HttpResponse:
    """This will place the orders of a checkout and go on to paying them."""
    actions.place_checkout(request.scope, checkout=checkout, at=request.at)
    return see_other("owner:payment", checkout)
