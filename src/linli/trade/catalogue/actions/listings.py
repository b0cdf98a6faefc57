"""Listings with their variants and choices, kept by the shop that sells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import CategoryId, FileId, ListingId, ShopId, VariantId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.catalogue import events, rules
from linli.trade.catalogue.actions.owning import must_be_own, own_listing
from linli.trade.catalogue.actions.rows import add_groups, search_words, variant_rows
from linli.trade.catalogue.models import Category, Listing, Variant
from linli.trade.catalogue.rules import ListingDraft

MOST_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Added:
    """A new listing and its variants, in the order of the draft."""

    listing: ListingId
    variants: tuple[VariantId, ...]


@action(needs=May.KEEP_CATALOGUE)
def add_listing(scope: Scope, *, shop: ShopId, draft: ListingDraft, at: datetime) -> Added:
    """This will put a new listing on the shop's shelf."""
    return add_listings(scope, shop=shop, drafts=(draft,), at=at)[0]


@action(needs=May.KEEP_CATALOGUE)
def add_listings(scope: Scope, *, shop: ShopId, drafts: Sequence[ListingDraft], at: datetime) -> tuple[Added, ...]:
    """This will put many new listings on the shop's shelf, in one statement for each kind of row."""
    must_be_own(scope, shop)
    if not 0 < len(drafts) <= MOST_AT_ONCE:
        raise Invalid("drafts", _("Between 1 and {most} listings at a time"), most=MOST_AT_ONCE)
    for n, draft in enumerate(drafts):
        rules.check_draft(draft, at="" if len(drafts) == 1 else f"{n}.")
    _must_exist({draft.category for draft in drafts if draft.category})
    listings = [_listing(shop, draft, at) for draft in drafts]
    variants = [variant_rows(row, draft.variants) for row, draft in zip(listings, drafts, strict=True)]
    Listing.objects.bulk_create(listings)
    Variant.objects.bulk_create([variant for each in variants for variant in each])
    add_groups([(row.pk, draft.groups) for row, draft in zip(listings, drafts, strict=True)])
    added = tuple(
        Added(ListingId(row.pk), tuple(VariantId(v.pk) for v in each))
        for row, each in zip(listings, variants, strict=True)
    )
    for each in added:
        tell(events.ListingAdded(shop=shop, listing=each.listing, at=at))
    return added


@action(needs=May.KEEP_CATALOGUE)
def edit_listing(
    scope: Scope,
    *,
    listing: ListingId,
    name: dict[str, str],
    description: dict[str, str],
    category: CategoryId | None,
    picture: FileId | None,
    at: datetime,
) -> None:
    """This will change what is said of a listing; its kind stays, for stock and kitchens depend on it."""
    row = own_listing(scope, listing)
    rules.check_name(name, field="name")
    if any(len(text) > rules.MOST_DESCRIPTION for text in description.values()):
        raise Invalid("description", _("The description is too long"))
    _must_exist({category} if category else set())
    row.name, row.description, row.category_id, row.picture = name, description, category, picture
    row.search = search_words(row.name, Variant.objects.filter(listing=row))
    row.save(update_fields=["name", "description", "category", "picture", "search"])


@action(needs=May.KEEP_CATALOGUE)
def unlist(scope: Scope, *, listing: ListingId, at: datetime) -> None:
    """This will take a listing off the shelf; what is in orders stays there."""
    row = own_listing(scope, listing)
    if row.listed:
        Listing.objects.filter(pk=listing).update(listed=False)
        tell(events.ListingUnlisted(shop=ShopId(row.shop_id), listing=listing, at=at))


@action(needs=May.KEEP_CATALOGUE)
def relist(scope: Scope, *, listing: ListingId, at: datetime) -> None:
    """This will put an unlisted listing back on the shelf."""
    row = own_listing(scope, listing)
    if not row.listed:
        Listing.objects.filter(pk=listing).update(listed=True)
        tell(events.ListingAdded(shop=ShopId(row.shop_id), listing=listing, at=at))


def _must_exist(categories: set[CategoryId]) -> None:
    if categories and Category.objects.filter(pk__in=categories).count() != len(categories):
        raise NotFound("category", field="category")


def _listing(shop: ShopId, draft: ListingDraft, at: datetime) -> Listing:
    return Listing(
        shop_id=shop,
        category_id=draft.category,
        name=draft.name,
        description=draft.description,
        kind=draft.kind.value,
        picture=draft.picture,
        care=sorted(each.value for each in draft.care),
        heavy_from=draft.heavy_from,
        listed=True,
        search=search_words(draft.name, [Variant(label=v.label, barcode=v.barcode) for v in draft.variants]),
        added_at=at,
    )
