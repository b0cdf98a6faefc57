"""Dropping a checkout that is not paid: what it held is free again."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import CheckoutId
from linli.trade.orders import actions


@page("owner", "POST", "checkouts/<uuid:checkout>/cancellation/", name="checkout-cancellation", asks="owner:payment")
def create(request: OwnerRequest, checkout: CheckoutId) -> HttpResponse:
    """This will drop an unpaid checkout with all its orders."""
    actions.cancel_checkout(request.scope, checkout=checkout, at=request.at)
    return see_other("owner:home", said=_("Dropped. Nothing was paid and nothing is held."))
