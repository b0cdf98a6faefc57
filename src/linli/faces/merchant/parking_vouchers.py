"""Parking vouchers of a shop: given to a guest's plate in a few seconds at the till."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.faces.merchant.desk import show as show_desk
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import sheet
from linli.kernel import ids
from linli.kernel.ids import VoucherStockId
from linli.spine.may import May


@page("merchant", "GET", "parking-vouchers/", needs=May.GIVE_PARKING_VOUCHERS)
def vouchers(request: MerchantRequest) -> HttpResponse:
    """This will show what the shop may give, and ask for a plate."""
    return _shown(request)


@page("merchant", "GET", "parking-vouchers/file/", name="parking-vouchers-file", needs=May.GIVE_PARKING_VOUCHERS)
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give the shop's vouchers as a sheet."""
    columns = [_("Number"), _("Takes off"), _("Minutes"), _("Amount"), _("Paid how"), _("Price"), _("Left"), _("Used")]
    columns += [_("Bore"), _("Until")]
    rows = (
        (
            *(one.label, one.kind, one.minutes or "", one.amount or "", one.terms, one.price or ""),
            *(one.left, one.used, one.worth, one.expires_at),
        )
        for one in queries.my_stocks(request.scope)
    )
    return sheet(request.query, "parking-vouchers", columns, rows)


def _shown(request: MerchantRequest, offered: actions.Offered | None = None) -> HttpResponse:
    stocks = queries.my_stocks(request.scope)
    return show_desk(
        request,
        "parking-vouchers.jinja",
        stocks=stocks,
        open_stocks=[each for each in stocks if each.may_give(request.at)],
        offers=queries.my_offers(request.scope, at=request.at),
        offered=offered,
        link_of=lambda code: request.http.build_absolute_uri(url("owner:parking-voucher", code)),
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


@page(
    "merchant",
    "POST",
    "parking-vouchers/codes/",
    name="parking-voucher-code",
    asks="merchant:parking-vouchers",
    needs=May.GIVE_PARKING_VOUCHERS,
)
def offer(request: MerchantRequest) -> HttpResponse:
    """This will show a code for a guest who parks: theirs to type, or to open by its QR."""
    stock = VoucherStockId(request.form.id("stock"))
    return _shown(request, actions.offer_voucher(request.scope, stock=stock, at=request.at))
