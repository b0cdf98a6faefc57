"""Asking a shop for money back, line by line, and taking the request back."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.owner.orders import may_ask_refund
from linli.faces.shell import messages
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import LineId, OrderId, RefundId
from linli.trade.orders import actions
from linli.trade.orders import queries as orders
from linli.trade.orders.rules import RefundAsk

ADDRESS = "orders/<uuid:order>/refund-request/"
MOST_PIECES = 9999


@page("owner", "GET", ADDRESS)
def new(request: OwnerRequest, order: OrderId) -> HttpResponse:
    """This will ask what shall be given back, and why."""
    shown = orders.order_page(request.scope, order=order)
    if request.refusal is None and not may_ask_refund(shown):
        return see_other("owner:order", order)
    refused = request.refusal
    return request.render(
        "owner/refund-request.jinja",
        community=neighbourhoods.look_at(shown.community),
        order=shown,
        wrong=messages.words_of(refused) if refused is not None and refused.field != "reason" else None,
    )


@page("owner", "POST", ADDRESS)
def create(request: OwnerRequest, order: OrderId) -> HttpResponse:
    """This will put the request to the shop."""
    wanted = request.form.quantities("quantity", high=MOST_PIECES)
    actions.request_refund(
        request.scope,
        order=order,
        lines=[RefundAsk(line=LineId(line), quantity=n) for line, n in wanted.items() if n],
        reason=request.form.text("reason"),
        with_fee=request.form.flag("with_fee"),
        at=request.at,
    )
    return see_other("owner:order", order, said=_("Your request is with the shop."))


@page("owner", "POST", "orders/<uuid:order>/refund-requests/<uuid:refund>/withdrawal/", asks="owner:order")
def withdraw(request: OwnerRequest, order: OrderId, refund: RefundId) -> HttpResponse:
    """This will take a request back."""
    actions.withdraw_refund(request.scope, refund=refund, at=request.at)
    return see_other("owner:order", order, said=_("Your request is taken back."))
