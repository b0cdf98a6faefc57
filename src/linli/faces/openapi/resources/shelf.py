"""The shelf of a community with prices and live stock; the same for everybody, so it is shared for two seconds."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Listed, Query
from linli.kernel.ids import CategoryId, CommunityId, FileId, ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import CategoryCard, ListingPage
from linli.trade.catalogue.rules import Kind
from linli.trade.stock import queries as stock

SHARED_S = 2


class OnShelf(Query):
    """Narrow by shop, category (with those under it) or words; `after` is the `next` of the page before."""

    shop: ShopId | None = None
    category: CategoryId | None = None
    words: Annotated[str, Meta(max_length=80)] | None = None
    after: Annotated[str, Meta(max_length=60)] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 30


class ShelfVariant(msgspec.Struct):
    """`left` is how many can be bought now."""

    variant: VariantId
    label: dict[str, str]
    price: Money
    left: int


class ShelfListing(msgspec.Struct):
    """A listing as it can be bought in this community."""

    listing: ListingId
    shop: ShopId
    name: dict[str, str]
    picture: FileId | None
    kind: Kind
    variants: tuple[ShelfVariant, ...]


class ListingDetail(msgspec.Struct):
    """A listing's page, with how many of each variant can be bought now."""

    page: ListingPage
    left: dict[VariantId, int]


@endpoint(
    "GET",
    "communities/<uuid:community>/shelf",
    shared_s=SHARED_S,
    summary="Show what a community can buy, with prices and live stock.",
)
def show_shelf(request: ApiRequest, community: CommunityId, query: OnShelf) -> Listed[ShelfListing]:
    shelf = catalogue.shelf(
        community=community,
        shop=query.shop,
        category=query.category,
        words=query.words,
        after=query.after,
        limit=query.limit,
        left=stock.left_of_each(at=request.at),
    )
    return Listed(
        tuple(
            ShelfListing(
                row.listing,
                row.shop,
                row.name,
                row.picture,
                row.kind,
                tuple(ShelfVariant(v.variant, v.label, v.price, v.left) for v in row.variants),
            )
            for row in shelf.listings
        ),
        shelf.next,
    )


@endpoint(
    "GET",
    "communities/<uuid:community>/listings/<uuid:listing>",
    shared_s=SHARED_S,
    summary="Show a listing as a community can buy it, with its choices.",
)
def show_listing(request: ApiRequest, community: CommunityId, listing: ListingId) -> ListingDetail:
    page = catalogue.listing_page(community=community, listing=listing)
    return ListingDetail(page, stock.available(variants=[v.variant for v in page.variants], at=request.at))


@endpoint("GET", "categories", shared_s=60, summary="List the tree of categories, each after its parent.")
def list_categories(request: ApiRequest) -> Listed[CategoryCard]:
    return Listed(catalogue.categories())
