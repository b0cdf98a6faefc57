"""The basket of a resident in a community: it names things; prices, shops and stock are those of now."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Body, Instant, Pieces
from linli.kernel.ids import CommunityId, HomeId, OptionId, ShopId, VariantId
from linli.spine.scope import Role
from linli.trade.orders import actions as orders
from linli.trade.orders import queries, rules
from linli.trade.orders.queries import BasketPage


class WantedLine(Body):
    """A thing that is wanted, by name: never a price."""

    variant: VariantId
    quantity: Pieces = 1
    options: Annotated[tuple[OptionId, ...], Meta(max_length=50)] = ()


class Quantity(Body):
    quantity: Pieces


class ToHome(Body):
    """One of the buyer's homes."""

    home: HomeId


class Fulfilled(Body):
    """How the goods of one shop shall come."""

    fulfilment: rules.Fulfilment


class Slot(Body):
    """When the goods shall come."""

    start: Instant
    end: Instant

    @property
    def window(self) -> rules.Window:
        return rules.Window(self.start, self.end)


_BASKET = "communities/<uuid:community>/basket"


@endpoint("GET", _BASKET, role=Role.RESIDENT, summary="Show the basket at the prices and with the stock of now.")
def show_basket(request: ApiRequest, community: CommunityId) -> BasketPage:
    return queries.basket_page(request.scope, community=community, at=request.at)


@endpoint(
    "POST", _BASKET + "/lines", role=Role.RESIDENT, asked_inside=True, summary="Put more of a thing into the basket."
)
def add_to_basket(request: ApiRequest, community: CommunityId, body: WantedLine) -> None:
    orders.add_to_basket(
        request.scope,
        community=community,
        variant=body.variant,
        quantity=body.quantity,
        options=body.options,
        at=request.at,
    )


@endpoint(
    "PUT",
    _BASKET + "/lines/<uuid:line>",
    role=Role.RESIDENT,
    asked_inside=True,
    summary="Say how many pieces of a line.",
)
def change_basket_line(request: ApiRequest, community: CommunityId, line: UUID, body: Quantity) -> None:
    orders.change_basket_line(request.scope, community=community, line=line, quantity=body.quantity, at=request.at)


@endpoint(
    "DELETE",
    _BASKET + "/lines/<uuid:line>",
    role=Role.RESIDENT,
    asked_inside=True,
    summary="Take a line out of the basket.",
)
def remove_basket_line(request: ApiRequest, community: CommunityId, line: UUID) -> None:
    orders.remove_basket_line(request.scope, community=community, line=line, at=request.at)


@endpoint(
    "PUT",
    "basket/home",
    role=Role.RESIDENT,
    asked_inside=True,
    summary="Say to which home the basket of its community goes.",
)
def set_basket_home(request: ApiRequest, body: ToHome) -> None:
    orders.set_basket_home(request.scope, home=body.home, at=request.at)


@endpoint(
    "PUT",
    _BASKET + "/shops/<uuid:shop>/fulfilment",
    role=Role.RESIDENT,
    summary="Say how the goods of one shop shall come.",
)
def choose_fulfilment(request: ApiRequest, community: CommunityId, shop: ShopId, body: Fulfilled) -> None:
    orders.choose_fulfilment(request.scope, community=community, shop=shop, fulfilment=body.fulfilment, at=request.at)


@endpoint("PUT", _BASKET + "/window", role=Role.RESIDENT, asked_inside=True, summary="Say when the goods shall come.")
def choose_window(request: ApiRequest, community: CommunityId, body: Slot) -> None:
    orders.choose_window(request.scope, community=community, window=body.window, at=request.at)


@endpoint(
    "DELETE",
    _BASKET + "/window",
    role=Role.RESIDENT,
    asked_inside=True,
    summary="Have the goods come as soon as possible.",
)
def drop_window(request: ApiRequest, community: CommunityId) -> None:
    orders.choose_window(request.scope, community=community, window=None, at=request.at)
