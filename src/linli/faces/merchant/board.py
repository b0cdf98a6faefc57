"""The board: what is to be done now, and the one next step of each order."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.ground.places import queries as places
from linli.trade.orders import queries as orders
from linli.trade.orders.rules import Fulfilment, OrderState


@page("merchant", "GET", "", name="home")
def board(request: MerchantRequest) -> HttpResponse:
    """This will show the four columns; the same address keeps the part `board` up to date."""
    found = orders.shop_board(request.scope)
    cards = (*found.new, *found.preparing, *found.ready, *found.on_its_way)
    doors = [card.home for card in cards if card.fulfilment is not Fulfilment.PICK_UP]
    return show(
        request,
        "board.jinja",
        board=found,
        homes=places.homes(doors) if doors else {},
        State=OrderState,
        Fulfilment=Fulfilment,
    )
