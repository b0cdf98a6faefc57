"""Orders of a buyer: placed in one call, read, cancelled, received, and asked money back for."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.resources.baskets import Slot, WantedLine
from linli.faces.openapi.shapes import Amount, Body, Line, Listed, Paged, page_of
from linli.kernel.ids import HomeId, LineId, OrderId, RefundId
from linli.spine.scope import Role
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import actions as orders
from linli.trade.orders import queries, rules
from linli.trade.orders.actions import Asked, Placed
from linli.trade.orders.queries import OrderCard, OrderPage

BUYER_SHOP_PLATFORM = (Role.RESIDENT, Role.MERCHANT, Role.PLATFORM)


class NewOrder(Body):
    """Goods for one of the buyer's homes. There is one order for each shop among them, and one payment for all."""

    home: HomeId
    lines: Annotated[tuple[WantedLine, ...], Meta(min_length=1, max_length=200)]
    fulfilment: rules.Fulfilment | None = None
    window: Slot | None = None
    drop_off: DropOff = DropOff.DOOR


class RefundLine(Body):
    """What is wanted back of a line: so many units, or an amount where the goods are kept."""

    line: LineId
    quantity: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    amount: Amount | None = None

    @property
    def ask(self) -> rules.RefundAsk:
        return rules.RefundAsk(
            line=self.line, quantity=self.quantity, amount=self.amount.money if self.amount else None
        )


class NewRefund(Body):
    """Which lines, and why. `with_fee` includes the delivery fee."""

    lines: Annotated[tuple[RefundLine, ...], Meta(max_length=200)]
    reason: Line
    with_fee: bool = False


class RefundMade(msgspec.Struct):
    refund: RefundId


@endpoint(
    "POST",
    "orders",
    role=Role.RESIDENT,
    surely=False,
    status=201,
    summary="Order goods in one call, without a basket. Pay the collection of the answer before `pay_before`.",
)
def create_order(request: ApiRequest, body: NewOrder) -> Placed:
    return orders.order_now(
        request.scope,
        lines=[Asked(variant=line.variant, quantity=line.quantity, options=line.options) for line in body.lines],
        home=body.home,
        fulfilment=body.fulfilment,
        window=body.window.window if body.window else None,
        drop_off=body.drop_off,
        at=request.at,
    )


@endpoint("GET", "orders", role=Role.RESIDENT, summary="List the buyer's own orders, the latest first.")
def list_orders(request: ApiRequest, query: Paged) -> Listed[OrderCard]:
    after = OrderId(query.after) if query.after else None
    rows = queries.my_orders(request.scope, after=after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda card: card.order)


@endpoint(
    "GET",
    "orders/<uuid:order>",
    role=BUYER_SHOP_PLATFORM,
    asked_inside=True,
    summary="Show an order with every step of its price and its way; its code to the buyer alone.",
)
def show_order(request: ApiRequest, order: OrderId) -> OrderPage:
    return queries.order_page(request.scope, order=order)


@endpoint("POST", "orders/<uuid:order>/cancellations", role=Role.RESIDENT, summary="Cancel an order of one's own.")
def cancel_order(request: ApiRequest, order: OrderId) -> None:
    orders.cancel_order(request.scope, order=order, at=request.at)


@endpoint("POST", "orders/<uuid:order>/receipts", role=Role.RESIDENT, summary="Say that the goods have come.")
def confirm_receipt(request: ApiRequest, order: OrderId) -> None:
    orders.confirm_receipt(request.scope, order=order, at=request.at)


@endpoint(
    "POST",
    "orders/<uuid:order>/refund-requests",
    role=Role.RESIDENT,
    status=201,
    summary="Ask for money back; the shop has to answer in time.",
)
def request_refund(request: ApiRequest, order: OrderId, body: NewRefund) -> RefundMade:
    refund = orders.request_refund(
        request.scope,
        order=order,
        lines=[line.ask for line in body.lines],
        reason=body.reason,
        with_fee=body.with_fee,
        at=request.at,
    )
    return RefundMade(refund)


@endpoint(
    "POST", "refund-requests/<uuid:refund>/withdrawals", role=Role.RESIDENT, summary="Take a request for money back."
)
def withdraw_refund(request: ApiRequest, refund: RefundId) -> None:
    orders.withdraw_refund(request.scope, refund=refund, at=request.at)
