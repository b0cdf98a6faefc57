"""The basket of a resident in a community: it names things; prices, shops and stock are those of now."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Body, Instant, Pieces
from linli.kernel.ids import CommunityId, HomeId, OptionId, ShopId, SlotId, VariantId
from linli.kernel.money import Money
from linli.spine.scope import Role
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.rules import DropOff
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


class Brought(Body):
    """How couriers bring the goods of these shops: in the slot that begins at `start`, in the first, or now."""

    shops: Annotated[tuple[ShopId, ...], Meta(min_length=1, max_length=50)]
    fulfilment: rules.Fulfilment
    start: Instant | None = None
    drop_off: DropOff = DropOff.DOOR


class CourierSlot(msgspec.Struct):
    """A slot that may be ordered until its cut-off; `left` is how many orders it still takes.

    `free_from`: goods from which its shared run is free of charge; empty: never.
    """

    slot: SlotId
    start: datetime
    end: datetime
    cut_off: datetime
    left: int
    free_from: Money | None


class CourierOffer(msgspec.Struct):
    """What couriers of the platform offer a community. Fees are of one run, whatever it brings."""

    is_served: bool
    slots: tuple[CourierSlot, ...]
    fee_pooled: Money
    fee_alone: Money
    fee_now: Money
    drop_offs: tuple[DropOff, ...]


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


@endpoint(
    "PUT",
    _BASKET + "/delivery",
    role=Role.RESIDENT,
    summary="Have couriers bring the goods of shops: in a slot, or at once.",
)
def choose_delivery(request: ApiRequest, community: CommunityId, body: Brought) -> None:
    orders.choose_delivery(
        request.scope,
        community=community,
        shops=body.shops,
        fulfilment=body.fulfilment,
        start_at=body.start,
        drop_off=body.drop_off,
        at=request.at,
    )


@endpoint(
    "GET",
    "communities/<uuid:community>/slots",
    role=Role.RESIDENT,
    summary="Show in which slots couriers come, until when each is ordered, and what it costs.",
)
def show_slots(request: ApiRequest, community: CommunityId) -> CourierOffer:
    found = delivery.offered(community=community, at=request.at)
    terms = found.terms
    return CourierOffer(
        is_served=found.zone is not None,
        slots=tuple(
            CourierSlot(s.slot, s.start_at, s.end_at, s.cut_off_at, s.left, found.free_from(s)) for s in found.slots
        ),
        fee_pooled=terms.fee_pooled,
        fee_alone=terms.fee_alone,
        fee_now=terms.fee_now,
        drop_offs=terms.places,
    )


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
