"""The next basket of a home, for those who asked to be told: what it buys again, and what many neighbours like."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Body
from linli.insight.replenish import actions, queries
from linli.insight.replenish.queries import NextBasket
from linli.kernel.ids import CommunityId, HomeId, VariantId
from linli.spine.scope import Role


class Taken(Body):
    """Which of the proposed things; without them all that the home buys again and again."""

    variants: Annotated[tuple[VariantId, ...], Meta(max_length=50)] | None = None


class TakenInto(msgspec.Struct):
    """In which community's basket they are, and how many of them could be had."""

    community: CommunityId
    put: int


@endpoint(
    "GET",
    "homes/<uuid:home>/next-basket",
    role=Role.RESIDENT,
    summary="Propose the next basket of one of the caller's homes, with the reason for each thing.",
)
def show_next_basket(request: ApiRequest, home: HomeId) -> NextBasket:
    return queries.next_basket(request.scope, home=home, at=request.at)


@endpoint(
    "POST",
    "homes/<uuid:home>/next-basket",
    role=Role.RESIDENT,
    summary="Put proposed things into the basket, as much of each as is usual.",
)
def take_next_basket(request: ApiRequest, home: HomeId, body: Taken) -> TakenInto:
    community, put = actions.take_next_basket(request.scope, home=home, variants=body.variants, at=request.at)
    return TakenInto(community, put)
