"""The basket over several shops: its lines, how each shop's goods come, when and where, and what was refused there."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from linli.faces.owner import deliveries, neighbourhoods, windows
from linli.faces.shell import messages
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import BasketPage


@page("owner", "GET", "basket/")
def show(request: OwnerRequest) -> HttpResponse:
    """This will show the basket at the prices and with the stock of now."""
    community = neighbourhoods.own(request)
    card = neighbourhoods.look_at(community)
    basket = orders.basket_page(request.scope, community=community, at=request.at)
    homes = places.homes(request.homes)
    chosen = basket.home or (request.homes[0] if len(request.homes) == 1 else None)
    return request.render(
        "owner/basket.jinja",
        community=card,
        content=basket,
        homes=homes,
        home=None if chosen is None else homes.get(chosen),
        windows=[(windows.key_of(each), each) for each in windows.offered(request.at, card.timezone)],
        chosen_window=windows.key_of(basket.window) if basket.window else "",
        troubles=troubles(request, basket),
        delivery=deliveries.of_basket(basket, at=request.at),
    )


def changed(request: OwnerRequest) -> HttpResponseBase:
    """This will answer a change of the basket: with the changed part to htmx, else by going back to it."""
    return show(request) if request.htmx.partial else see_other("owner:basket")


def troubles(request: OwnerRequest, basket: BasketPage) -> dict[str, str]:
    """This will say what was refused and at which line, shop or choice it stands; "basket" is for the whole."""
    if request.refusal is None:
        return {}
    where, _dot, rest = (request.refusal.field or "basket").partition(".")
    says = messages.words_of(request.refusal)
    if where == "lines" and rest:
        line = _nth_line(basket, int(rest.partition(".")[0]))
        return {"basket" if line is None else str(line): says}
    if where == "shops":
        return {rest.partition(".")[0]: says}
    if where == "quantity":
        return {request.form.raw("line"): says}
    return {where if where in ("home", "window", "drop_off") else "basket": says}


def _nth_line(basket: BasketPage, nth: int) -> UUID | None:
    """Locking counts lines as they were put in, whatever their shop."""
    lines = sorted([*basket.gone, *(line.line for shop in basket.shops for line in shop.lines)])
    return lines[nth] if nth < len(lines) else None
