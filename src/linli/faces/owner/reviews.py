"""Saying how an order was, once it is completed."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import FileId, OrderId
from linli.trade.orders import queries as orders
from linli.trust.reviews import actions, queries
from linli.trust.reviews.rules import FEWEST_STARS, LONGEST_TEXT, MOST_PICTURES, MOST_STARS

ADDRESS = "orders/<uuid:order>/review/"


@page("owner", "GET", ADDRESS)
def new(request: OwnerRequest, order: OrderId) -> HttpResponse:
    """This will ask how it was; what has been said already, or can no longer be, is not asked."""
    shown = orders.order_page(request.scope, order=order)
    if not queries.may_review(request.scope, order=order, at=request.at):
        return see_other("owner:order", order)
    neighbourhoods.look_at(shown.community)
    return request.render("owner/review.jinja", order=shown, longest=LONGEST_TEXT, most_pictures=MOST_PICTURES)


@page("owner", "POST", ADDRESS)
def create(request: OwnerRequest, order: OrderId) -> HttpResponse:
    """This will publish the review."""
    actions.write_review(
        request.scope,
        order=order,
        stars=request.form.whole("stars", low=FEWEST_STARS, high=MOST_STARS),
        text=request.form.maybe_text("text", most=LONGEST_TEXT) or "",
        uploads=[(each.name, each.content) for each in request.form.uploads("pictures", count=MOST_PICTURES)],
        at=request.at,
    )
    return see_other("owner:order", order, said=_("Thank you. Your neighbours will read it."))


@page("owner", "POST", ADDRESS + "pictures/<uuid:file>/removal/", name="review-picture-removal", asks="owner:order")
def remove_picture(request: OwnerRequest, order: OrderId, file: FileId) -> HttpResponse:
    """This will take a picture out of the resident's own review."""
    actions.remove_picture(request.scope, order=order, file=file, at=request.at)
    return see_other("owner:order", order, said=_("The picture is gone."))
