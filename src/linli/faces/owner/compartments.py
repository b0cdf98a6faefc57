"""A resident before a locker: the figures on the cabinet, and the compartment of their order opens."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import OrderId
from linli.trade.orders import actions


@page("owner", "POST", "orders/<uuid:order>/compartment/", name="compartment", asks="owner:order")
def create(request: OwnerRequest, order: OrderId) -> HttpResponse:
    """This will open the compartment and complete the order."""
    sign = request.form.text("sign", most=8)
    spot = actions.open_own_locker(request.scope, order=order, sign=sign, at=request.at)
    return see_other("owner:order", order, said=_("Compartment {spot} is open. Please shut it behind you.", spot=spot))
