"""The lines of the basket: how many of each, and taking one out."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase

from linli.faces.owner import baskets, neighbourhoods
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.trade.orders import actions

MOST_AT_ONCE = 9999


@page("owner", "POST", "basket/lines/<uuid:line>/quantity/", name="basket-quantity", asks="owner:basket")
def change(request: OwnerRequest, line: UUID) -> HttpResponseBase:
    """This will set how many pieces of a line are wanted."""
    actions.change_basket_line(
        request.scope,
        community=neighbourhoods.own(request),
        line=line,
        quantity=request.form.whole("quantity", high=MOST_AT_ONCE),
        at=request.at,
    )
    return baskets.changed(request)


@page("owner", "POST", "basket/lines/<uuid:line>/removal/", name="basket-removal", asks="owner:basket")
def remove(request: OwnerRequest, line: UUID) -> HttpResponseBase:
    """This will take a line out."""
    community = neighbourhoods.own(request)
    actions.remove_basket_line(request.scope, community=community, line=line, at=request.at)
    return baskets.changed(request)
