"""The resident's first page: what waits for them, what the company lets them know, and the shops round the corner."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.owner.doorstep import doorstep
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops
from linli.trust.reviews import queries as reviews

MOST_SHOPS = 12
MOST_TO_DO = 6


@page("owner", "GET", "", name="home")
def show(request: OwnerRequest) -> HttpResponse:
    """This will show a resident's home, what is to do, and the shops that are open now."""
    if not request.communities:
        return request.render("owner/home-without-a-home.jinja")
    community = neighbourhoods.own(request)
    card = neighbourhoods.look_at(community)
    lives = people.residents_homes(request.scope, person=request.person, at=request.at)
    near = shops.shops_near(community=community, at=request.at, limit=MOST_SHOPS)
    return request.render(
        "owner/home.jinja",
        community=card,
        homes=[each.home for each in lives if each.home.community == community],
        to_do=orders.orders_to_do(request.scope, limit=MOST_TO_DO),
        property=doorstep(request, community),
        shops=near,
        ratings=reviews.shop_ratings(shops=[each.shop for each in near], at=request.at),
        basket=neighbourhoods.basket_in(request, community),
    )
