"""Rows that stock stands on, without the ceremony of applying for a shop."""

from __future__ import annotations

from datetime import UTC, datetime

from linli.kernel import ids
from linli.kernel.ids import ShopId, VariantId
from linli.trade.catalogue.models import Listing, Variant
from linli.trade.shops.models import Shop

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def shop_row() -> ShopId:
    shop = Shop.objects.create(
        merchant=ids.new(), city=ids.new(), name={"zh": "店", "en": "Shop"}, kind="grocery", lat=30.2, lon=120.1,
        address="", timezone="Asia/Shanghai", state="approved", carrier="none", delivery_fee_minor=0,
        minutes_promised=30, applied_at=AT,
    )  # fmt: skip
    return ShopId(shop.pk)


def variant_row(shop: ShopId, *, tracked: bool = True) -> VariantId:
    listing = Listing.objects.create(
        shop_id=shop,
        name={"zh": "米", "en": "Rice"},
        description={},
        kind="packaged",
        listed=True,
        search=[],
        added_at=AT,
    )
    variant = Variant.objects.create(
        listing=listing, label={}, price_minor=100, tracked=tracked, listed=True, position=0
    )
    return VariantId(variant.pk)
