"""Questions about goods: the shelf, the prices of a checkout, a listing's page, and what a merchant keeps."""

from linli.trade.catalogue.queries.buying import (
    ListingPage,
    PageVariant,
    PricedVariant,
    listing_page,
    owners,
    prices,
    prices_question,
)
from linli.trade.catalogue.queries.caring import care_of
from linli.trade.catalogue.queries.categories import CategoryCard, categories, categories_of
from linli.trade.catalogue.queries.keeping import GoodsSort, KeptListing, KeptVariant, shop_listings
from linli.trade.catalogue.queries.settled import OfferLine, VariantCard, kept_choices, kept_offers, kept_variants
from linli.trade.catalogue.queries.shelf import Shelf, ShelfListing, ShelfVariant, shelf

__all__ = [
    "CategoryCard",
    "GoodsSort",
    "KeptListing",
    "KeptVariant",
    "ListingPage",
    "OfferLine",
    "PageVariant",
    "PricedVariant",
    "Shelf",
    "ShelfListing",
    "ShelfVariant",
    "VariantCard",
    "care_of",
    "categories",
    "categories_of",
    "kept_choices",
    "kept_offers",
    "kept_variants",
    "listing_page",
    "owners",
    "prices",
    "prices_question",
    "shelf",
    "shop_listings",
]
