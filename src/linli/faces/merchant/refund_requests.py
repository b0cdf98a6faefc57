"""Requests for money back that wait for the shop's answer."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import RefundId
from linli.trade.orders import actions
from linli.trade.orders import queries as orders


@page("merchant", "GET", "refund-requests/")
def waiting(request: MerchantRequest) -> HttpResponse:
    """This will list what waits for an answer, what is due first on top."""
    return show(request, "refund-requests.jinja", requests=orders.refund_requests(request.scope))


@page("merchant", "GET", "refund-requests/file/", name="refund-requests-file")
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give what waits for an answer as a sheet, a good to a row."""
    columns = [_("Order"), _("Asked at"), _("Answer by"), _("Why"), _("Goods"), _("Units"), _("Amount")]
    rows = (
        (one.number, one.asked_at, one.due_at, one.reason, in_language(line.title), line.quantity, line.amount)
        for one in orders.refund_requests(request.scope, limit=most_rows())
        for line in one.lines
    )
    return sheet(request.query, "refund-requests", columns, rows)


@page("merchant", "POST", "refund-requests/<uuid:refund>/grant/", name="refund-grant", asks="merchant:refund-requests")
def grant(request: MerchantRequest, refund: RefundId) -> HttpResponse:
    """This will give back what was asked for."""
    restock = request.form.flag("restock")
    actions.answer_refund(request.scope, refund=refund, grant=True, restock=restock, at=request.at)
    return see_other("merchant:refund-requests", said=_("Granted. The money is on its way back to the buyer."))


@page("merchant", "POST", "refund-requests/<uuid:refund>/no/", name="refund-no", asks="merchant:refund-requests")
def decline(request: MerchantRequest, refund: RefundId) -> HttpResponse:
    """This will decline with a reason; the platform decides then."""
    reason = request.form.text(f"reason.{refund}", most=200)
    actions.answer_refund(request.scope, refund=refund, grant=False, reason=reason, at=request.at)
    return see_other("merchant:refund-requests", said=_("Declined. The platform will look at it and decide."))
