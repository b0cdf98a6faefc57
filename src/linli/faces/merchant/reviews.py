"""What buyers said, and what the shop answers."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import pgettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import ReviewId
from linli.trust.reviews import actions, queries

A_PAGE = 20


@page("merchant", "GET", "reviews/")
def reviews(request: MerchantRequest) -> HttpResponse:
    """This will list the reviews, the latest first, or only those that wait for an answer."""
    waiting, after = request.query.flag("waiting"), request.query.maybe_id("after")
    key = ReviewId(after) if after else None
    found = _found(request, after=key, limit=A_PAGE)
    kept_on = {"waiting": "1"} if waiting else {}
    more = url("merchant:reviews", **kept_on, after=found[-1].review) if len(found) == A_PAGE else None
    rating = queries.shop_rating(shop=request.shop, at=request.at)
    return show(request, "reviews.jinja", reviews=found, rating=rating, waiting=waiting, more=more)


@page("merchant", "GET", "reviews/file/", name="reviews-file")
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give the reviews as a sheet, narrowed as the list is."""
    columns = [pgettext("review", "Written"), _("Stars"), _("Review"), _("Your answer"), pgettext("review", "Answered")]
    rows = (
        (one.written_at, one.stars, one.text, one.reply, one.replied_at) for one in _found(request, limit=most_rows())
    )
    return sheet(request.query, "reviews", columns, rows)


def _found(request: MerchantRequest, *, after: ReviewId | None = None, limit: int) -> tuple[queries.ReviewCard, ...]:
    if request.query.flag("waiting"):
        return queries.reviews_to_answer(request.scope, after=after, limit=limit)
    return queries.shop_reviews(shop=request.shop, after=after, limit=limit)


@page("merchant", "POST", "reviews/<uuid:review>/reply/", asks="merchant:reviews")
def reply(request: MerchantRequest, review: ReviewId) -> HttpResponse:
    """This will answer a review, once."""
    text = request.form.text(f"reply.{review}", most=500)
    actions.reply_to_review(request.scope, review=review, text=text, at=request.at)
    return see_other("merchant:reviews", said=_("Your answer stands under the review."))
