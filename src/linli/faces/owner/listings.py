"""A product: its variants and choices with the stock of now; taking it puts it into the basket."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect

from linli.faces.owner import neighbourhoods, shelves, shops
from linli.faces.shell.addresses import url
from linli.faces.shell.answers import see_other_at
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import CommunityId, ListingId, OptionId, VariantId
from linli.kernel.money import Money
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import ListingPage, PageVariant
from linli.trade.orders import actions
from linli.trade.stock import queries as stock

ADDRESS = "communities/<uuid:community>/listings/<uuid:listing>/"
MOST_AT_ONCE = 99
MOST_KEPT = 2000
"""Characters of a choice that are carried through a sign-in."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands chosen on the page: what was sent and refused, what was kept through a sign-in, or the first one."""

    variant: PageVariant
    options: frozenset[OptionId]
    quantity: int
    total: Money
    is_kept: bool


@page("owner", "GET", ADDRESS, name="listing", neighbours_s=shelves.SHARED_S)
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
        chosen=_chosen(request, product, left),
        few=shelves.FEW,
        is_neighbour=neighbourhoods.lives_in(request, community),
    )


@page("owner", "GET", ADDRESS + "sign-in/", name="listing-sign-in", public=True)
def sign_in_first(request: OwnerRequest, community: CommunityId, listing: ListingId) -> HttpResponse:
    """This will let a guest sign in and come back to the product with what they chose still chosen."""
    onward = f"{url('owner:listing', community, listing)}?{request.http.GET.urlencode()[:MOST_KEPT]}"
    return see_other("public:sign-in", next=onward) if request.is_guest else HttpResponseRedirect(onward, status=303)


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


def _chosen(request: OwnerRequest, product: ListingPage, left: dict[VariantId, int]) -> Chosen:
    fields = request.form if "variant" in request.form else request.query
    there = [each for each in product.variants if left.get(each.variant)] or product.variants
    variant = next((each for each in product.variants if str(each.variant) == fields.raw("variant")), there[0])
    options = frozenset(
        key for key, option in product.options.items() if str(key) in fields.many(f"options.{option.group}")
    )
    typed = fields.raw("quantity")
    quantity = min(max(int(typed), 1), MOST_AT_ONCE) if re.fullmatch("[0-9]{1,4}", typed) else 1
    one = Money.total([variant.price, *(product.options[key].price for key in options)])
    return Chosen(variant, options, quantity, one * quantity, is_kept="variant" in request.query)


def _back(request: OwnerRequest, community: CommunityId, listing: ListingId) -> HttpResponse:
    """To the shelf on which the button was pressed, with a word that it worked."""
    said = _("It is in your basket.")
    answer = see_other("owner:listing", community, listing, said=said)
    before = request.came_from
    if before is None or before.partition("?")[0] == request.path:
        return answer
    return see_other_at(before, said=said)
