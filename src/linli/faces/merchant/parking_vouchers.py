"""Parking vouchers of a shop: given to a guest's plate in a few seconds at the till."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.faces.merchant.desk import show as show_desk
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel import ids
from linli.kernel.ids import VoucherStockId
from linli.spine.may import May


@page("merchant", "GET", "parking-vouchers/", needs=May.GIVE_PARKING_VOUCHERS)
def vouchers(request: MerchantRequest) -> HttpResponse:
    """This will show what the shop may give, and ask for a plate."""
    stocks = queries.my_stocks(request.scope)
    return show_desk(
        request,
        "parking-vouchers.jinja",
        stocks=stocks,
        open_stocks=[each for each in stocks if each.may_give(request.at)],
        once=ids.new(),
    )


@page("merchant", "POST", "parking-vouchers/", needs=May.GIVE_PARKING_VOUCHERS)
def give(request: MerchantRequest) -> HttpResponse:
    """This will give a voucher to a guest's car."""
    left = actions.give_voucher(
        request.scope,
        stock=VoucherStockId(request.form.id("stock")),
        plate=request.form.text("plate", most=20),
        at=request.at,
    )
    return see_other("merchant:parking-vouchers", said=_("Given. {n} are left.", n=left))
