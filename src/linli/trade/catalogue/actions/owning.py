"""Whose goods they are: a listing or a variant of another shop does not exist."""

from __future__ import annotations

from linli.kernel.ids import ListingId, ShopId, VariantId
from linli.kernel.refusals import NotFound
from linli.spine.scope import Scope
from linli.trade.catalogue.models import Listing, Variant


def must_be_own(scope: Scope, shop: ShopId) -> None:
    """This will answer with NotFound for somebody else's shop."""
    if not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")


def own_listing(scope: Scope, listing: ListingId) -> Listing:
    """This will lock a listing of the scope's shop, or answer with NotFound."""
    row = Listing.objects.select_for_update().filter(pk=listing).first()
    if row is None or not (scope.is_inside or row.shop_id == scope.shop):
        raise NotFound("listing")
    return row


def own_variant(scope: Scope, variant: VariantId) -> Variant:
    """This will lock the listing of a variant and give the variant, or answer with NotFound."""
    row = Variant.objects.filter(pk=variant).first()
    if row is None:
        raise NotFound("variant")
    own_listing(scope, ListingId(row.listing_id))
    return row
