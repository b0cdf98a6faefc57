"""What needs a hand in the store: goods that run low and goods whose date comes near."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.trade.catalogue import queries as catalogue
from linli.trade.stock import queries as stock

LOW = 5
SOON = timedelta(days=3)
A_PAGE = 100


@page("merchant", "GET", "goods/watch/", name="stock-watch")
def watch(request: MerchantRequest) -> HttpResponse:
    """This will list what expires soon, soonest first, then what runs low, least first."""
    lines = stock.stock_watch(
        request.scope, shop=request.shop, low=LOW, expires_before=request.at + SOON, at=request.at, limit=A_PAGE
    )
    cards = catalogue.kept_variants(request.scope, shop=request.shop, variants=[line.variant for line in lines])
    return show(
        request,
        "stock-watch.jinja",
        rows=[(line, cards[line.variant]) for line in lines if line.variant in cards],
        low=LOW,
        soon=request.at + SOON,
    )
