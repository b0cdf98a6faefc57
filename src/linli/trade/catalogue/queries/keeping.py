"""What a merchant keeps: every listing of the shop, at the prices before any offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from linli.kernel.ids import CategoryId, FileId, ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import decoding, sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.catalogue import rules
from linli.trade.catalogue.queries.names import names
from linli.trade.catalogue.rules import Care, Kind

MOST_LISTINGS = 100


@dataclass(frozen=True, slots=True)
class KeptVariant:
    variant: VariantId
    label: dict[str, str]
    price: Money
    measure: str
    barcode: str
    tracked: bool
    listed: bool


@dataclass(frozen=True, slots=True)
class KeptListing:
    """A listing as its merchant keeps it: with what is not listed too, at the prices before any offer."""

    listing: ListingId
    name: dict[str, str]
    kind: Kind
    category: CategoryId | None
    picture: FileId | None
    listed: bool
    description: dict[str, str]
    care: frozenset[Care]
    heavy_from: int
    variants: tuple[KeptVariant, ...]


@query
def shop_listings(
    scope: Scope,
    *,
    shop: ShopId,
    words: str | None = None,
    only: ListingId | None = None,
    after: ListingId | None = None,
    limit: int = 50,
) -> tuple[KeptListing, ...]:
    """This will list what a shop keeps, newest first, to its merchant and the platform; or one listing only."""
    if not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")
    tokens = rules.asked_tokens(words) if words else []
    rows = sql.fetch(
        "SELECT l.id, l.name, l.kind, l.category_id, l.picture, l.listed, l.description, l.care, l.heavy_from,"
        " v.rows"
        " FROM (SELECT * FROM catalogue_listing WHERE shop_id = %s AND search @> %s::text[]"
        " AND (%s::uuid IS NULL OR id = %s::uuid)"
        " AND (%s::uuid IS NULL OR id < %s::uuid)"
        " ORDER BY id DESC LIMIT %s) l CROSS JOIN LATERAL (SELECT jsonb_agg(jsonb_build_array(v.id, v.label,"
        " v.price_minor, v.measure, v.barcode, v.tracked, v.listed) ORDER BY v.position, v.id) AS rows"
        " FROM catalogue_variant v WHERE v.listing_id = l.id) v ORDER BY l.id DESC",
        shop,
        tokens,
        only,
        only,
        after,
        after,
        max(1, min(limit, MOST_LISTINGS)),
    )
    return tuple(_kept(*row) for row in rows)


class _Kept(NamedTuple):
    variant: UUID
    label: dict[str, str]
    price_minor: int
    measure: str
    barcode: str
    tracked: bool
    listed: bool


def _kept(
    listing: ListingId,
    name: str,
    kind: str,
    category: CategoryId | None,
    picture: FileId | None,
    listed: bool,
    description: str,
    care: list[str],
    heavy_from: int,
    variants: str | None,
) -> KeptListing:
    rows = decoding.decode(variants, list[_Kept]) if variants else []
    kept = tuple(
        KeptVariant(VariantId(v.variant), v.label, Money(v.price_minor), v.measure, v.barcode, v.tracked, v.listed)
        for v in rows
    )
    return KeptListing(
        listing=listing,
        name=names.decode(name),
        kind=Kind(kind),
        category=category,
        picture=picture,
        listed=listed,
        description=names.decode(description),
        care=frozenset(map(Care, care)),
        heavy_from=heavy_from,
        variants=kept,
    )
