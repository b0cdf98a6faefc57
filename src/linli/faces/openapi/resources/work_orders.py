"""Work orders: what may be asked for, asking, following, and answering a price."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from linli.estate.workorders import actions as workorders
from linli.estate.workorders import queries
from linli.estate.workorders.queries import MyOrder, OrderPage, OutageCard, TypeCard
from linli.estate.workorders.rules import Kind, WorkOrderPolicy
from linli.faces.openapi.counters import insist_offered
from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import MOST_LISTED, Amount, Body, Instant, Line, Listed, Paged, Sentence, page_of
from linli.kernel.ids import CommunityId, FileId, HomeId, WorkOrderId
from linli.spine.scope import Role

ASKS_OR_DOES = (Role.RESIDENT, Role.PROPERTY)


class NewWorkOrder(Body):
    """Something at a home of the asker's, or at a public place. A service at a fixed price names what it agrees to."""

    community: CommunityId
    kind: Kind = Kind.REPAIR
    type: UUID | None = None
    home: HomeId | None = None
    place: Annotated[str, Meta(max_length=120)] = ""
    words: Sentence = ""
    photos: Annotated[tuple[FileId, ...], Meta(max_length=9)] = ()
    wanted_at: Instant | None = None
    agrees_to: Amount | None = None


class Agreement(Body):
    """The amount that was shown."""

    amount: Amount


class Rating(Body):
    stars: Annotated[int, Meta(ge=1, le=5)]
    words: Sentence = ""


class Reason(Body):
    why: Line


class Raised(msgspec.Struct):
    order: WorkOrderId


@endpoint(
    "GET",
    "communities/<uuid:community>/work-order-types",
    role=ASKS_OR_DOES,
    summary="List what may be asked for in a community, with what is promised there.",
)
def list_types(request: ApiRequest, community: CommunityId) -> tuple[TypeCard, ...]:
    insist_offered(request, WorkOrderPolicy)
    return queries.types_here(request.scope, community=community, at=request.at)


@endpoint("POST", "work-orders", role=ASKS_OR_DOES, status=201, summary="Ask for a repair, a service or an answer.")
def raise_work_order(request: ApiRequest, body: NewWorkOrder) -> Raised:
    insist_offered(request, WorkOrderPolicy)
    order = workorders.raise_work_order(
        request.scope,
        community=body.community,
        kind=body.kind,
        type_id=body.type,
        home=body.home,
        place=body.place,
        words=body.words,
        photos=body.photos,
        wanted_at=body.wanted_at,
        agrees_to=body.agrees_to.money if body.agrees_to else None,
        at=request.at,
    )
    return Raised(order)


@endpoint("GET", "work-orders", role=Role.RESIDENT, summary="List what the asker asked for, the latest first.")
def list_work_orders(request: ApiRequest, query: Paged) -> Listed[MyOrder]:
    insist_offered(request, WorkOrderPolicy)
    after = WorkOrderId(query.after) if query.after else None
    rows = queries.my_orders(request.scope, after=after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda card: card.order)


@endpoint(
    "GET",
    "work-orders/<uuid:order>",
    role=ASKS_OR_DOES,
    summary="Show an order whole: who comes and when, prices, and every step.",
)
def show_work_order(request: ApiRequest, order: WorkOrderId) -> OrderPage:
    insist_offered(request, WorkOrderPolicy)
    return queries.order_page(request.scope, order=order, at=request.at)


@endpoint("POST", "work-orders/<uuid:order>/agreements", role=Role.RESIDENT, summary="Agree to the price told.")
def agree(request: ApiRequest, order: WorkOrderId, body: Agreement) -> None:
    insist_offered(request, WorkOrderPolicy)
    workorders.agree_to_quote(request.scope, order=order, amount=body.amount.money, at=request.at)


@endpoint("POST", "work-orders/<uuid:order>/refusals", role=Role.RESIDENT, summary="Say no to the price.")
def decline(request: ApiRequest, order: WorkOrderId, body: Reason) -> None:
    insist_offered(request, WorkOrderPolicy)
    workorders.decline_quote(request.scope, order=order, why=body.why, at=request.at)


@endpoint("POST", "work-orders/<uuid:order>/ratings", role=Role.RESIDENT, summary="Say how it was.")
def rate(request: ApiRequest, order: WorkOrderId, body: Rating) -> None:
    insist_offered(request, WorkOrderPolicy)
    workorders.rate_work(request.scope, order=order, stars=body.stars, words=body.words, at=request.at)


@endpoint("POST", "work-orders/<uuid:order>/reopenings", role=ASKS_OR_DOES, summary="Say that it was not put right.")
def reopen(request: ApiRequest, order: WorkOrderId, body: Reason) -> None:
    insist_offered(request, WorkOrderPolicy)
    workorders.reopen_work(request.scope, order=order, why=body.why, at=request.at)


@endpoint("POST", "work-orders/<uuid:order>/cancellations", role=ASKS_OR_DOES, summary="Call an order off.")
def cancel(request: ApiRequest, order: WorkOrderId, body: Reason) -> None:
    insist_offered(request, WorkOrderPolicy)
    workorders.cancel_work(request.scope, order=order, why=body.why, at=request.at)


@endpoint(
    "GET",
    "communities/<uuid:community>/outages",
    role=Role.RESIDENT,
    summary="List what is, or will be, off at the asker's homes in a community.",
)
def list_outages(request: ApiRequest, community: CommunityId) -> tuple[OutageCard, ...]:
    scope = request.scope
    return queries.outages_here(scope, community=community, homes=scope.homes, at=request.at, limit=MOST_LISTED)
