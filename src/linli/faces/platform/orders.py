"""One order as the platform sees it when somebody calls about its number: what it holds, how it went, what is next."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.ground.places import queries as places
from linli.kernel.ids import OrderId
from linli.spine.may import May
from linli.trade.orders import queries
from linli.trade.orders.rules import Fulfilment


@page("platform", "GET", "orders/<uuid:order>/", name="order", needs=May.REFUND_ORDER)
def show(request: PlatformRequest, order: OrderId) -> HttpResponse:
    """This will show an order with its goods, its refunds and every step; whose it is stays with its shop."""
    found = queries.order_page(request.scope, order=order)
    return request.render(
        "platform/order.jinja",
        order=found,
        community=places.community(found.community).name,
        moments=[each for each in found.moments if each.refund is None],
        is_brought=found.fulfilment not in (Fulfilment.PICK_UP, Fulfilment.SHOP_DELIVERY),
    )
