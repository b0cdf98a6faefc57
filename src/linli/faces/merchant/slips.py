"""The packing slip of an order: what goes into the bag and where the bag goes, on paper."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.ground.places import queries as places
from linli.kernel.ids import OrderId
from linli.kernel.refusals import NotFound
from linli.trade.orders import queries as orders
from linli.trade.orders.rules import Fulfilment


@page("merchant", "GET", "orders/<uuid:order>/slip/")
def slip(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will show what is to be packed, without the buyer's name, phone or code."""
    found = orders.order_page(request.scope, order=order)
    if found.shop != request.shop:
        raise NotFound("order")
    home = places.homes([found.home]).get(found.home)
    return request.render("merchant/slip.jinja", order=found, home=home, Fulfilment=Fulfilment)
