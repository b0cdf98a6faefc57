"""Communities as anybody may look at them: the list of all, and one with its shops."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods, shelves
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId
from linli.trade.shops import queries as shops
from linli.trust.reviews import queries as reviews

MOST_COMMUNITIES = 100
MOST_SHOPS = 60


@page("owner", "GET", "communities/", public=True)
def choose(request: OwnerRequest) -> HttpResponse:
    """This will list the communities that Linli serves."""
    return request.render("owner/communities.jinja", communities=places.communities(limit=MOST_COMMUNITIES))


@page("owner", "GET", "communities/<uuid:community>/", name="community", neighbours_s=shelves.SHARED_S)
def show(request: OwnerRequest, community: CommunityId) -> HttpResponse:
    """This will show the shops of a community, the open ones first."""
    near = shops.shops_near(community=community, at=request.at, limit=MOST_SHOPS)
    return request.render(
        "owner/community.jinja",
        community=neighbourhoods.look_at(community),
        shops=near,
        ratings=reviews.shop_ratings(shops=[each.shop for each in near], at=request.at),
        categories=[each for each in neighbourhoods.categories() if each.depth == 1],
        is_neighbour=neighbourhoods.lives_in(request, community),
    )


@page("owner", "GET", "shops/", public=True)
def own(request: OwnerRequest) -> HttpResponse:
    """This will lead a resident to the shops of their community, and everybody else to the choice of one."""
    if request.communities:
        return see_other("owner:community", request.communities[0])
    return see_other("owner:communities")
