"""What a checkout asks of the goods in it, and a listing's page: only what is visible and sold in the community."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from linli.kernel.ids import CategoryId, CommunityId, FileId, ListingId, OptionId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import open_query
from linli.spine.sql import Part, Question
from linli.trade.catalogue import rules
from linli.trade.catalogue.queries.choices import CHOICES, choices_of
from linli.trade.catalogue.queries.names import names
from linli.trade.catalogue.queries.offers import OFFERS, PRICE, VISIBLE
from linli.trade.catalogue.rules import ChoiceGroup, Kind, PricedOption

MOST_PRICED = 500


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


@open_query
def prices(*, community: CommunityId, variants: Iterable[VariantId]) -> dict[VariantId, PricedVariant]:
    """This will price the variants that can be bought in a community; those that cannot are absent."""
    return sql.answer(prices_question(community=community, variants=Part.of(list(variants))))


def prices_question(*, community: CommunityId, variants: Part) -> Question[dict[VariantId, PricedVariant]]:
    """This will put the same into a question, in which the variants may be found by the database."""
    return Question(
        f"SELECT v.id, l.id, l.shop_id, l.name, v.label, v.price_minor, {PRICE}, l.kind, {CHOICES}"
        # Fenced, so that no plan walks all listings of a shop for these few (it would where statistics are young).
        f" FROM (SELECT * FROM catalogue_variant WHERE id = ANY({variants.text}::uuid[]) OFFSET 0) v"
        " JOIN catalogue_listing l ON l.id = v.listing_id"
        f" JOIN shops_serving(%s) s ON s.shop = l.shop_id {OFFERS}"
        f" WHERE l.listed AND {VISIBLE} LIMIT %s",
        (*variants.values, community, community, MOST_PRICED),
        lambda rows: {row[0]: _priced(row) for row in rows},
    )


def _priced(row: tuple[Any, ...]) -> PricedVariant:
    variant, listing, shop, name, label, list_price, price, kind, choices = row
    groups, options = choices_of(choices)
    both = names.decode(name), names.decode(label)
    amounts = Money(list_price), Money(price)
    return PricedVariant(variant, listing, shop, *both, *amounts, Kind(kind), options, groups)


@open_query
def listing_page(*, community: CommunityId, listing: ListingId) -> ListingPage:
    """This will show a listing as a community may buy it, or refuse with NotFound."""
    rows = sql.fetch(
        f"SELECT l.id, l.shop_id, l.category_id, l.name, l.description, l.picture, l.kind, {CHOICES},"
        f" v.id, v.label, {PRICE}, v.measure, v.tracked"
        " FROM catalogue_listing l JOIN shops_serving(%s) s ON s.shop = l.shop_id"
        f" JOIN catalogue_variant v ON v.listing_id = l.id {OFFERS}"
        f" WHERE l.id = %s AND l.listed AND {VISIBLE} ORDER BY v.position, v.id LIMIT %s",
        community,
        community,
        listing,
        rules.MOST_VARIANTS,
    )
    if not rows:
        raise NotFound("listing")
    first = rows[0]
    groups, options = choices_of(first[7])
    return ListingPage(
        listing=first[0],
        shop=first[1],
        category=first[2],
        name=names.decode(first[3]),
        description=names.decode(first[4]),
        picture=first[5],
        kind=Kind(first[6]),
        variants=tuple(PageVariant(row[8], names.decode(row[9]), Money(row[10]), row[11], row[12]) for row in rows),
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
