"""The steps that a shop takes with an order, each an address of its own; afterwards the board shows what is next."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.chosen import back, chosen
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.ids import OrderId
from linli.kernel.refusals import Invalid, NotFound
from linli.reach.handover.rules import Redeemed
from linli.trade.orders import actions, queries
from linli.trade.orders.rules import OrderVerb

WITH_MANY = {"acceptance": OrderVerb.ACCEPT, "preparation": OrderVerb.PREPARE, "readiness": OrderVerb.FINISH}


@page("merchant", "POST", "orders/<uuid:order>/acceptance/", asks="merchant:order")
def accept(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will take an order on."""
    actions.accept_order(request.scope, order=order, at=request.at)
    return see_other("merchant:home", said=_("Accepted. The buyer knows."))


@page("merchant", "POST", "orders/<uuid:order>/refusal/", asks="merchant:order")
def refuse(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will turn an order down with a reason."""
    reason = request.form.text("refusal_reason", most=200)
    actions.refuse_order(request.scope, order=order, reason=reason, at=request.at)
    return see_other("merchant:home", said=_("Refused. The buyer gets everything back."))


@page("merchant", "POST", "orders/<uuid:order>/preparation/", asks="merchant:order")
def prepare(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will begin to pack or cook."""
    actions.prepare_order(request.scope, order=order, at=request.at)
    return see_other("merchant:home", said=_("In preparation."))


@page("merchant", "POST", "orders/<uuid:order>/readiness/", asks="merchant:order")
def finish(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will say that everything is packed."""
    actions.finish_order(request.scope, order=order, at=request.at)
    return see_other("merchant:home", said=_("Ready. The buyer has the code."))


@page("merchant", "POST", "orders/<uuid:order>/dispatch/", asks="merchant:order")
def dispatch(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will send an order out with the shop's own delivery."""
    actions.dispatch_order(request.scope, order=order, at=request.at)
    return see_other("merchant:home", said=_("On its way."))


@page("merchant", "POST", "orders/<uuid:order>/return/", asks="merchant:order")
def bring_back(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will bring an order back that nobody took."""
    reason = request.form.text("return_reason", most=200)
    actions.bring_back_order(request.scope, order=order, reason=reason, at=request.at)
    return see_other("merchant:home", said=_("Back in the shop. It can go out again."))


@page("merchant", "POST", "orders/<uuid:order>/handover/", asks="merchant:order")
def hand_over(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will hand an order to whoever says its code; a wrong one is counted and shown at its field."""
    code = request.form.text("code", most=12)
    cash = request.form.maybe_money("cash")
    answer = actions.hand_over_order(request.scope, order=order, code=code, cash=cash, at=request.at)
    if answer is not Redeemed.OK:
        raise Invalid("code", _why_not(answer))
    return see_other("merchant:home", said=_("Handed over. The order is complete."))


@page("merchant", "POST", "orders/<uuid:order>/calling-off/", asks="merchant:order")
def call_off(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will end an accepted order that cannot be served after all."""
    reason = request.form.text("calling_off_reason", most=200)
    actions.call_off_order(request.scope, order=order, reason=reason, at=request.at)
    return see_other("merchant:home", said=_("Called off. The buyer gets everything back."))


@page("merchant", "POST", "board/<slug:step>/", name="board-step", asks="merchant:home")
def take_with_all(request: MerchantRequest, step: str) -> HttpResponse:
    """This will take a step with all orders of a column that the reader saw."""
    return take_with_ticked(request, step, "merchant:home")


def take_with_ticked(request: MerchantRequest, step: str, list_: str) -> HttpResponse:
    """This will take a step with the ticked orders of a list, and say in it which were left and why."""
    if step not in WITH_MANY:
        raise NotFound("step")
    orders = [OrderId(each) for each in chosen(request)]
    done = actions.take_step_with_many(request.scope, orders=orders, verb=WITH_MANY[step], at=request.at)
    n = len(done.done)
    if step == "acceptance":
        said = ngettext("{n} order is accepted. Its buyer knows.", "{n} orders are accepted. Their buyers know.", n)
    elif step == "preparation":
        said = ngettext("{n} order is in preparation.", "{n} orders are in preparation.", n)
    else:
        said = ngettext("{n} order is ready. Its buyer knows.", "{n} orders are ready. Their buyers know.", n)
    names = queries.order_numbers(request.scope, orders={OrderId(each.of) for each in done.refused})
    return back(request, list_, done, said=said, names=dict(names.items()))


def _why_not(answer: Redeemed) -> str:
    match answer:
        case Redeemed.LOCKED:
            return _("Too many wrong codes. This order can be handed over again in fifteen minutes.")
        case Redeemed.CLOSED:
            return _("This order waits for nobody any more.")
        case _wrong:
            return _("This is not the code of this order. Please ask for it again.")
