"""The cash that the shop took at doors: how much it owes, and the slip to pay it in with."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.money.payments.queries import DepositSlip
from linli.trade.shops import actions
from linli.trade.shops import queries as shops


@page("merchant", "GET", "statement/cash/")
def cash(request: MerchantRequest) -> HttpResponse:
    """This will show what is owed, and the ways to settle it."""
    return _shown(request)


@page("merchant", "POST", "statement/cash/slip/", name="cash-slip", asks="merchant:cash")
def slip(request: MerchantRequest) -> HttpResponse:
    """This will show where to pay in and what to quote; asked again, it is the same slip."""
    return _shown(request, actions.issue_deposit_slip(request.scope, shop=request.shop, at=request.at))


def _shown(request: MerchantRequest, slip: DepositSlip | None = None) -> HttpResponse:
    held = shops.cash_in_hand(request.scope, shop=request.shop, at=request.at)
    return show(request, "cash.jinja", held=held, slip=slip)
