"""Refunds that a shop declined or left unanswered; silence would grant them."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.kernel.ids import RefundId
from linli.spine.may import May
from linli.trade.orders import actions, queries

NEEDS = May.REFUND_ORDER


@page("platform", "GET", "disputes/", needs=NEEDS)
def disputes(request: PlatformRequest) -> HttpResponse:
    """This will list them, what is due first on top."""
    return request.render("platform/disputes.jinja", disputes=queries.refund_requests(request.scope))


@page("platform", "POST", "disputes/<uuid:refund>/decision/", asks="platform:disputes", needs=NEEDS)
def decide(request: PlatformRequest, refund: RefundId) -> HttpResponse:
    """This will decide for the buyer or for the shop, with a reason that both read."""
    grant = request.form.raw("verdict") == "grant"
    reason = request.form.text(f"reason.{refund}", most=200)
    actions.decide_refund(request.scope, refund=refund, grant=grant, reason=reason, at=request.at)
    return see_other("platform:disputes", said=_("Decided."))
