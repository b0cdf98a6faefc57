"""The shelf: a page of what a community can buy, in one statement that gives one JSON text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import LiteralString, NamedTuple
from uuid import UUID

import msgspec

from linli.kernel.ids import CategoryId, CommunityId, FileId, ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import open_query
from linli.spine.sql import Part
from linli.trade.catalogue import rules
from linli.trade.catalogue.queries.offers import OFFERS, PRICE, VISIBLE
from linli.trade.catalogue.rules import Kind

MOST_LISTINGS = 100
NOT_ASKED = Part("0", ())
READ_PAGES = 32
"""So many pages are known as they were read; each takes some fifty kilobytes."""


@dataclass(frozen=True, slots=True)
class ShelfVariant:
    """`left` is how many can be bought now, where the shelf was asked for that."""

    variant: VariantId
    label: dict[str, str]
    price: Money
    left: int = 0


@dataclass(frozen=True, slots=True)
class ShelfListing:
    """A listing as it stands on the shelf: only the variants that are visible in this community, at its prices."""

    listing: ListingId
    shop: ShopId
    name: dict[str, str]
    picture: FileId | None
    kind: Kind
    variants: tuple[ShelfVariant, ...]
    has_choices: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page; `next` is the key to ask the following one with, None at the end."""

    listings: tuple[ShelfListing, ...]
    next: str | None


# Of each shop only its next keys are brought, sorted, from an index, and the outer limit stops the loop over them after
# one page: variants and offers of one page are looked at, not those of the whole shelf. The last key of a shop whose
# keys were cut off comes along even when nothing of it is visible: behind it the order is not known. Arrays, in
# the order in which they come, sorted: with names, and sorted once more to be put together, it was dearer by a fifth.
_SHELF = """
    SELECT coalesce(json_agg(p.shown), '[]')::text FROM (
        SELECT json_build_array(s.cut, s.rank, l.id, l.shop_id, l.name, l.picture, l.kind, coalesce(o.variants, '[]'),
            l.kind = 'prepared' AND EXISTS (
                SELECT FROM catalogue_option_group g WHERE g.listing_id = l.id AND g.listed)) AS shown
        FROM (SELECT l.id, l.rank, l.cut, z.district, z.city FROM shops_serving(%s) z, LATERAL ({keys}) l
              ORDER BY l.rank, l.id OFFSET 0) s
        CROSS JOIN LATERAL (SELECT * FROM catalogue_listing l WHERE l.id = s.id OFFSET 0) l
        LEFT JOIN LATERAL (
            SELECT json_agg(x.shown) AS variants FROM (
                SELECT json_build_array(v.id, v.label, {price}, {left}) AS shown FROM catalogue_variant v {offers}
                WHERE v.listing_id = s.id AND {visible} ORDER BY v.position, v.id) x) o ON true
        WHERE o.variants IS NOT NULL OR s.cut
        ORDER BY s.rank, s.id LIMIT %s) p
"""
_KEYS = """
    SELECT l.id, 0 AS rank, (row_number() OVER (ORDER BY l.shop_id, l.id) = %s::bigint) IS TRUE AS cut
    FROM catalogue_listing l WHERE l.shop_id = z.shop AND l.listed {narrowed} ORDER BY l.shop_id, l.id LIMIT %s
"""
_FOUND_KEYS = """
    SELECT l.id, {rank} AS rank, false AS cut FROM catalogue_listing l
    WHERE l.shop_id = z.shop AND l.listed {narrowed} AND l.search @> %s::text[]
"""
_NAME_RANK = """
    CASE WHEN starts_with(lower(l.name ->> 'zh'), %s) OR starts_with(lower(l.name ->> 'en'), %s) THEN 0
         WHEN strpos(lower(l.name ->> 'zh'), %s) > 0 OR strpos(lower(l.name ->> 'en'), %s) > 0 THEN 1 ELSE 2 END
"""


