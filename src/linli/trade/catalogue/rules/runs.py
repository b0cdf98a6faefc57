"""Sheets of goods as long work (ground/chores)."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.ids import ShopId

PREVIEW_LISTINGS, IMPORT_LISTINGS = "catalogue.preview_listings", "catalogue.import_listings"


@dataclass(frozen=True, slots=True)
class GoodsRun:
    """A sheet of a shop's goods that the worker looks at or takes in; it came as the file of the chore."""

    shop: ShopId
