"""What a merchant has settled of a listing beside its variants: its choices, and what places say of its prices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from linli.kernel.ids import FileId, ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.catalogue.rules import MOST_GROUPS, MOST_OPTIONS, GroupDraft, OptionDraft, price_before_markdown

MOST_OFFERS = 1000


@dataclass(frozen=True, slots=True)
class VariantCard:
    """A variant by what its listing is called and looks like; `usual` is its price before a markdown that holds."""

    listing: ListingId
    name: dict[str, str]
    label: dict[str, str]
    picture: FileId | None
    price: Money
    usual: Money


@dataclass(frozen=True, slots=True)
class OfferLine:
    """What a place says of a variant; None leaves it to the wider place."""

    place: UUID
    price: Money | None
    visible: bool | None


@query
def kept_variants(scope: Scope, *, shop: ShopId, variants: Iterable[VariantId]) -> dict[VariantId, VariantCard]:
    """This will name variants of a shop, to the shop and the platform."""
    if not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")
    rows = sql.fetch(
        "SELECT v.id, l.id, l.name, v.label, l.picture, v.price_minor, v.lowered_from_minor, v.lowered_to_minor"
        " FROM catalogue_variant v"
        " JOIN catalogue_listing l ON l.id = v.listing_id WHERE v.id = ANY(%s::uuid[]) AND l.shop_id = %s LIMIT %s",
        list(variants),
        shop,
        MOST_OFFERS,
    )
    return {
        variant: VariantCard(
            *(listing, sql.from_json(name), sql.from_json(label), picture, Money(price)),
            usual=price_before_markdown(Money(price), *lowered),
        )
        for variant, listing, name, label, picture, price, *lowered in rows
    }


@query
def kept_choices(scope: Scope, *, listing: ListingId) -> tuple[GroupDraft, ...]:
    """This will give the choices of a prepared listing as their shop last set them, to be changed."""
    _insist_own(scope, listing)
    rows = sql.fetch(
        "SELECT g.id, g.name, g.least, g.most, o.name, o.price_minor, o.minutes FROM catalogue_option_group g"
        " JOIN catalogue_option o ON o.group_id = g.id WHERE g.listing_id = %s AND g.listed"
        " ORDER BY g.position, g.id, o.position, o.id LIMIT %s",
        listing,
        MOST_GROUPS * MOST_OPTIONS,
    )
    groups: dict[UUID, GroupDraft] = {}
    for group, name, least, most, option, price_minor, minutes in rows:
        one = OptionDraft(name=sql.from_json(option), price=Money(price_minor), minutes=minutes)
        before = groups[group].options if group in groups else ()
        groups[group] = GroupDraft(name=sql.from_json(name), options=(*before, one), least=least, most=most)
    return tuple(groups.values())


@query
def kept_offers(scope: Scope, *, listing: ListingId, variant: VariantId) -> tuple[OfferLine, ...]:
    """This will list what cities, districts and communities say of a variant, to the shop that sells it."""
    _insist_own(scope, listing)
    rows = sql.fetch(
        "SELECT o.place, o.price_minor, o.visible FROM catalogue_offer o"
        " JOIN catalogue_variant v ON v.id = o.variant_id WHERE v.id = %s AND v.listing_id = %s"
        " ORDER BY o.place LIMIT %s",
        variant,
        listing,
        MOST_OFFERS,
    )
    return tuple(OfferLine(place, None if minor is None else Money(minor), shown) for place, minor, shown in rows)


def _insist_own(scope: Scope, listing: ListingId) -> None:
    row = sql.fetch_one("SELECT shop_id FROM catalogue_listing WHERE id = %s", listing)
    if row is None or not (scope.is_inside or row[0] == scope.shop):
        raise NotFound("listing")
