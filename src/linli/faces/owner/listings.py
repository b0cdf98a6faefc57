"""A product: its variants and choices with the stock of now; taking it puts it into the basket."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

from linli.faces.owner import neighbourhoods, shelves, shops
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import CommunityId, ListingId, OptionId, VariantId
from linli.trade.catalogue import queries as catalogue
from linli.trade.orders import actions
from linli.trade.stock import queries as stock

ADDRESS = "communities/<uuid:community>/listings/<uuid:listing>/"
MOST_AT_ONCE = 99


@page("owner", "GET", ADDRESS, name="listing", public=True)
def show(request: OwnerRequest, community: CommunityId, listing: ListingId) -> HttpResponse:
    """This will show a product as it can be bought in a community."""
    card = neighbourhoods.look_at(community)
    product = catalogue.listing_page(community=community, listing=listing)
    left = stock.available(variants=[each.variant for each in product.variants], at=request.at)
    return request.render(
        "owner/listing.jinja",
        community=card,
        product=product,
        shop=shops.seen(request, community, product.shop),
        left=left,
        most=min(max(left.values()), MOST_AT_ONCE),
        few=shelves.FEW,
        basket=neighbourhoods.basket_in(request, community),
    )


@page("owner", "POST", ADDRESS, name="listing")
def take(request: OwnerRequest, community: CommunityId, listing: ListingId) -> HttpResponse:
    """This will put so many of a variant, with the options chosen, into the basket."""
    actions.add_to_basket(
        request.scope,
        community=community,
        variant=VariantId(request.form.id("variant")),
        quantity=request.form.whole("quantity", low=1, high=MOST_AT_ONCE, default=1),
        options=[OptionId(each) for each in request.form.ids_under("options")],
        at=request.at,
    )
    if request.htmx.partial:
        basket = neighbourhoods.basket_in(request, community)
        return request.render("owner/basket-bar.jinja", block="basket_bar", basket=basket)
    return _back(request, community, listing)


def _back(request: OwnerRequest, community: CommunityId, listing: ListingId) -> HttpResponse:
    """To the shelf on which the button was pressed, with a word that it worked."""
    said = _("It is in your basket.")
    answer = see_other("owner:listing", community, listing, said=said)
    before = request.came_from
    if before is None:
        return answer
    response = HttpResponseRedirect(before, status=303)
    response.said = said  # type: ignore[attr-defined]
    return response
