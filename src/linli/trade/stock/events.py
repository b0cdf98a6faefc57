"""What happened to goods."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import ShopId, VariantId


class GoodsExpired(Fact):
    """Units passed their date and were moved out of stock."""

    shop: ShopId
    variant: VariantId
    quantity: int
