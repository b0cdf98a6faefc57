"""A resident's orders: all of them, and one that keeps itself up to date."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods, surroundings, timelines
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import OrderId
from linli.spine.scope import SYSTEM
from linli.trade.delivery.rules import DeliveryPolicy, DropOff, Station
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import OrderPage
from linli.trade.orders.rules import OPEN_REFUNDS, Canceller, Fulfilment, OrderState, OrderVerb, may_cancel
from linli.trust.reviews import queries as reviews

PAGE = 20
REFUNDABLE = frozenset(
    {OrderState.ACCEPTED, OrderState.PREPARING, OrderState.READY, OrderState.IN_DELIVERY, OrderState.COMPLETED}
)


@page("owner", "GET", "orders/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list a resident's orders, the latest first."""
    after = request.query.maybe_id("after")
    found = orders.my_orders(request.scope, after=None if after is None else OrderId(after), limit=PAGE + 1)
    if request.communities:
        neighbourhoods.look_at(request.communities[0])
    more = found[PAGE - 1].order if found[PAGE:] else None
    served = [one.order for one in found[:PAGE] if one.state is OrderState.COMPLETED]
    unsaid = reviews.to_review(request.scope, orders=served, at=request.at) if served else frozenset()
    return request.render("owner/orders.jinja", orders=found[:PAGE], more=more, unsaid=unsaid)


@page("owner", "GET", "orders/<uuid:order>/", name="order")
def show(request: OwnerRequest, order: OrderId) -> HttpResponse:
    """This will show one order: its moments, its code, what was bought, and what can be done about it now."""
    shown = orders.order_page(request.scope, order=order)
    is_served = shown.completed_at is not None
    is_open = not is_served and shown.state not in (OrderState.REFUSED, OrderState.CANCELLED)
    home = places.home(shown.home)
    courier = orders.on_its_way(request.scope, order=shown, at=request.at)
    near = courier.near if courier else None
    return request.render(
        "owner/order.jinja",
        community=neighbourhoods.look_at(shown.community),
        order=shown,
        home=home,
        moments=timelines.moments(shown),
        courier=courier,
        arrives=courier.window(request.at) if courier else None,
        way=surroundings.way_of(shown.shop, shown.shop_name, shown.home, home.door, near=near) if is_open else None,
        is_late=is_open and shown.promised_at is not None and shown.promised_at < request.at,
        station=_station(shown, request.at),
        in_locker=shown.state is OrderState.AT_PICKUP_POINT and shown.drop_off is DropOff.LOCKER and bool(shown.spot),
        is_fetched=shown.fulfilment is Fulfilment.PICK_UP,
        may_cancel=may_cancel(Canceller.BUYER, shown.state),
        may_repeat=shown.state is not OrderState.PLACED and shown.community in request.communities,
        may_confirm=shown.allows(OrderVerb.COMPLETE),
        may_ask_refund=may_ask_refund(shown),
        open_refunds=OPEN_REFUNDS,
        may_review=is_served and reviews.may_review(request.scope, order=order, at=request.at),
        review=reviews.my_review(request.scope, order=order) if is_served else None,
    )


def _station(order: OrderPage, at: datetime) -> Station | None:
    """Where the pick-up station is, for an order that goes there or waits there."""
    if order.drop_off is not DropOff.STATION or order.completed_at is not None:
        return None
    return policy(SYSTEM, DeliveryPolicy, at=at, community=order.community).station


def may_ask_refund(order: OrderPage) -> bool:
    """This will tell whether a refund can be asked now: something is left, and no request waits for its answer."""
    waits = any(refund.state in OPEN_REFUNDS for refund in order.refunds)
    return order.state in REFUNDABLE and not waits and order.refunded < order.total
