"""How a basket shall come: fetched or brought, shop by shop; when; and to which of the homes."""

from __future__ import annotations

from datetime import datetime

from django.http.response import HttpResponseBase

from linli.faces.owner import baskets, neighbourhoods, windows
from linli.faces.shell.forms import YEARS
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import HomeId, ShopId
from linli.kernel.refusals import Invalid
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import actions
from linli.trade.orders.rules import Fulfilment


@page("owner", "POST", "basket/shops/<uuid:shop>/fulfilment/", name="basket-fulfilment", asks="owner:basket")
def choose_fulfilment(request: OwnerRequest, shop: ShopId) -> HttpResponseBase:
    """This will say how one shop's goods come."""
    actions.choose_fulfilment(
        request.scope,
        community=neighbourhoods.own(request),
        shop=shop,
        fulfilment=request.form.choice("fulfilment", Fulfilment),
        at=request.at,
    )
    return baskets.changed(request)


@page("owner", "POST", "basket/window/", name="basket-window", asks="owner:basket")
def choose_window(request: OwnerRequest) -> HttpResponseBase:
    """This will say when the goods come: in one of the windows offered, or as soon as possible."""
    community = neighbourhoods.own(request)
    asked = request.form.maybe_text("window", most=40)
    zone = neighbourhoods.look_at(community).timezone
    found = {windows.key_of(each): each for each in windows.offered(request.at, zone)}
    if asked is not None and asked not in found:
        raise Invalid("window", "Please choose one of the values offered.")
    window = None if asked is None else found[asked]
    actions.choose_window(request.scope, community=community, window=window, at=request.at)
    return baskets.changed(request)


@page("owner", "POST", "basket/delivery/", name="basket-delivery", asks="owner:basket")
def choose_delivery(request: OwnerRequest) -> HttpResponseBase:
    """This will say how couriers bring the goods of the shops that leave that to them, in which slot, and where to."""
    community = neighbourhoods.own(request)
    way, _at, start_at = request.form.text("way", most=60).partition("@")
    if way not in (Fulfilment.POOLED, Fulfilment.ALONE, Fulfilment.NOW):
        raise Invalid("window", "Please choose one of the values offered.")
    actions.choose_delivery(
        request.scope,
        community=community,
        shops=[ShopId(shop) for shop in request.form.ids("shops")],
        fulfilment=Fulfilment(way),
        start_at=_instant(start_at) if start_at else None,
        drop_off=request.form.choice("drop_off", DropOff),
        at=request.at,
    )
    return baskets.changed(request)


def _instant(written: str) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year not in YEARS:
        raise Invalid("window", "Please choose one of the values offered.")
    return found


@page("owner", "POST", "basket/home/", name="basket-home", asks="owner:basket")
def choose_home(request: OwnerRequest) -> HttpResponseBase:
    """This will say to which home the goods go."""
    actions.set_basket_home(request.scope, home=HomeId(request.form.id("home")), at=request.at)
    return baskets.changed(request)
