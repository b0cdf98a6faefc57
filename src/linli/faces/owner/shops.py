"""A shop as its neighbours see it: whether it is open, how its goods come, what it sells and what others say."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods, shelves
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import CommunityId, ReviewId, ShopId
from linli.kernel.refusals import NotFound
from linli.trade.catalogue import queries as catalogue
from linli.trade.shops import queries as shops
from linli.trade.shops.queries import SaleTerms
from linli.trade.shops.rules import ClosedWhy
from linli.trade.stock import queries as stock
from linli.trust.reviews import queries as reviews

REVIEWS = 10
HIDDEN = (ClosedWhy.OUT_OF_ZONE, ClosedWhy.NOT_APPROVED, ClosedWhy.NO_TERMS)
"""A shop that does not sell here is none of this community's business."""


@page("owner", "GET", "communities/<uuid:community>/shops/<uuid:shop>/", name="shop", neighbours_s=shelves.SHARED_S)
def show(request: OwnerRequest, community: CommunityId, shop: ShopId) -> HttpResponse:
    """This will show a shop with a page of its shelf."""
    card = neighbourhoods.look_at(community)
    words = request.query.maybe_text("words", most=60)
    shelf = catalogue.shelf(
        community=community,
        shop=shop,
        words=words,
        after=request.query.maybe_text("after", most=60),
        limit=shelves.PAGE,
        left=stock.left_of_each(at=request.at),
    )
    before = request.query.maybe_id("after_review")
    said = reviews.shop_reviews(shop=shop, after=None if before is None else ReviewId(before), limit=REVIEWS + 1)
    return request.render(
        "owner/shop.jinja",
        community=card,
        shop=seen(request, community, shop),
        words=words or "",
        offered=shelves.offered(shelf),
        more=shelf.next,
        rating=reviews.shop_rating(shop=shop, at=request.at),
        reviews=said[:REVIEWS],
        more_reviews=said[REVIEWS - 1].review if said[REVIEWS:] else None,
        is_neighbour=neighbourhoods.lives_in(request, community),
    )


def seen(request: OwnerRequest, community: CommunityId, shop: ShopId) -> SaleTerms:
    """This will give the terms on which a shop sells in a community; one that does not sell there does not exist."""
    terms = shops.sale_terms(community=community, shops=[shop], at=request.at).get(shop)
    if terms is None or terms.closed_why in HIDDEN:
        raise NotFound("shop")
    return terms
