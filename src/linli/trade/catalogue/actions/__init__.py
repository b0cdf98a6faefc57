"""The verbs of the catalogue: categories, listings, prices and places, and sheets."""

from linli.trade.catalogue.actions.caring import set_care
from linli.trade.catalogue.actions.categories import TooDeep, add_category, move_category, rename_category
from linli.trade.catalogue.actions.choices import set_choices
from linli.trade.catalogue.actions.importing import (
    Imported,
    ImportPreview,
    SheetHasErrors,
    import_listings,
    preview_listings,
)
from linli.trade.catalogue.actions.listings import (
    Added,
    add_listing,
    add_listings,
    edit_listing,
    relist,
    unlist,
)
from linli.trade.catalogue.actions.offers import OfferDraft, clear_offers, set_offers, settle_offers
from linli.trade.catalogue.actions.pictures import set_picture, upload_picture
from linli.trade.catalogue.actions.together import PriceChange, PriceMoved, change_prices, shelve
from linli.trade.catalogue.actions.variants import add_variant, add_variants, edit_variant, set_price

__all__ = [
    "Added",
    "ImportPreview",
    "Imported",
    "OfferDraft",
    "PriceChange",
    "PriceMoved",
    "SheetHasErrors",
    "TooDeep",
    "add_category",
    "add_listing",
    "add_listings",
    "add_variant",
    "add_variants",
    "change_prices",
    "clear_offers",
    "edit_listing",
    "edit_variant",
    "import_listings",
    "move_category",
    "preview_listings",
    "relist",
    "rename_category",
    "set_care",
    "set_choices",
    "set_offers",
    "set_picture",
    "set_price",
    "settle_offers",
    "shelve",
    "unlist",
    "upload_picture",
]
