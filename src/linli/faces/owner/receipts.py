"""Saying that the goods are there, which completes an order."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import OrderId
from linli.trade.orders import actions


@page("owner", "POST", "orders/<uuid:order>/receipt/", asks="owner:order")
def create(request: OwnerRequest, order: OrderId) -> HttpResponse:
    """This will complete an order on its buyer's word."""
    actions.confirm_receipt(request.scope, order=order, at=request.at)
    return see_other("owner:order", order, said=_("Thank you. Enjoy it."))
