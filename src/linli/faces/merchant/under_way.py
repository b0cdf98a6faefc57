"""What is under way at the merchant's desk, or ended lately."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell import under_way
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.ids import ChoreId
from linli.trade.shops import queries as shops

FRAME = "merchant/frame.jinja"


@page("merchant", "GET", "under-way/")
def index(request: MerchantRequest) -> HttpResponse:
    """This will list long work."""
    return under_way.index(request, FRAME, shop_name=_called(request))


@page("merchant", "GET", "under-way/<uuid:chore>/", name="piece-of-work")
def show(request: MerchantRequest, chore: ChoreId) -> HttpResponse:
    """This will show how far one piece of it is, and what came of it."""
    return under_way.show(request, chore, FRAME, shop_name=_called(request))


@page("merchant", "POST", "under-way/<uuid:chore>/stop/", name="work-stop", asks="merchant:piece-of-work")
def stop(request: MerchantRequest, chore: ChoreId) -> HttpResponse:
    """This will have it stopped."""
    return under_way.stop(request, chore)


@page("merchant", "GET", "under-way/<uuid:chore>/file/", name="work-file")
def take_away(request: MerchantRequest, chore: ChoreId) -> HttpResponse:
    """This will open the file that it made."""
    return under_way.take_away(request, chore)


def _called(request: MerchantRequest) -> dict[str, str]:
    """The shop's name, for a whole page; a part of one does not ask."""
    called = {} if request.htmx.partial else shops.names(shops=[request.shop])
    return called.get(request.shop, {})
