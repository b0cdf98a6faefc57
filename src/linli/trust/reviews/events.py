"""What happened to reviews. The words themselves stay in the review."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import OrderId, ReviewId, ShopId


class ReviewWritten(Fact):
    """A buyer said what an order was like."""

    review: ReviewId
    order: OrderId
    shop: ShopId
    stars: int


class ReviewAnswered(Fact):
    """The shop replied to a review."""

    review: ReviewId
    shop: ShopId
