"""Variants: what is bought of a listing, at which price; a listing is found by their words too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.kernel.ids import ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import rules
from linli.trade.catalogue.actions.owning import must_be_own, own_listing, own_variant
from linli.trade.catalogue.actions.rows import search_words, variant_rows
from linli.trade.catalogue.models import Listing, Variant
from linli.trade.catalogue.rules import VariantDraft

MOST_AT_ONCE = 20_000
A_BATCH = 1000


@action(needs=May.KEEP_CATALOGUE)
def add_variant(scope: Scope, *, listing: ListingId, draft: VariantDraft, at: datetime) -> VariantId:
    """This will offer a listing in one more variant."""
    shop = ShopId(own_listing(scope, listing).shop_id)
    return add_variants(scope, shop=shop, drafts=((listing, draft),), at=at)[0]


@action(needs=May.KEEP_CATALOGUE)
def add_variants(
    scope: Scope, *, shop: ShopId, drafts: Sequence[tuple[ListingId, VariantDraft]], at: datetime
) -> tuple[VariantId, ...]:
    """This will offer listings of a shop in more variants, in as many statements for thousands as for one."""
    must_be_own(scope, shop)
    if not 0 < len(drafts) <= MOST_AT_ONCE:
        raise Invalid("drafts", _("Between 1 and {most} variants at a time"), most=MOST_AT_ONCE)
    for n, (_listing, draft) in enumerate(drafts):
        path = "" if len(drafts) == 1 else f"drafts.{n}."
        rules.check_price(draft.price, field=f"{path}price")
        rules.check_name(draft.label, field=f"{path}label")
    wanted = {listing for listing, _draft in drafts}
    rows = {
        ListingId(row.pk): row
        for row in Listing.objects.select_for_update().filter(pk__in=wanted, shop=shop).order_by("id")
    }
    if len(rows) < len(wanted):
        raise NotFound("listing")
    all_of: dict[UUID, list[Variant]] = defaultdict(list)
    for known in Variant.objects.filter(listing__in=rows).order_by("position", "id"):
        all_of[known.listing_id].append(known)
    added = [_next(row, all_of[row.pk], draft) for row, draft in ((rows[to], draft) for to, draft in drafts)]
    Variant.objects.bulk_create(added, batch_size=A_BATCH)
    for row in rows.values():
        row.search = search_words(row.name, all_of[row.pk])
    Listing.objects.bulk_update(rows.values(), ["search"], batch_size=A_BATCH)
    return tuple(VariantId(variant.pk) for variant in added)


def _next(listing: Listing, known: list[Variant], draft: VariantDraft) -> Variant:
    """One more variant after those that are known, which it joins."""
    if len(known) >= rules.MOST_VARIANTS:
        raise Invalid("variants", _("Between 1 and {most} variants"), most=rules.MOST_VARIANTS)
    (variant,) = variant_rows(listing, (draft,), first=known[-1].position + 1 if known else 0)
    known.append(variant)
    return variant


@action(needs=May.KEEP_CATALOGUE)
def edit_variant(
    scope: Scope, *, variant: VariantId, label: dict[str, str], measure: str, barcode: str, listed: bool, at: datetime
) -> None:
    """This will change what is said of a variant, or take it off the shelf alone."""
    row = own_variant(scope, variant)
    if label:
        rules.check_name(label, field="label")
    Variant.objects.filter(pk=variant).update(label=label, measure=measure, barcode=barcode, listed=listed)
    listing = Listing.objects.get(pk=row.listing_id)
    words = search_words(listing.name, Variant.objects.filter(listing=listing))
    Listing.objects.filter(pk=listing.pk).update(search=words)


@action(needs=May.KEEP_CATALOGUE)
def set_price(scope: Scope, *, variant: VariantId, price: Money, at: datetime) -> None:
    """This will set a variant's own price; offers in places go on overriding it."""
    rules.check_price(price, field="price")
    own_variant(scope, variant)
    Variant.objects.filter(pk=variant).update(price_minor=price.minor)
