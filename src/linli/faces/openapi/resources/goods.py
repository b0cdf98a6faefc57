"""What a merchant keeps: listings, prices and the stock book of the shop."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Amount, Body, Instant, Line, Listed, Names, Paged, Pieces, Sentence, page_of
from linli.kernel.ids import BatchId, CategoryId, FileId, ListingId, VariantId
from linli.kernel.money import Money
from linli.spine.scope import Role
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue import queries
from linli.trade.catalogue.actions import Added
from linli.trade.catalogue.queries import KeptListing
from linli.trade.catalogue.rules import MOST_PIECES, Care, GroupDraft, Kind, ListingDraft, OptionDraft, VariantDraft
from linli.trade.stock import actions as stock
from linli.trade.stock import queries as levels
from linli.trade.stock.queries import BatchLine, StockLine

SHOP = Role.MERCHANT


class NewVariant(Body):
    """`tracked` null keeps stock of everything but prepared food."""

    price: Amount
    label: Names = {}
    measure: Annotated[str, Meta(max_length=40)] = ""
    barcode: Annotated[str, Meta(max_length=40)] = ""
    tracked: bool | None = None


class NewOption(Body):
    name: Names
    price: Amount | None = None
    minutes: Annotated[int, Meta(ge=0, le=1440)] = 0


class NewGroup(Body):
    """Choices of a prepared listing: between `least` and `most` of the options."""

    name: Names
    options: Annotated[tuple[NewOption, ...], Meta(min_length=1, max_length=50)]
    least: Annotated[int, Meta(ge=0, le=50)] = 0
    most: Annotated[int, Meta(ge=1, le=50)] = 1


class NewListing(Body):
    name: Names
    kind: Kind
    variants: Annotated[tuple[NewVariant, ...], Meta(min_length=1, max_length=100)]
    category: CategoryId | None = None
    description: dict[str, Annotated[str, Meta(max_length=5000)]] = {}
    picture: FileId | None = None
    groups: Annotated[tuple[NewGroup, ...], Meta(max_length=20)] = ()


class CareOf(Body):
    """How goods are carried; of heavy ones, so many pieces together are heavy."""

    care: Annotated[tuple[Care, ...], Meta(max_length=10)]
    heavy_from: Annotated[int, Meta(ge=1, le=MOST_PIECES)] = 1


class Price(Body):
    price: Amount


class NewBatch(Body):
    """Units that came in together; `cost` is of one unit and seen by its merchant only."""

    quantity: Pieces
    cost: Amount | None = None
    expires_at: Instant | None = None


class Received(msgspec.Struct):
    batch: BatchId


class Count(Body):
    counted: Annotated[int, Meta(ge=0, le=1_000_000)]
    why: Sentence = ""


class Counted(msgspec.Struct):
    """Negative: so many were missing."""

    difference: int


class WriteOff(Body):
    quantity: Pieces
    why: Line
    batch: BatchId | None = None


@endpoint("GET", "shop/listings", role=SHOP, summary="List what the shop keeps, newest first.")
def list_listings(request: ApiRequest, query: Paged) -> Listed[KeptListing]:
    after = ListingId(query.after) if query.after else None
    rows = queries.shop_listings(request.scope, shop=request.shop, after=after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda row: row.listing)


@endpoint("POST", "shop/listings", role=SHOP, status=201, summary="Put a new listing on the shelf.")
def create_listing(request: ApiRequest, body: NewListing) -> Added:
    draft = ListingDraft(
        name=body.name,
        kind=body.kind,
        variants=tuple(
            VariantDraft(price=v.price.money, label=v.label, measure=v.measure, barcode=v.barcode, tracked=v.tracked)
            for v in body.variants
        ),
        category=body.category,
        description=body.description,
        picture=body.picture,
        groups=tuple(_group(g) for g in body.groups),
    )
    return catalogue.add_listing(request.scope, shop=request.shop, draft=draft, at=request.at)


def _group(sent: NewGroup) -> GroupDraft:
    options = tuple(
        OptionDraft(name=o.name, price=o.price.money if o.price else Money.zero, minutes=o.minutes)
        for o in sent.options
    )
    return GroupDraft(name=sent.name, options=options, least=sent.least, most=sent.most)


@endpoint("PUT", "listings/<uuid:listing>/care", role=SHOP, summary="Say how a listing's goods are carried.")
def set_care(request: ApiRequest, listing: ListingId, body: CareOf) -> None:
    catalogue.set_care(request.scope, listing=listing, care=body.care, heavy_from=body.heavy_from, at=request.at)


@endpoint("POST", "listings/<uuid:listing>/unlistings", role=SHOP, summary="Take a listing off the shelf.")
def unlist(request: ApiRequest, listing: ListingId) -> None:
    catalogue.unlist(request.scope, listing=listing, at=request.at)


@endpoint("POST", "listings/<uuid:listing>/relistings", role=SHOP, summary="Put a listing back on the shelf.")
def relist(request: ApiRequest, listing: ListingId) -> None:
    catalogue.relist(request.scope, listing=listing, at=request.at)


@endpoint("PUT", "variants/<uuid:variant>/price", role=SHOP, summary="Set a variant's own price.")
def set_price(request: ApiRequest, variant: VariantId, body: Price) -> None:
    catalogue.set_price(request.scope, variant=variant, price=body.price.money, at=request.at)


@endpoint("GET", "shop/stock", role=SHOP, summary="List the levels of the shop's goods.")
def list_stock(request: ApiRequest, query: Paged) -> Listed[StockLine]:
    after = VariantId(query.after) if query.after else None
    rows = levels.stock_of_shop(request.scope, shop=request.shop, at=request.at, after=after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda row: row.variant)


@endpoint("GET", "variants/<uuid:variant>/batches", role=SHOP, summary="List batches in the order of their serving.")
def list_batches(request: ApiRequest, variant: VariantId) -> Listed[BatchLine]:
    return Listed(levels.batches(request.scope, variant=variant))


@endpoint("POST", "variants/<uuid:variant>/batches", role=SHOP, status=201, summary="Take a batch in and sell it.")
def receive_batch(request: ApiRequest, variant: VariantId, body: NewBatch) -> Received:
    batch = stock.receive_batch(
        request.scope,
        variant=variant,
        quantity=body.quantity,
        cost=body.cost.money if body.cost else None,
        expires_at=body.expires_at,
        at=request.at,
    )
    return Received(batch)


@endpoint("POST", "variants/<uuid:variant>/counts", role=SHOP, summary="Make the book say what was counted.")
def count_stock(request: ApiRequest, variant: VariantId, body: Count) -> Counted:
    return Counted(stock.count_stock(request.scope, variant=variant, counted=body.counted, why=body.why, at=request.at))


@endpoint("POST", "variants/<uuid:variant>/write-offs", role=SHOP, summary="Take out broken or missing units.")
def write_off(request: ApiRequest, variant: VariantId, body: WriteOff) -> None:
    stock.write_off(
        request.scope, variant=variant, quantity=body.quantity, why=body.why, batch=body.batch, at=request.at
    )
