"""The merchant's board: orders taken on, prepared, handed over, refused, and refunds answered."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.resources.orders import NewRefund, RefundMade
from linli.faces.openapi.shapes import Amount, Body, Line, Listed, Sentence
from linli.kernel.ids import OrderId, RefundId
from linli.kernel.refusals import Refusal
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import Role
from linli.trade.orders import actions as orders
from linli.trade.orders import queries
from linli.trade.orders.queries import Board, RefundCard

_ORDER = "orders/<uuid:order>/"


class CodeNotTaken(Refusal):
    """The code does not open this order."""

    says = "This code does not hand the order over: {outcome}."
    status = 422


class Why(Body):
    reason: Line


class Handover(Body):
    """The code that the buyer shows; of an order that is paid in cash also what was taken, exactly its `to_pay`."""

    code: Annotated[str, Meta(min_length=1, max_length=20)]
    cash: Amount | None = None


class Grant(NewRefund):
    """What the shop gives back by itself. `restock` puts the units back on sale."""

    restock: bool = False


class RefundAnswer(Body):
    grant: bool
    reason: Sentence = ""
    restock: bool = False


@endpoint("GET", "board", role=Role.MERCHANT, summary="Show what is to be done, what is due first on top.")
def show_board(request: ApiRequest) -> Board:
    return queries.shop_board(request.scope)


@endpoint("POST", _ORDER + "acceptances", role=Role.MERCHANT, summary="Take a paid order on.")
def accept_order(request: ApiRequest, order: OrderId) -> None:
    orders.accept_order(request.scope, order=order, at=request.at)


@endpoint("POST", _ORDER + "refusals", role=Role.MERCHANT, summary="Refuse a paid order; all of it is refunded.")
def refuse_order(request: ApiRequest, order: OrderId, body: Why) -> None:
    orders.refuse_order(request.scope, order=order, reason=body.reason, at=request.at)


@endpoint("POST", _ORDER + "preparations", role=Role.MERCHANT, summary="Begin to prepare an order.")
def prepare_order(request: ApiRequest, order: OrderId) -> None:
    orders.prepare_order(request.scope, order=order, at=request.at)


@endpoint("POST", _ORDER + "readiness", role=Role.MERCHANT, summary="Say that the goods are ready.")
def finish_order(request: ApiRequest, order: OrderId) -> None:
    orders.finish_order(request.scope, order=order, at=request.at)


@endpoint("POST", _ORDER + "dispatches", role=Role.MERCHANT, summary="Send an order out with the shop's delivery.")
def dispatch_order(request: ApiRequest, order: OrderId) -> None:
    orders.dispatch_order(request.scope, order=order, at=request.at)


@endpoint("POST", _ORDER + "returns", role=Role.MERCHANT, summary="Bring an order back that nobody took.")
def bring_back_order(request: ApiRequest, order: OrderId, body: Why) -> None:
    orders.bring_back_order(request.scope, order=order, reason=body.reason, at=request.at)


@endpoint("POST", _ORDER + "handovers", role=Role.MERCHANT, summary="Hand an order over to whoever knows its code.")
def hand_over_order(request: ApiRequest, order: OrderId, body: Handover) -> None:
    outcome = orders.hand_over_order(
        request.scope, order=order, code=body.code, cash=body.cash.money if body.cash else None, at=request.at
    )
    if outcome is not Redeemed.OK:  # the try was counted and kept; only now it may be refused
        raise CodeNotTaken(field="code", outcome=outcome.value)


@endpoint(
    "POST",
    _ORDER + "call-offs",
    role=(Role.MERCHANT, Role.PLATFORM),
    summary="Call an order off that was taken on; all of it is refunded.",
)
def call_off_order(request: ApiRequest, order: OrderId, body: Why) -> None:
    orders.call_off_order(request.scope, order=order, reason=body.reason, at=request.at)


@endpoint(
    "POST",
    _ORDER + "refunds",
    role=(Role.MERCHANT, Role.PLATFORM),
    status=201,
    summary="Give money back without being asked.",
)
def grant_refund(request: ApiRequest, order: OrderId, body: Grant) -> RefundMade:
    refund = orders.grant_refund(
        request.scope,
        order=order,
        lines=[line.ask for line in body.lines],
        reason=body.reason,
        with_fee=body.with_fee,
        restock=body.restock,
        at=request.at,
    )
    return RefundMade(refund)


@endpoint(
    "POST",
    "refund-requests/<uuid:refund>/cash-returns",
    role=Role.MERCHANT,
    summary="Say that a refund of an order that was paid in cash was given back in cash.",
)
def hand_back_cash(request: ApiRequest, refund: RefundId) -> None:
    orders.hand_back_cash(request.scope, refund=refund, at=request.at)


@endpoint(
    "GET",
    "refund-requests",
    role=(Role.MERCHANT, Role.PLATFORM),
    summary="List the requests that wait for an answer: a shop's own, disputes for the platform.",
)
def list_refund_requests(request: ApiRequest) -> Listed[RefundCard]:
    return Listed(queries.refund_requests(request.scope))


@endpoint(
    "POST",
    "refund-requests/<uuid:refund>/answers",
    role=(Role.MERCHANT, Role.PLATFORM),
    summary="Answer a request for money back; the platform decides disputes.",
)
def answer_refund(request: ApiRequest, refund: RefundId, body: RefundAnswer) -> None:
    if request.scope.role is Role.PLATFORM:
        orders.decide_refund(request.scope, refund=refund, grant=body.grant, reason=body.reason, at=request.at)
        return
    orders.answer_refund(
        request.scope, refund=refund, grant=body.grant, reason=body.reason, restock=body.restock, at=request.at
    )
