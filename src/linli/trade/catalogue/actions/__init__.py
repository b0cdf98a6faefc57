"""The verbs of the catalogue: categories, listings, prices and places, and sheets."""

from linli.trade.catalogue.actions.categories import TooDeep, add_category, move_category, rename_category
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
    add_variant,
    edit_listing,
    edit_variant,
    relist,
    set_choices,
    set_price,
    unlist,
)
from linli.trade.catalogue.actions.offers import OfferDraft, clear_offers, set_offers

__all__ = [
    "Added",
    "ImportPreview",
    "Imported",
    "OfferDraft",
    "SheetHasErrors",
    "TooDeep",
    "add_category",
    "add_listing",
    "add_listings",
    "add_variant",
    "clear_offers",
    "edit_listing",
    "edit_variant",
    "import_listings",
    "move_category",
    "preview_listings",
    "relist",
    "rename_category",
    "set_choices",
    "set_offers",
    "set_price",
    "unlist",
]
