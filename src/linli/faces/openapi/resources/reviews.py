"""Reviews: what buyers say of a shop, one for each order, and what the shop answers."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Body, Line, Listed, Paged, page_of
from linli.kernel.ids import FileId, OrderId, ReviewId, ShopId
from linli.spine.scope import Role
from linli.trust.reviews import actions as reviews
from linli.trust.reviews import queries
from linli.trust.reviews.queries import ReviewCard


class NewReview(Body):
    stars: Annotated[int, Meta(ge=1, le=5)]
    text: Annotated[str, Meta(max_length=2000)] = ""
    pictures: Annotated[tuple[FileId, ...], Meta(max_length=9)] = ()


class NewReply(Body):
    text: Line


class Written(msgspec.Struct):
    review: ReviewId


@endpoint("GET", "shops/<uuid:shop>/reviews", summary="List what buyers say of a shop, the latest first.")
def list_reviews(request: ApiRequest, shop: ShopId, query: Paged) -> Listed[ReviewCard]:
    after = ReviewId(query.after) if query.after else None
    rows = queries.shop_reviews(shop=shop, after=after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda card: card.review)


@endpoint(
    "POST", "orders/<uuid:order>/reviews", role=Role.RESIDENT, status=201, summary="Review an order that was received."
)
def create_review(request: ApiRequest, order: OrderId, body: NewReview) -> Written:
    review = reviews.write_review(
        request.scope, order=order, stars=body.stars, text=body.text, pictures=body.pictures, at=request.at
    )
    return Written(review)


@endpoint("POST", "reviews/<uuid:review>/replies", role=Role.MERCHANT, summary="Answer a review of one's shop.")
def reply_to_review(request: ApiRequest, review: ReviewId, body: NewReply) -> None:
    reviews.reply_to_review(request.scope, review=review, text=body.text, at=request.at)
