"""What needs a hand in the store: goods that run low and goods whose date comes near."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.trade.catalogue import queries as catalogue
from linli.trade.stock import queries as stock

LOW = 5
SOON = timedelta(days=3)
A_PAGE = 100


@page("merchant", "GET", "goods/watch/", name="stock-watch")
def watch(request: MerchantRequest) -> HttpResponse:
    """This will list what expires soon, soonest first, then what runs low, least first."""
    found = _found(request, A_PAGE + 1)
    return show(
        request,
        "stock-watch.jinja",
        rows=found[:A_PAGE],
        are_more=len(found) > A_PAGE,
        low=LOW,
        soon=request.at + SOON,
    )


@page("merchant", "GET", "goods/watch/file/", name="stock-watch-file")
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give what needs a hand as a sheet."""
    columns = [_("Goods"), _("Variant"), _("On hand"), _("Held"), _("To sell"), _("Best before")]
    rows = (
        (
            *(in_language(card.name), in_language(card.label)),
            *(line.on_hand, line.reserved, line.sellable, line.next_expiry_at),
        )
        for line, card in _found(request, most_rows())
    )
    return sheet(request.query, "stock-watch", columns, rows)


def _found(request: MerchantRequest, limit: int) -> list[tuple[stock.StockLine, catalogue.VariantCard]]:
    lines = stock.stock_watch(
        request.scope, shop=request.shop, low=LOW, expires_before=request.at + SOON, at=request.at, limit=limit
    )
    cards = catalogue.kept_variants(request.scope, shop=request.shop, variants=[line.variant for line in lines])
    return [(line, cards[line.variant]) for line in lines if line.variant in cards]
