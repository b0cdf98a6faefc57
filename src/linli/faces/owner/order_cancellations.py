"""Cancelling an order that its shop has not accepted yet: all of it goes back."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import OrderId
from linli.trade.orders import actions


@page("owner", "POST", "orders/<uuid:order>/cancellation/", name="order-cancellation", asks="owner:order")
def create(request: OwnerRequest, order: OrderId) -> HttpResponse:
    """This will cancel a paid order."""
    actions.cancel_order(request.scope, order=order, at=request.at)
    return see_other("owner:order", order, said=_("Cancelled. The whole amount goes back the way it came."))
