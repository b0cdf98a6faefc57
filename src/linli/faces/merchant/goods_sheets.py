"""Goods from a spreadsheet: first what is wrong in which cell, then all of it or nothing."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.trade.catalogue import actions
from linli.trade.catalogue.rules.sheet import COLUMNS


@page("merchant", "GET", "goods/sheet/", name="goods-sheet")
def new(request: MerchantRequest) -> HttpResponse:
    """This will ask for the sheet and say which columns it may have."""
    return show(request, "goods-sheet.jinja", columns=COLUMNS, preview=None)


@page("merchant", "POST", "goods/sheet/preview/", name="goods-sheet-preview", asks="merchant:goods-sheet")
def preview(request: MerchantRequest) -> HttpResponse:
    """This will tell what an import would do, and change nothing."""
    sheet = request.form.file("file")
    found = actions.preview_listings(file_name=sheet.name, content=sheet.content)
    return show(request, "goods-sheet.jinja", columns=COLUMNS, preview=found)


@page("merchant", "POST", "goods/sheet/", name="goods-sheet")
def create(request: MerchantRequest) -> HttpResponse:
    """This will import the sheet."""
    sheet = request.form.file("file")
    done = actions.import_listings(
        request.scope, shop=request.shop, file_name=sheet.name, content=sheet.content, at=request.at
    )
    said = _("{added} listings added, {prices} prices set.", added=done.listings_added, prices=done.prices_set)
    return see_other("merchant:goods", said=said)