@open_query
def shelf(
    *,
    community: CommunityId,
    shop: ShopId | None = None,
    category: CategoryId | None = None,
    words: str | None = None,
    after: str | None = None,
    limit: int = 30,
    left: Part = NOT_ASKED,
) -> Shelf:
    """This will show a page of what a community can buy: of all its shops or of one, of a category, found by words.

    `left` says in SQL about a variant `v` how many there are of it, which nobody down here knows; so that it is asked
    in the same trip.
    """
    limit = max(1, min(limit, MOST_LISTINGS))
    narrowed: LiteralString = ""
    values: list[object] = []
    if shop:
        narrowed += " AND l.shop_id = %s"
        values.append(shop)
    if category:
        narrowed += " AND l.category_id IN (SELECT c.id FROM catalogue_category c WHERE c.path @> ARRAY[%s::uuid])"
        values.append(category)
    asked = (words or "").strip().lower()[:80]
    if asked:
        return _found(community, narrowed, values, asked=asked, after=after, limit=limit, left=left)
    if after:
        # The shop in the comparison is for the planner: only the index that begins with the shop serves it.
        narrowed += " AND (l.shop_id, l.id) > (z.shop, %s)"
        values.append(_key(after)[1])
    statement = _statement(_KEYS, narrowed, left)
    few, all_of_them = 2 * (limit + 1), None
    page, ends_too_early = _ask(statement, community, few, *values, few, *left.values, limit=limit)
    if ends_too_early:  # much is hidden here
        page, _all = _ask(statement, community, all_of_them, *values, all_of_them, *left.values, limit=limit)
    return page


def _found(
    community: CommunityId,
    narrowed: LiteralString,
    values: list[object],
    *,
    asked: str,
    after: str | None,
    limit: int,
    left: Part,
) -> Shelf:
    tokens = rules.asked_tokens(asked)
    if not tokens:
        return Shelf((), None)
    rank_values = [asked] * 4
    if after:
        narrowed += " AND (" + _NAME_RANK + ", l.id) > (%s, %s)"
        values = [*values, *rank_values, *_key(after)]
    statement = _statement(_FOUND_KEYS, narrowed, left)
    page, _all = _ask(statement, community, *rank_values, *values, tokens, *left.values, limit=limit)
    return page


def _statement(keys: LiteralString, narrowed: LiteralString, left: Part) -> LiteralString:
    return (
        _SHELF.replace("{keys}", keys)
        .replace("{rank}", _NAME_RANK)
        .replace("{narrowed}", narrowed)
        .replace("{price}", PRICE)
        .replace("{left}", left.text)
        .replace("{offers}", OFFERS)
        .replace("{visible}", VISIBLE)
    )


class _Variant(NamedTuple):
    variant: VariantId
    label: dict[str, str]
    price_minor: int
    left: int


class _Row(NamedTuple):
    cut: bool
    rank: int
    listing: ListingId
    shop: ShopId
    name: dict[str, str]
    picture: FileId | None
    kind: Kind
    variants: list[_Variant]
    has_choices: bool

    @property
    def shown(self) -> ShelfListing:
        variants = tuple(
            ShelfVariant(variant, label, Money(minor), left) for variant, label, minor, left in self.variants
        )
        return ShelfListing(self.listing, self.shop, self.name, self.picture, self.kind, variants, self.has_choices)


_rows = msgspec.json.Decoder(list[_Row])


def _ask(statement: LiteralString, community: CommunityId, *values: object, limit: int) -> tuple[Shelf, bool]:
    ((text,),) = sql.fetch(statement, community, *values, community, limit + 1)
    return _read(text, limit)


@lru_cache(READ_PAGES)
def _read(text: str, limit: int) -> tuple[Shelf, bool]:
    """The page, and whether a shop's keys were cut off before it was full; who asks again mostly gets the same text."""
    rows = _rows.decode(text)
    return _page(rows, limit), _ends_too_early(rows, limit)


def _ends_too_early(rows: list[_Row], limit: int) -> bool:
    seen = 0
    for row in rows:
        seen += bool(row.variants)
        if row.cut:
            return seen <= limit
    return False


def _page(rows: list[_Row], limit: int) -> Shelf:
    last = rows[limit - 1] if len(rows) > limit else None
    return Shelf(tuple(row.shown for row in rows[:limit]), f"{last.rank}.{last.listing}" if last else None)


def _key(after: str) -> tuple[int, UUID]:
    rank, _dot, last = after.partition(".")
    try:
        return int(rank), UUID(last)
    except ValueError:
        raise Invalid("after", _("This page key cannot be read")) from None
