"""A checkout: the basket with its prices kept for some minutes, then placed and paid once."""

from __future__ import annotations

import msgspec

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.kernel.ids import CheckoutId, CommunityId, OrderId
from linli.money.payments.queries import TransferSlip
from linli.spine.scope import Role
from linli.trade.orders import actions as orders
from linli.trade.orders import queries
from linli.trade.orders.actions import Placed
from linli.trade.orders.queries import CheckoutPage, QuotePage, WaysToPay


class Locked(msgspec.Struct):
    """The prices are kept; `checkouts/{checkout}/quote` shows them."""

    checkout: CheckoutId


class Promised(msgspec.Struct):
    """These orders are with their shops now; each is paid in cash when it is handed over."""

    orders: tuple[OrderId, ...]


@endpoint(
    "POST",
    "communities/<uuid:community>/checkouts",
    role=Role.RESIDENT,
    asked_inside=True,
    status=201,
    summary="Price the basket and keep the prices for some minutes; an earlier lock of it ends.",
)
def lock_checkout(request: ApiRequest, community: CommunityId) -> Locked:
    return Locked(orders.lock_checkout(request.scope, community=community, at=request.at))


@endpoint(
    "GET",
    "checkouts/<uuid:checkout>/quote",
    role=Role.RESIDENT,
    summary="Show the locked prices with every step that led to them.",
)
def show_quote(request: ApiRequest, checkout: CheckoutId) -> QuotePage:
    return queries.quote(request.scope, checkout=checkout, at=request.at)


@endpoint("GET", "checkouts/<uuid:checkout>", role=Role.RESIDENT, summary="Show what is paid once, and for what.")
def show_checkout(request: ApiRequest, checkout: CheckoutId) -> CheckoutPage:
    return queries.checkout_page(request.scope, checkout=checkout)


@endpoint(
    "POST",
    "checkouts/<uuid:checkout>/placements",
    role=Role.RESIDENT,
    asked_inside=True,
    status=201,
    summary="Place the checkout: one order per shop, one payment.",
)
def place_checkout(request: ApiRequest, checkout: CheckoutId) -> Placed:
    return orders.place_checkout(request.scope, checkout=checkout, at=request.at)


@endpoint(
    "POST",
    "checkouts/<uuid:checkout>/cancellations",
    role=Role.RESIDENT,
    summary="Cancel a checkout that is not paid yet, with all its orders.",
)
def cancel_checkout(request: ApiRequest, checkout: CheckoutId) -> None:
    orders.cancel_checkout(request.scope, checkout=checkout, at=request.at)


@endpoint(
    "GET",
    "checkouts/<uuid:checkout>/ways-to-pay",
    role=Role.RESIDENT,
    summary="Say by which ways a placed checkout can be paid now.",
)
def show_ways_to_pay(request: ApiRequest, checkout: CheckoutId) -> WaysToPay:
    return queries.ways_to_pay(request.scope, checkout=checkout, at=request.at)


@endpoint(
    "POST",
    "checkouts/<uuid:checkout>/cash-promises",
    role=Role.RESIDENT,
    status=201,
    summary="Have a placed checkout paid in cash at the door, order by order.",
)
def promise_cash(request: ApiRequest, checkout: CheckoutId) -> Promised:
    return Promised(orders.promise_cash(request.scope, checkout=checkout, at=request.at))


@endpoint(
    "POST",
    "checkouts/<uuid:checkout>/transfers",
    role=Role.RESIDENT,
    status=201,
    summary="Have a placed checkout paid by bank transfer: where to, and what to quote; asked again, the same.",
)
def choose_transfer(request: ApiRequest, checkout: CheckoutId) -> TransferSlip:
    return orders.choose_transfer(request.scope, checkout=checkout, at=request.at)
