"""Questions about goods: the shelf, the prices of a checkout, a listing's page, and what a merchant keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import msgspec

from linli.kernel.ids import CategoryId, CommunityId, FileId, ListingId, OptionId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import open_query, query
from linli.spine.scope import Scope
from linli.trade.catalogue import rules
from linli.trade.catalogue.rules import ChoiceGroup, Kind, PricedOption

MOST_LISTINGS = 100
MOST_PRICED = 500
MOST_CATEGORIES = 2000


@dataclass(frozen=True, slots=True)
class ShelfVariant:
    variant: VariantId
    label: dict[str, str]
    price: Money


@dataclass(frozen=True, slots=True)
class ShelfListing:
    """A listing as it stands on the shelf: only the variants that are visible in this community, at its prices."""

    listing: ListingId
    shop: ShopId
    name: dict[str, str]
    picture: FileId | None
    kind: Kind
    variants: tuple[ShelfVariant, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page; `next` is the key to ask the following one with, None at the end."""

    listings: tuple[ShelfListing, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class PricedVariant:
    """What a checkout has to know of a line; only what is visible and sold in the community is priced.

    `list_price` is the shop's own, `price` what it comes to in the community after its offers.
    """

    variant: VariantId
    listing: ListingId
    shop: ShopId
    name: dict[str, str]
    label: dict[str, str]
    list_price: Money
    price: Money
    kind: Kind
    options: dict[OptionId, PricedOption]
    groups: dict[UUID, ChoiceGroup]


@dataclass(frozen=True, slots=True)
class PageVariant:
    variant: VariantId
    label: dict[str, str]
    price: Money
    measure: str
    tracked: bool


@dataclass(frozen=True, slots=True)
class ListingPage:
    listing: ListingId
    shop: ShopId
    category: CategoryId | None
    name: dict[str, str]
    description: dict[str, str]
    picture: FileId | None
    kind: Kind
    variants: tuple[PageVariant, ...]
    options: dict[OptionId, PricedOption]
    groups: dict[UUID, ChoiceGroup]


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
    variants: tuple[KeptVariant, ...]


@dataclass(frozen=True, slots=True)
class CategoryCard:
    category: CategoryId
    parent: CategoryId | None
    name: dict[str, str]
    depth: int


# What the community, its district and its city say of variant `v`, each found by its key: OFFSET 0 keeps the planner
# from reading all the offers of a place for each listing.
_OFFERS = """
    LEFT JOIN LATERAL (SELECT * FROM catalogue_offer o WHERE o.variant_id = v.id AND o.place = %s OFFSET 0) oc ON true
    LEFT JOIN LATERAL
        (SELECT * FROM catalogue_offer o WHERE o.variant_id = v.id AND o.place = s.district OFFSET 0) od ON true
    LEFT JOIN LATERAL
        (SELECT * FROM catalogue_offer o WHERE o.variant_id = v.id AND o.place = s.city OFFSET 0) oy ON true
"""
_PRICE = "coalesce(oc.price_minor, od.price_minor, oy.price_minor, v.price_minor)"
_VISIBLE = "v.listed AND coalesce(oc.visible, od.visible, oy.visible, true)"
_CHOICES = """
    CASE WHEN l.kind = 'prepared' THEN (
        SELECT jsonb_agg(jsonb_build_array(g.id, g.name, g.least, g.most, o.id, o.name, o.price_minor, o.minutes)
                         ORDER BY g.position, g.id, o.position, o.id)
        FROM catalogue_option_group g JOIN catalogue_option o ON o.group_id = g.id
        WHERE g.listing_id = l.id AND g.listed) END
"""
# The inner part brings only sorted keys, from an index; the outer limit stops the loop over them after one page, so
# that variants and offers of one page are looked at, not those of the whole shelf.
_SHELF = """
    SELECT l.id, l.shop_id, l.name, l.picture, l.kind, s.rank, o.variants FROM (
        SELECT l.id, l.rank, z.district, z.city
        FROM shops_serving(%s) z, LATERAL (
            SELECT l.id, {rank} AS rank FROM catalogue_listing l
            WHERE l.shop_id = z.shop AND l.listed {narrowed} {fence}) l
        ORDER BY {order}l.id OFFSET 0) s
    CROSS JOIN LATERAL (SELECT * FROM catalogue_listing l WHERE l.id = s.id OFFSET 0) l
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(v.id, v.label, {price}) ORDER BY v.position, v.id)::text AS variants
        FROM catalogue_variant v {offers} WHERE v.listing_id = s.id AND {visible} HAVING count(*) > 0) o
    ORDER BY {outer_order}s.id LIMIT %s
"""
_NAME_RANK = """
    CASE WHEN starts_with(lower(l.name ->> 'zh'), %s) OR starts_with(lower(l.name ->> 'en'), %s) THEN 0
         WHEN strpos(lower(l.name ->> 'zh'), %s) > 0 OR strpos(lower(l.name ->> 'en'), %s) > 0 THEN 1 ELSE 2 END
"""


def _shelf_statement(narrowed: LiteralString, *, ranked: bool) -> LiteralString:
    return (
        _SHELF.replace("{rank}", _NAME_RANK if ranked else "0")
        .replace("{narrowed}", narrowed)
        .replace("{fence}", "" if ranked else "OFFSET 0")  # without words, each shop's keys come from its index
        .replace("{order}", "l.rank, " if ranked else "")
        .replace("{outer_order}", "s.rank, " if ranked else "")
        .replace("{price}", _PRICE)
        .replace("{offers}", _OFFERS)
        .replace("{visible}", _VISIBLE)
    )


@open_query
def shelf(
    *,
    community: CommunityId,
    shop: ShopId | None = None,
    category: CategoryId | None = None,
    words: str | None = None,
    after: str | None = None,
    limit: int = 30,
) -> Shelf:
    """This will show a page of what a community can buy: of all its shops or of one, of a category, found by words."""
    limit = max(1, min(limit, MOST_LISTINGS))
    asked = (words or "").strip().lower()[:80]
    rank_values = [asked] * 4 if asked else []
    narrowed: LiteralString = ""
    values: list[object] = [community, *rank_values]
    if shop:
        narrowed += " AND l.shop_id = %s"
        values.append(shop)
    if category:
        narrowed += " AND l.category_id IN (SELECT c.id FROM catalogue_category c WHERE c.path @> ARRAY[%s::uuid])"
        values.append(category)
    if asked:
        tokens = rules.asked_tokens(asked)
        if not tokens:
            return Shelf((), None)
        narrowed += " AND l.search @> %s::text[]"
        values.append(tokens)
    if after:
        rank, last = _key(after)
        # The shop in the comparison is for the planner: only the index that begins with the shop serves it.
        narrowed += " AND (" + _NAME_RANK + ", l.id) > (%s, %s)" if asked else " AND (l.shop_id, l.id) > (z.shop, %s)"
        values += [*rank_values, rank, last] if asked else [last]
    rows = sql.fetch(_shelf_statement(narrowed, ranked=bool(asked)), *values, community, limit + 1)
    page = rows[:limit]
    return Shelf(tuple(_on_shelf(row) for row in page), f"{page[-1][5]}.{page[-1][0]}" if len(rows) > limit else None)


def _key(after: str) -> tuple[int, UUID]:
    rank, _dot, last = after.partition(".")
    try:
        return int(rank), UUID(last)
    except ValueError:
        raise Invalid("after", _("This page key cannot be read")) from None


class _Shown(NamedTuple):
    variant: UUID
    label: dict[str, str]
    price_minor: int


_shown = msgspec.json.Decoder(list[_Shown])
_names = msgspec.json.Decoder(dict[str, str])


def _on_shelf(row: tuple[Any, ...]) -> ShelfListing:
    listing, shop, name, picture, kind, _rank, variants = row
    shown = tuple(ShelfVariant(VariantId(v.variant), v.label, Money(v.price_minor)) for v in _shown.decode(variants))
    return ShelfListing(listing, shop, _names.decode(name), picture, Kind(kind), shown)


@open_query
def prices(*, community: CommunityId, variants: Iterable[VariantId]) -> dict[VariantId, PricedVariant]:
    """This will price the variants that can be bought in a community; those that cannot are absent."""
    rows = sql.fetch(
        f"SELECT v.id, l.id, l.shop_id, l.name, v.label, v.price_minor, {_PRICE}, l.kind, {_CHOICES}"
        # Fenced, so that no plan walks all listings of a shop for these few (it would where statistics are young).
        " FROM (SELECT * FROM catalogue_variant WHERE id = ANY(%s::uuid[]) OFFSET 0) v"
        " JOIN catalogue_listing l ON l.id = v.listing_id"
        f" JOIN shops_serving(%s) s ON s.shop = l.shop_id {_OFFERS}"
        f" WHERE l.listed AND {_VISIBLE} LIMIT %s",
        list(variants),
        community,
        community,
        MOST_PRICED,
    )
    return {row[0]: _priced(row) for row in rows}


def _priced(row: tuple[Any, ...]) -> PricedVariant:
    variant, listing, shop, name, label, list_price, price, kind, choices = row
    groups, options = _choices(choices)
    names = _names.decode(name), _names.decode(label)
    amounts = Money(list_price), Money(price)
    return PricedVariant(variant, listing, shop, *names, *amounts, Kind(kind), options, groups)


class _Choice(NamedTuple):
    group: UUID
    group_name: dict[str, str]
    least: int
    most: int
    option: UUID
    name: dict[str, str]
    price_minor: int
    minutes: int


def _choices(rows: str | None) -> tuple[dict[UUID, ChoiceGroup], dict[OptionId, PricedOption]]:
    groups: dict[UUID, ChoiceGroup] = {}
    options: dict[OptionId, PricedOption] = {}
    for row in msgspec.json.decode(rows, type=list[_Choice]) if rows else ():
        groups.setdefault(row.group, ChoiceGroup(row.group_name, row.least, row.most))
        options[OptionId(row.option)] = PricedOption(row.group, row.name, Money(row.price_minor), row.minutes)
    return groups, options


@open_query
def listing_page(*, community: CommunityId, listing: ListingId) -> ListingPage:
    """This will show a listing as a community may buy it, or refuse with NotFound."""
    rows = sql.fetch(
        f"SELECT l.id, l.shop_id, l.category_id, l.name, l.description, l.picture, l.kind, {_CHOICES},"
        f" v.id, v.label, {_PRICE}, v.measure, v.tracked"
        " FROM catalogue_listing l JOIN shops_serving(%s) s ON s.shop = l.shop_id"
        f" JOIN catalogue_variant v ON v.listing_id = l.id {_OFFERS}"
        f" WHERE l.id = %s AND l.listed AND {_VISIBLE} ORDER BY v.position, v.id LIMIT %s",
        community,
        community,
        listing,
        rules.MOST_VARIANTS,
    )
    if not rows:
        raise NotFound("listing")
    first = rows[0]
    groups, options = _choices(first[7])
    return ListingPage(
        listing=first[0],
        shop=first[1],
        category=first[2],
        name=_names.decode(first[3]),
        description=_names.decode(first[4]),
        picture=first[5],
        kind=Kind(first[6]),
        variants=tuple(PageVariant(row[8], _names.decode(row[9]), Money(row[10]), row[11], row[12]) for row in rows),
        options=options,
        groups=groups,
    )


@open_query
def owners(*, variants: Iterable[VariantId]) -> dict[VariantId, ShopId]:
    """This will tell which shop sells each variant, whether or not it is on a shelf now."""
    rows = sql.fetch(
        "SELECT v.id, l.shop_id FROM catalogue_variant v JOIN catalogue_listing l ON l.id = v.listing_id"
        " WHERE v.id = ANY(%s::uuid[])",
        list(variants),
    )
    return {row[0]: row[1] for row in rows}


@open_query
def categories(*, limit: int = MOST_CATEGORIES) -> tuple[CategoryCard, ...]:
    """This will list the tree of categories, each after its parent, in their order."""
    rows = sql.fetch(
        "WITH RECURSIVE tree AS (SELECT id, parent_id, name, 1 AS depth, ARRAY[(position, id)] AS place"
        " FROM catalogue_category WHERE parent_id IS NULL UNION ALL"
        " SELECT c.id, c.parent_id, c.name, t.depth + 1, t.place || (c.position, c.id)"
        " FROM catalogue_category c JOIN tree t ON c.parent_id = t.id)"
        " SELECT id, parent_id, name, depth FROM tree ORDER BY place LIMIT %s",
        min(limit, MOST_CATEGORIES),
    )
    return tuple(CategoryCard(row[0], row[1], _names.decode(row[2]), row[3]) for row in rows)


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
        "SELECT l.id, l.name, l.kind, l.category_id, l.picture, l.listed, l.description, v.rows"
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
    variants: str | None,
) -> KeptListing:
    rows = msgspec.json.decode(variants, type=list[_Kept]) if variants else []
    kept = tuple(
        KeptVariant(VariantId(v.variant), v.label, Money(v.price_minor), v.measure, v.barcode, v.tracked, v.listed)
        for v in rows
    )
    return KeptListing(
        listing, _names.decode(name), Kind(kind), category, picture, listed, _names.decode(description), kept
    )
