"""The basket as a bar over the bottom of a page: fetched apart, so that the page itself is the same for neighbours."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import CommunityId


@page("owner", "GET", "communities/<uuid:community>/basket-bar/", public=True)
def show(request: OwnerRequest, community: CommunityId) -> HttpResponse:
    """This will show what is in the reader's basket there; nothing to somebody who has none."""
    basket = neighbourhoods.basket_in(request, community)
    return request.render("owner/basket-bar.jinja", block="basket_bar", basket=basket)
