"""Paying a placed checkout at the provider's page, and coming back to wait for the provider's word."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

from linli.faces.owner import neighbourhoods
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import CheckoutId
from linli.kernel.refusals import NotFound
from linli.money.payments import actions as payments
from linli.trade.orders import actions
from linli.trade.orders import queries as orders
from linli.trade.orders.rules import CheckoutState

CHANNELS = ("wechat", "alipay")


@page("owner", "GET", "checkouts/<uuid:checkout>/payment/")
def show(request: OwnerRequest, checkout: CheckoutId) -> HttpResponse:
    """This will show what is to be paid and how it can be; once it is paid, it says so by itself."""
    return _standing(request, checkout, is_back=False)


@page("owner", "GET", "checkouts/<uuid:checkout>/payment/return/", name="payment-return")
def show_return(request: OwnerRequest, checkout: CheckoutId) -> HttpResponse:
    """This will wait for the provider's word: only what the provider tells us itself counts as paid."""
    return _standing(request, checkout, is_back=True)


@page("owner", "POST", "checkouts/<uuid:checkout>/payment/")
def create(request: OwnerRequest, checkout: CheckoutId) -> HttpResponse:
    """This will prepare the payment and send the payer to the provider's page."""
    standing = orders.checkout_page(request.scope, checkout=checkout)
    if standing.collection is None:
        raise NotFound("checkout")
    pay_page = payments.begin_payment(
        request.scope,
        collection=standing.collection,
        channel=request.form.text("channel", most=20),
        return_url=request.http.build_absolute_uri(url("owner:payment-return", checkout)),
        at=request.at,
    )
    return HttpResponseRedirect(pay_page.url, status=303)


@page("owner", "POST", "checkouts/<uuid:checkout>/cash/", name="cash-promise", asks="owner:payment")
def promise_cash(request: OwnerRequest, checkout: CheckoutId) -> HttpResponse:
    """This will have a checkout paid in cash, order by order, as each is handed over."""
    promised = actions.promise_cash(request.scope, checkout=checkout, at=request.at)
    said = _("Ordered. Please have the cash ready when you get it.")
    return (
        see_other("owner:order", promised[0], said=said) if len(promised) == 1 else see_other("owner:orders", said=said)
    )


@page("owner", "POST", "checkouts/<uuid:checkout>/transfer/", name="transfer-slip", asks="owner:payment")
def choose_transfer(request: OwnerRequest, checkout: CheckoutId) -> HttpResponse:
    """This will have a checkout paid by bank transfer, and show where to and what to quote."""
    actions.choose_transfer(request.scope, checkout=checkout, at=request.at)
    return see_other("owner:payment", checkout)


def _standing(request: OwnerRequest, checkout: CheckoutId, *, is_back: bool) -> HttpResponse:
    standing = orders.checkout_page(request.scope, checkout=checkout)
    if standing.state is CheckoutState.LOCKED:
        return see_other("owner:checkout", checkout)
    is_over = standing.state is CheckoutState.EXPIRED or (
        standing.state is CheckoutState.PAYING and standing.due_at is not None and standing.due_at <= request.at
    )
    is_open = standing.state is CheckoutState.PAYING and not is_over
    return request.render(
        "owner/payment.jinja",
        community=neighbourhoods.look_at(standing.community),
        checkout=standing,
        channels=CHANNELS,
        is_back=is_back,
        is_over=is_over,
        ways=orders.ways_to_pay(request.scope, checkout=checkout, at=request.at) if is_open and not is_back else None,
    )
