"""Refunds that a shop declined or left unanswered; silence would grant them. Somebody takes each up and decides it."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import PartyId, RefundId
from linli.spine.may import May
from linli.trade.orders import actions, queries
from linli.trade.orders.queries import Whose
from linli.trade.orders.rules import RefundState

NEEDS = May.REFUND_ORDER
A_PAGE = 200


@page("platform", "GET", "disputes/", needs=NEEDS)
def disputes(request: PlatformRequest) -> HttpResponse:
    """This will list them, what is due first on top: all, the reader's own, or those that nobody works on."""
    whose = _whose(request)
    found = queries.refund_requests(request.scope, whose=whose, limit=A_PAGE + 1)
    busy = {each.taken_by for each in found if each.taken_by}
    return request.render(
        "platform/disputes.jinja",
        disputes=found[:A_PAGE],
        are_more=len(found) > A_PAGE,
        whose=whose,
        names=people.names(request.scope, parties=busy) if busy else {},
        me=request.person,
    )


@page("platform", "GET", "disputes/file/", name="disputes-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give them as a sheet, narrowed as the list is."""
    found = queries.refund_requests(request.scope, whose=_whose(request), limit=most_rows())
    busy = {each.taken_by for each in found if each.taken_by}
    names = people.names(request.scope, parties=busy) if busy else {}
    columns = [_("Order"), _("Shop"), _("Why the buyer asks"), _("Amount"), _("Asked at"), _("Decide by")]
    columns.append(_("Who works on it"))
    rows = (
        (
            *(one.number, in_language(one.shop_name), one.reason, one.amount, one.asked_at, one.due_at),
            (names.get(one.taken_by) or _("erased")) if one.taken_by else "",
        )
        for one in found
    )
    return sheet(request.query, "disputes", columns, rows)


def _whose(request: PlatformRequest) -> Whose | None:
    return next((each for each in Whose if each == request.query.raw("whose")), None)


@page("platform", "GET", "disputes/<uuid:refund>/", name="dispute", needs=NEEDS)
def show(request: PlatformRequest, refund: RefundId) -> HttpResponse:
    """This will show one with what both sides said, how the order went, and who works on it."""
    found = queries.dispute(request.scope, refund=refund)
    order = queries.order_page(request.scope, order=found.order)
    return request.render(
        "platform/dispute.jinja",
        dispute=found,
        order=order,
        community=places.community(order.community).name,
        said=[each for each in order.moments if each.refund == refund],
        moments=[each for each in order.moments if each.refund is None],
        others=[each for each in order.refunds if each.refund != refund],
        is_open=found.state is RefundState.DISPUTED,
        taker=people.names(request.scope, parties=[found.taken_by]).get(found.taken_by) if found.taken_by else None,
        is_mine=found.taken_by == request.person,
    )


@page("platform", "POST", "disputes/<uuid:refund>/taking-up/", asks="platform:dispute", needs=NEEDS)
def take_up(request: PlatformRequest, refund: RefundId) -> HttpResponse:
    """This will note that the reader works on it, in place of whom they saw there."""
    before = request.form.maybe_id("instead_of")
    actions.take_up_refund(request.scope, refund=refund, instead_of=PartyId(before) if before else None, at=request.at)
    return see_other("platform:dispute", refund, said=_("It is yours. The others see that you work on it."))


@page("platform", "POST", "disputes/<uuid:refund>/leaving/", asks="platform:dispute", needs=NEEDS)
def leave(request: PlatformRequest, refund: RefundId) -> HttpResponse:
    """This will put it back for somebody else."""
    actions.leave_refund(request.scope, refund=refund, at=request.at)
    return see_other("platform:dispute", refund, said=_("It is nobody's again."))


@page("platform", "POST", "disputes/<uuid:refund>/decision/", asks="platform:dispute", needs=NEEDS)
def decide(request: PlatformRequest, refund: RefundId) -> HttpResponse:
    """This will decide for the buyer or for the shop, with a reason that both read."""
    grant = request.form.raw("verdict") == "grant"
    reason = request.form.text("reason", most=200)
    actions.decide_refund(request.scope, refund=refund, grant=grant, reason=reason, at=request.at)
    return see_other("platform:disputes", said=_("Decided."))
