"""Listings with their variants and choices, kept by the shop that sells them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel import ids
from linli.kernel.ids import CategoryId, FileId, ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.catalogue import events, rules
from linli.trade.catalogue.models import Category, Listing, Option, OptionGroup, Variant
from linli.trade.catalogue.rules import GroupDraft, Kind, ListingDraft, VariantDraft

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
    variants = [_variants(row, draft.variants) for row, draft in zip(listings, drafts, strict=True)]
    Listing.objects.bulk_create(listings)
    Variant.objects.bulk_create([variant for each in variants for variant in each])
    _add_groups([(row.pk, draft.groups) for row, draft in zip(listings, drafts, strict=True)])
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
    row = _own(scope, listing)
    rules.check_name(name, field="name")
    if any(len(text) > rules.MOST_DESCRIPTION for text in description.values()):
        raise Invalid("description", _("The description is too long"))
    _must_exist({category} if category else set())
    row.name, row.description, row.category_id, row.picture = name, description, category, picture
    row.search = _search(row.name, Variant.objects.filter(listing=row))
    row.save(update_fields=["name", "description", "category", "picture", "search"])


@action(needs=May.KEEP_CATALOGUE)
def unlist(scope: Scope, *, listing: ListingId, at: datetime) -> None:
    """This will take a listing off the shelf; what is in orders stays there."""
    row = _own(scope, listing)
    if row.listed:
        Listing.objects.filter(pk=listing).update(listed=False)
        tell(events.ListingUnlisted(shop=ShopId(row.shop_id), listing=listing, at=at))


@action(needs=May.KEEP_CATALOGUE)
def relist(scope: Scope, *, listing: ListingId, at: datetime) -> None:
    """This will put an unlisted listing back on the shelf."""
    row = _own(scope, listing)
    if not row.listed:
        Listing.objects.filter(pk=listing).update(listed=True)
        tell(events.ListingAdded(shop=ShopId(row.shop_id), listing=listing, at=at))


@action(needs=May.KEEP_CATALOGUE)
def add_variant(scope: Scope, *, listing: ListingId, draft: VariantDraft, at: datetime) -> VariantId:
    """This will offer a listing in one more variant."""
    row = _own(scope, listing)
    rules.check_price(draft.price, field="price")
    rules.check_name(draft.label, field="label")
    before = list(Variant.objects.filter(listing=row).order_by("position"))
    if len(before) >= rules.MOST_VARIANTS:
        raise Invalid("variants", _("Between 1 and {most} variants"), most=rules.MOST_VARIANTS)
    (variant,) = _variants(row, (draft,), first=before[-1].position + 1 if before else 0)
    variant.save(force_insert=True)
    Listing.objects.filter(pk=listing).update(search=_search(row.name, [*before, variant]))
    return VariantId(variant.pk)


@action(needs=May.KEEP_CATALOGUE)
def edit_variant(
    scope: Scope, *, variant: VariantId, label: dict[str, str], measure: str, barcode: str, listed: bool, at: datetime
) -> None:
    """This will change what is said of a variant, or take it off the shelf alone."""
    row = _own_variant(scope, variant)
    if label:
        rules.check_name(label, field="label")
    Variant.objects.filter(pk=variant).update(label=label, measure=measure, barcode=barcode, listed=listed)
    listing = Listing.objects.get(pk=row.listing_id)
    words = _search(listing.name, Variant.objects.filter(listing=listing))
    Listing.objects.filter(pk=listing.pk).update(search=words)


@action(needs=May.KEEP_CATALOGUE)
def set_price(scope: Scope, *, variant: VariantId, price: Money, at: datetime) -> None:
    """This will set a variant's own price; offers in places go on overriding it."""
    rules.check_price(price, field="price")
    _own_variant(scope, variant)
    Variant.objects.filter(pk=variant).update(price_minor=price.minor)


@action(needs=May.KEEP_CATALOGUE)
def set_choices(scope: Scope, *, listing: ListingId, groups: Sequence[GroupDraft], at: datetime) -> None:
    """This will replace the choices of a prepared listing; the old ones stay for the orders that name them."""
    row = _own(scope, listing)
    if row.kind != Kind.PREPARED:
        raise Invalid("groups", _("Only prepared food has choices"))
    rules.check_groups(groups, at="")
    OptionGroup.objects.filter(listing=row, listed=True).update(listed=False)
    _add_groups([(row.pk, groups)])


def must_be_own(scope: Scope, shop: ShopId) -> None:
    """This will answer with NotFound for somebody else's shop."""
    if not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")


def _own(scope: Scope, listing: ListingId) -> Listing:
    row = Listing.objects.select_for_update().filter(pk=listing).first()
    if row is None or not (scope.is_inside or row.shop_id == scope.shop):
        raise NotFound("listing")
    return row


def _own_variant(scope: Scope, variant: VariantId) -> Variant:
    row = Variant.objects.filter(pk=variant).first()
    if row is None:
        raise NotFound("variant")
    _own(scope, ListingId(row.listing_id))
    return row


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
        listed=True,
        search=_search(draft.name, [Variant(label=v.label, barcode=v.barcode) for v in draft.variants]),
        added_at=at,
    )


def _search(name: dict[str, str], variants: Iterable[Variant]) -> list[str]:
    texts = [*name.values(), *(text for v in variants for text in (*v.label.values(), v.barcode))]
    return rules.search_tokens(texts)


def _variants(listing: Listing, drafts: Sequence[VariantDraft], *, first: int = 0) -> list[Variant]:
    return [
        Variant(
            listing=listing,
            label=draft.label,
            price_minor=draft.price.minor,
            measure=draft.measure,
            barcode=draft.barcode,
            tracked=draft.tracked if draft.tracked is not None else listing.kind != Kind.PREPARED,
            listed=True,
            position=first + n,
        )
        for n, draft in enumerate(drafts)
    ]


def _add_groups(drafts: Sequence[tuple[UUID, Sequence[GroupDraft]]]) -> None:
    groups: list[OptionGroup] = []
    options: list[Option] = []
    for listing, each in drafts:
        for n, draft in enumerate(each):
            group = OptionGroup(
                id=ids.new(),
                listing_id=listing,
                name=draft.name,
                least=draft.least,
                most=draft.most,
                position=n,
                listed=True,
            )
            groups.append(group)
            options += [
                Option(group=group, name=o.name, price_minor=o.price.minor, minutes=o.minutes, position=m)
                for m, o in enumerate(draft.options)
            ]
    if groups:
        OptionGroup.objects.bulk_create(groups)
        Option.objects.bulk_create(options)
