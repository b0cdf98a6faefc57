"""What a merchant keeps: every listing of the shop, at the prices before any offer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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

MOST_LISTINGS = 20_000


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


class GoodsSort(StrEnum):
    """By what a shop's listings are sorted; the price is that of a listing's cheapest variant."""

    NEWEST = "added"
    NAME = "name"
    PRICE = "price"


_NAMED = {"zh": "coalesce(g.name->>'zh', g.name->>'en', '')", "en": "coalesce(g.name->>'en', g.name->>'zh', '')"}
_CHEAPEST = "coalesce((SELECT min(p.price_minor) FROM catalogue_variant p WHERE p.listing_id = g.id), 0)"
_LISTED = """
    SELECT l.id, l.name, l.kind, l.category_id, l.picture, l.listed, l.description, l.care, l.heavy_from, v.rows
    FROM (SELECT g.*, {by} AS sort_key FROM catalogue_listing g
          WHERE g.shop_id = %s AND g.search @> %s::text[] AND (%s::uuid IS NULL OR g.id = %s::uuid)
            AND (%s::boolean IS NULL OR %s = (g.listed AND EXISTS (
                SELECT FROM catalogue_variant s WHERE s.listing_id = g.id AND s.listed)))
            AND (%s::uuid IS NULL
                 OR ({by}, g.id) {beyond} (SELECT {by}, g.id FROM catalogue_listing g WHERE g.id = %s::uuid))
          ORDER BY {by} {way}, g.id {way} LIMIT %s) l
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_array(v.id, v.label, v.price_minor, v.measure, v.barcode, v.tracked, v.listed)
                         ORDER BY v.position, v.id) AS rows
        FROM catalogue_variant v WHERE v.listing_id = l.id) v
    ORDER BY l.sort_key {way}, l.id {way}
"""


@query
def shop_listings(
    scope: Scope,
    *,
    shop: ShopId,
    words: str | None = None,
    only: ListingId | None = None,
    listed: bool | None = None,
    order: GoodsSort = GoodsSort.NEWEST,
    is_rising: bool = False,
    language: str = "zh",
    after: ListingId | None = None,
    limit: int = 50,
) -> tuple[KeptListing, ...]:
    """This will list what a shop keeps to its merchant and the platform, newest first or as `order` says; or only one.

    `listed`: only those of which something is on the shelf, or only the others. Names are sorted as they are in
    `language`.
    """
    if not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")
    tokens = rules.asked_tokens(words) if words else []
    rows = sql.fetch(
        _listed(order, language, is_rising=is_rising),
        shop,
        tokens,
        *(only, only, listed, listed),
        after,
        after,
        max(1, min(limit, MOST_LISTINGS)),
    )
    return tuple(_kept(*row) for row in rows)


def _listed(order: GoodsSort, language: str, *, is_rising: bool) -> str:
    by = {GoodsSort.NAME: _NAMED.get(language, _NAMED["zh"]), GoodsSort.PRICE: _CHEAPEST}.get(order, "g.id")
    way, beyond = ("ASC", ">") if is_rising else ("DESC", "<")
    return _LISTED.format(by=by, way=way, beyond=beyond)


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
