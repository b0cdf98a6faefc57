"""Shops: applied for, judged by the platform, kept by their merchant."""

from __future__ import annotations

import msgspec

from linli.faces.openapi.endpoints import SIGNED_IN, ApiRequest, endpoint
from linli.faces.openapi.resources.board import Why
from linli.faces.openapi.shapes import Body, Instant, Latitude, Line, Listed, Longitude, Names, Paged, Sentence, page_of
from linli.kernel.ids import CityId, PartyId, ShopId
from linli.spine.scope import Role
from linli.trade.shops import actions as shops
from linli.trade.shops import queries, rules
from linli.trade.shops.queries import ShopPage, ShopSummary


class NewApplication(Body):
    """A shop at a place. Only the platform names another party as `merchant`."""

    name: Names
    kind: rules.ShopKind
    city: CityId
    lat: Latitude
    lon: Longitude
    address: Line
    merchant: PartyId | None = None


class Applied(msgspec.Struct):
    shop: ShopId


class OfState(Paged):
    state: rules.ShopState = rules.ShopState.APPLIED


class Approval(Body):
    why: Sentence = ""


class Pause(Body):
    until: Instant


@endpoint("POST", "applications", role=SIGNED_IN, status=201, summary="Apply to sell in the communities around.")
def create_application(request: ApiRequest, body: NewApplication) -> Applied:
    shop = shops.apply(
        request.scope,
        name=body.name,
        kind=body.kind,
        city=body.city,
        lat=body.lat,
        lon=body.lon,
        address=body.address,
        merchant=body.merchant,
        at=request.at,
    )
    return Applied(shop)


@endpoint("GET", "applications", role=Role.PLATFORM, summary="List shops in a state, oldest first.")
def list_applications(request: ApiRequest, query: OfState) -> Listed[ShopSummary]:
    after = ShopId(query.after) if query.after else None
    rows = queries.applications(request.scope, state=query.state, after=after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda row: row.shop)


@endpoint("GET", "shops/<uuid:shop>", role=SIGNED_IN, summary="Show a shop to its merchant, applicant or platform.")
def show_shop(request: ApiRequest, shop: ShopId) -> ShopPage:
    return queries.shop(request.scope, shop=shop)


@endpoint("GET", "shops", role=SIGNED_IN, summary="List the shops that one applied for, owns or works in.")
def list_own_shops(request: ApiRequest) -> Listed[ShopSummary]:
    return Listed(queries.my_shops(request.scope))


@endpoint("POST", "shops/<uuid:shop>/approvals", role=Role.PLATFORM, summary="Approve an application.")
def approve_shop(request: ApiRequest, shop: ShopId, body: Approval) -> None:
    shops.approve(request.scope, shop=shop, why=body.why, at=request.at)


@endpoint("POST", "shops/<uuid:shop>/refusals", role=Role.PLATFORM, summary="Refuse an application with a reason.")
def refuse_shop(request: ApiRequest, shop: ShopId, body: Why) -> None:
    shops.refuse(request.scope, shop=shop, why=body.reason, at=request.at)


@endpoint("POST", "shops/<uuid:shop>/suspensions", role=Role.PLATFORM, summary="Suspend a shop with a reason.")
def suspend_shop(request: ApiRequest, shop: ShopId, body: Why) -> None:
    shops.suspend(request.scope, shop=shop, why=body.reason, at=request.at)


@endpoint("POST", "shops/<uuid:shop>/reinstatements", role=Role.PLATFORM, summary="Let a suspended shop sell again.")
def reinstate_shop(request: ApiRequest, shop: ShopId, body: Why) -> None:
    shops.reinstate(request.scope, shop=shop, why=body.reason, at=request.at)


@endpoint("POST", "shop/pauses", role=Role.MERCHANT, summary="Take no orders until a moment.")
def pause_shop(request: ApiRequest, body: Pause) -> None:
    shops.pause(request.scope, shop=request.shop, until=body.until, at=request.at)


@endpoint("POST", "shop/resumptions", role=Role.MERCHANT, summary="Take orders again at once.")
def resume_shop(request: ApiRequest) -> None:
    shops.resume(request.scope, shop=request.shop, at=request.at)
