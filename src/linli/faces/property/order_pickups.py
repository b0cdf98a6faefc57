"""What couriers left at the points of the communities, and who fetches it by its code."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import OrderId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _ as later
from linli.reach.handover.rules import Redeemed
from linli.spine.may import May
from linli.trade.orders import actions, queries

NEEDS = May.RUN_PARCELS
TRIED = {
    Redeemed.WRONG: later("This is not the code of this order."),
    Redeemed.LOCKED: later("Too many wrong codes. Please wait some minutes."),
    Redeemed.CLOSED: later("This order does not wait here any more."),
}


@page("property", "GET", "order-pickups/", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list what waits, what goes back first on top."""
    return request.render(
        "property/order-pickups.jinja",
        orders=queries.at_points(request.scope),
        most=queries.MOST_AT_POINTS,
        names={card.id: card.name for card in own_communities(request)},
    )


@page("property", "GET", "order-pickups/file/", name="order-pickups-file", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give what waits as a sheet; the codes are their buyers' alone."""
    named = {card.id: in_language(card.name) for card in own_communities(request)}
    columns = [_("Number"), _("Community"), _("Door"), _("Where"), _("Compartment"), _("Until"), _("For adults only")]
    rows = (
        (one.number, named[one.community], one.door, one.drop_off, one.spot, one.due_at, one.adults_only)
        for one in queries.at_points(request.scope, limit=most_rows())
    )
    return sheet(request.query, "order-pickups", columns, rows)


@page(
    "property",
    "POST",
    "order-pickups/<uuid:order>/",
    name="order-pickup",
    asks="property:order-pickups",
    needs=NEEDS,
)
def hand_out(request: PropertyRequest, order: OrderId) -> HttpResponse:
    """This will hand an order to whoever tells its code."""
    answer = actions.hand_out_order(
        request.scope,
        order=order,
        code=request.form.text("code", most=12),
        looked_at_age=request.form.flag("looked_at_age"),
        at=request.at,
    )
    if answer is not Redeemed.OK:
        raise Invalid("code", _(TRIED[answer]))
    return see_other("property:order-pickups", said=_("Handed out."))
