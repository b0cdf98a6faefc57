"""What the palette of a shop's desk finds: pages, orders by the end of their number, goods by a word of their name."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse

from linli.faces.shell import findings, formats
from linli.faces.shell.addresses import url
from linli.faces.shell.findings import LEAST, MOST_OF_A_KIND, Found, Kind
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.trade.catalogue import queries as catalogue
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops


@page("merchant", "GET", "find/")
def find(request: MerchantRequest) -> HttpResponse:
    """This will find what somebody types, and every page of the menu where nothing is typed."""
    words = findings.words_of(request)
    kinds = tuple(_kinds(request, words)) if len(words) >= LEAST else ()
    called = {} if request.htmx.partial else shops.names(shops=[request.shop])
    return findings.show(request, "merchant/find.jinja", words, kinds, shop_name=called.get(request.shop, {}))


def _kinds(request: MerchantRequest, words: str) -> Iterator[Kind]:
    numbered = orders.orders_numbered(request.scope, number=words, limit=MOST_OF_A_KIND)
    yield Kind(
        _("Orders"),
        "receipt-text",
        tuple(
            Found(one.number, url("merchant:order", one.order), f"{word(one.state)} · {formats.moment(one.placed_at)}")
            for one in numbered
        ),
    )
    listings = catalogue.shop_listings(request.scope, shop=request.shop, words=words, limit=MOST_OF_A_KIND)
    yield Kind(
        _("Goods"),
        "package",
        tuple(Found(in_language(one.name), url("merchant:listing", one.listing), word(one.kind)) for one in listings),
    )
