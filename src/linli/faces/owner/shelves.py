"""The shelf of a community: everything its shops sell there, by category or found by words, in pages by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.shell.pages import page
from linli.faces.shell.remembered import Remembered, Same
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import CategoryId, CommunityId, ShopId, VariantId
from linli.kernel.money import Money
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import CategoryCard, Shelf, ShelfListing
from linli.trade.stock import queries as stock

PAGE = 30
SHARED_S = 2
"""So old may prices and stock on a page be; what is put into a basket is asked anew."""
FEW = 5
"""So few left are worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A listing on the shelf with what its card has to say. `variant` is what one press takes; None needs a choice."""

    on_shelf: ShelfListing
    price: Money
    from_price: bool
    left: int
    variant: VariantId | None
    shop_name: dict[str, str] | None = None

    @property
    def looks(self) -> tuple[object, ...]:
        """Everything that its card shows, in plain values, which are compared thirty times a page."""
        listing, variants = self.on_shelf, self.on_shelf.variants
        return (
            listing.listing.int,
            _both(listing.name),
            listing.picture and listing.picture.int,
            self.price.minor,
            self.from_price,
            min(self.left, FEW + 1),
            self.variant and self.variant.int,
            _both(variants[0].label) if len(variants) == 1 else len(variants),
            self.shop_name and _both(self.shop_name),
        )

    @property
    def is_scarce(self) -> bool:
        return 0 < self.left <= FEW


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a page of the shelf, and all that they show."""

    offered: list[Offered]
    looks: tuple[object, ...]


_cards: Remembered[Same, Cards] = Remembered(seconds=neighbourhoods.REMEMBERED_S, most=32)


@page("owner", "GET", "communities/<uuid:community>/shelf/", neighbours_s=SHARED_S)
def show(request: OwnerRequest, community: CommunityId) -> HttpResponse:
    """This will show a page of the shelf."""
    card = neighbourhoods.look_at(community)
    words, category = request.query.maybe_text("words", most=60), request.query.maybe_id("category")
    shelf = catalogue.shelf(
        community=community,
        category=None if category is None else CategoryId(category),
        words=words,
        after=request.query.maybe_text("after", most=60),
        limit=PAGE,
        left=stock.left_of_each(at=request.at, most=FEW + 1),
    )
    tree = neighbourhoods.categories()
    cards = _cards.get(Same(shelf), lambda: _cards_of(shelf))
    is_neighbour = neighbourhoods.lives_in(request, community)
    return request.render(
        "owner/shelf.jinja",
        looks=(Same(card), Same(tree), cards.looks, shelf.next, is_neighbour),
        community=card,
        words=words or "",
        category=next((each for each in tree if each.category == category), None),
        categories=offered_below(tree, category),
        offered=cards.offered,
        more=shelf.next,
        is_neighbour=is_neighbour,
    )


def offered_below(tree: tuple[CategoryCard, ...], category: object) -> list[CategoryCard]:
    """This will give the categories to choose from: those under the chosen one, or the first ones."""
    below = [each for each in tree if each.parent == category]
    return below or [each for each in tree if each.parent is None]


def offered(shelf: Shelf, shop_names: Mapping[ShopId, dict[str, str]] | None = None) -> list[Offered]:
    """This will say what the cards of a page of the shelf have to say, which was asked together with its stock.

    With names of shops a card says whose its goods are, without them how much there is of one.
    """
    return [_offered(listing, shop_names[listing.shop] if shop_names else None) for listing in shelf.listings]


def _cards_of(shelf: Shelf) -> Cards:
    goods = offered(shelf, neighbourhoods.shop_names(each.shop for each in shelf.listings))
    return Cards(goods, tuple(each.looks for each in goods))


def _offered(listing: ShelfListing, shop_name: dict[str, str] | None) -> Offered:
    prices = [each.price for each in listing.variants]
    simple = len(prices) == 1 and not listing.has_choices
    return Offered(
        on_shelf=listing,
        price=min(prices),
        from_price=len(set(prices)) > 1,
        left=max(each.left for each in listing.variants),
        variant=listing.variants[0].variant if simple else None,
        shop_name=shop_name,
    )


def _both(names: Mapping[str, str]) -> tuple[str | None, str | None]:
    return names.get("zh"), names.get("en")
