"""Paying a collection at a provider."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Body
from linli.kernel.ids import CollectionId
from linli.money.payments import actions as payments
from linli.money.payments import queries
from linli.money.payments.actions import PayPage
from linli.money.payments.queries import CollectionCard
from linli.spine.scope import Role


class NewPayment(Body):
    """By which way the payer's money comes: `wechat`, `alipay` or `bank_transfer`."""

    channel: Annotated[str, Meta(max_length=20)]


@endpoint("GET", "collections/<uuid:collection>", role=Role.RESIDENT, summary="Show what is to be paid and what was.")
def show_collection(request: ApiRequest, collection: CollectionId) -> CollectionCard:
    return queries.collection(request.scope, collection=collection)


@endpoint(
    "POST",
    "collections/<uuid:collection>/payments",
    role=Role.RESIDENT,
    status=201,
    summary="Begin a payment and learn where to pay; asked again by the same way, the same page.",
)
def create_payment(request: ApiRequest, collection: CollectionId, body: NewPayment) -> PayPage:
    return payments.begin_payment(request.unkeyed, collection=collection, channel=body.channel, at=request.at)
