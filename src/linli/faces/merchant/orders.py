"""One order as its shop sees it: what to pack, every price explained, every step taken, and money given back."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import done, word
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.shapes import Moment
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import LineId, OrderId, RefundId
from linli.kernel.refusals import NotFound
from linli.trade.orders import actions, rules
from linli.trade.orders import queries as orders

_UNHAPPY = frozenset({rules.OrderState.REFUSED, rules.OrderState.CANCELLED})


@page("merchant", "GET", "orders/<uuid:order>/", name="order")
def show_order(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will show an order of this shop whole."""
    found = orders.order_page(request.scope, order=order)
    if found.shop != request.shop:
        raise NotFound("order")  # bought elsewhere by the person who also keeps this shop
    homes = places.homes([found.home])
    return show(
        request,
        "order.jinja",
        order=found,
        home=homes.get(found.home),
        moments=list(_moments(found)),
        may_refund=found.state in actions.REFUNDABLE,
        may_call_off=rules.may_cancel(rules.Canceller.SHOP, found.state),
        by_hand=[refund for refund in found.refunds if found.is_by_hand(refund)],
        once=ids.new(),
        Verb=rules.OrderVerb,
        Fulfilment=rules.Fulfilment,
    )


@page("merchant", "POST", "orders/<uuid:order>/refund/", asks="merchant:order")
def grant_refund(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will give money back for the units that were ticked off."""
    asked = request.form.quantities("quantity").items()
    actions.grant_refund(
        request.scope,
        order=order,
        lines=[rules.RefundAsk(line=LineId(line), quantity=units) for line, units in asked if units],
        reason=request.form.text("refund_reason", most=200),
        with_fee=request.form.flag("with_fee"),
        restock=request.form.flag("restock"),
        at=request.at,
    )
    return see_other("merchant:order", order, said=_("The money is on its way back to the buyer."))


@page("merchant", "POST", "refunds/<uuid:refund>/cash-return/", name="cash-return", asks="merchant:refund-requests")
def hand_back_cash(request: MerchantRequest, refund: RefundId) -> HttpResponse:
    """This will note that a refund of an order paid in cash was given back by hand."""
    actions.hand_back_cash(request.scope, refund=refund, at=request.at)
    return see_other("merchant:home", said=_("Noted. The buyer has the money, and you owe so much less cash."))


def _moments(order: orders.OrderPage) -> Iterator[Moment]:
    for moment in order.moments:
        label = done(moment.verb) if moment.refund is None else _("Refund: {step}", step=done(moment.verb))
        bad = moment.refund is None and moment.state in _UNHAPPY
        yield Moment(label=label, state="bad" if bad else "done", at=moment.at, about=_(moment.reason) or None)
    if order.due_at is not None:
        label = _("Waits for the {who}", who=word(order.waits_for))
        yield Moment(label=label, state="now", promised=order.due_at)
