"""A shop's goods from a spreadsheet: first a preview with what is wrong in which cell, then all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import CategoryId, ListingId, ShopId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.spine import sheets, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.progress import Progress, unheard
from linli.spine.scope import Scope
from linli.trade.catalogue import queries
from linli.trade.catalogue.actions.listings import MOST_AT_ONCE, add_listings
from linli.trade.catalogue.actions.owning import must_be_own
from linli.trade.catalogue.actions.variants import add_variants
from linli.trade.catalogue.rules import ListingDraft, VariantDraft
from linli.trade.catalogue.rules.sheet import COLUMNS, SheetPlan, plan_of

STEPS = (_("Reading the sheet"), _("Adding what is new"), _("Setting prices"))
"""What is told of the way, for a bar of progress."""


class SheetHasErrors(Refusal):
    """Nothing was imported; the preview names the cells."""

    says = _("{errors} cells of this sheet have to be corrected first; nothing was imported.")
    status = 422


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do: of its `variants` some are new, some change, the others are as they stand."""

    rows: int
    listings: int
    variants: int
    errors: tuple[sheets.RowError, ...]
    new: int = 0
    changed: int = 0

    @property
    def same(self) -> int:
        return self.variants - self.new - self.changed


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. A second one of the same sheet adds nothing and sets the same prices."""

    listings_added: int
    variants_added: int
    prices_set: int


def preview_listings(*, shop: ShopId, file_name: str, content: bytes, tell: Progress = unheard) -> ImportPreview:
    """This will read a sheet of goods and tell what an import would do, and what is wrong in which cell."""
    tell(0, 0, STEPS[0])
    plan = _plan(file_name, content)
    variants = sum(len(draft.variants) for draft in plan.drafts)
    known = _known(shop, [draft.name["zh"] for draft in plan.drafts])
    new = changed = 0
    for draft in plan.drafts:
        there = known.get(draft.name["zh"])
        for variant in draft.variants:
            before = there.variants.get(variant.label.get("zh", "")) if there else None
            if there is None or before is None:
                new += 1
            elif before.price != variant.price.minor or there.is_carried_otherwise(draft):
                changed += 1
    return ImportPreview(plan.rows, len(plan.drafts), variants, tuple(plan.errors), new, changed)


@action(needs=May.KEEP_CATALOGUE, private=("content", "tell"))
def import_listings(
    scope: Scope, *, shop: ShopId, file_name: str, content: bytes, tell: Progress = unheard, at: datetime
) -> Imported:
    """This will add what the sheet has and the shop has not, and set the prices of what both have."""
    must_be_own(scope, shop)
    tell(0, 0, STEPS[0])
    plan = _plan(file_name, content)
    if plan.errors:
        raise SheetHasErrors(field="file", errors=len(plan.errors))
    known = _known(shop, [draft.name["zh"] for draft in plan.drafts])
    new = [draft for draft in plan.drafts if draft.name["zh"] not in known]
    for first in range(0, len(new), MOST_AT_ONCE):
        tell(first, len(new), STEPS[1])
        add_listings(scope, shop=shop, drafts=new[first : first + MOST_AT_ONCE], at=at)
    tell(len(new), len(new), STEPS[2])
    priced = 0
    more, same = _compared(plan.drafts, known)
    if more:
        add_variants(scope, shop=shop, drafts=more, at=at)
    if same:
        priced = sql.run(
            "UPDATE catalogue_variant v SET price_minor = n.price FROM unnest(%s::uuid[], %s::bigint[]) AS n(id, price)"
            " WHERE v.id = n.id AND v.price_minor <> n.price",
            [variant for variant, _price in same],
            [price for _variant, price in same],
        )
    _set_care(
        [(known[draft.name["zh"]].listing, draft) for draft in plan.drafts if draft.care and draft.name["zh"] in known]
    )
    return Imported(len(new), sum(len(draft.variants) for draft in new) + len(more), priced)


def _set_care(same: list[tuple[ListingId, ListingDraft]]) -> None:
    """What a sheet says of carrying holds for what the shop has already; a sheet that says nothing changes nothing."""
    if same:
        sql.run(
            "UPDATE catalogue_listing l SET care = string_to_array(n.care, ','), heavy_from = n.heavy_from"
            " FROM unnest(%s::uuid[], %s::text[], %s::int[]) AS n(id, care, heavy_from) WHERE l.id = n.id",
            [listing for listing, _draft in same],
            [",".join(sorted(draft.care)) for _listing, draft in same],
            [draft.heavy_from for _listing, draft in same],
        )


def _plan(file_name: str, content: bytes) -> SheetPlan:
    categories: dict[str, CategoryId] = {}
    for card in queries.categories():
        for name in card.name.values():
            categories.setdefault(name.casefold(), card.category)
    return plan_of(sheets.read(file_name, content, COLUMNS), categories)


@dataclass(frozen=True, slots=True)
class _KnownVariant:
    id: object
    price: int


@dataclass(frozen=True, slots=True)
class _KnownListing:
    """What the shop has under a name: its variants by Chinese label, and how it is carried."""

    listing: ListingId
    care: frozenset[str]
    heavy_from: int
    variants: dict[str, _KnownVariant]

    def is_carried_otherwise(self, draft: ListingDraft) -> bool:
        """Whether a sheet changes how it is carried; one that says nothing of it changes nothing."""
        return bool(draft.care) and (self.care, self.heavy_from) != (frozenset(draft.care), draft.heavy_from)


_Known = dict[str, _KnownListing]


def _known(shop: ShopId, names: list[str]) -> _Known:
    """The shop's listings by Chinese name; of two of one name the older."""
    rows = sql.fetch(
        "SELECT l.name ->> 'zh', l.id, l.care, l.heavy_from, coalesce(v.label ->> 'zh', ''), v.id, v.price_minor"
        " FROM catalogue_listing l JOIN catalogue_variant v ON v.listing_id = l.id"
        " WHERE l.shop_id = %s AND l.name ->> 'zh' = ANY(%s::text[]) ORDER BY l.id, v.position",
        shop,
        names,
    )
    known: _Known = {}
    for name, listing, care, heavy_from, label, variant, price in rows:
        found = known.setdefault(name, _KnownListing(listing, frozenset(care), heavy_from, {}))
        found.variants.setdefault(label, _KnownVariant(variant, price))
    return known


def _compared(
    drafts: tuple[ListingDraft, ...], known: _Known
) -> tuple[list[tuple[ListingId, VariantDraft]], list[tuple[object, int]]]:
    """The variants that known listings lack, and the prices of those they have."""
    more: list[tuple[ListingId, VariantDraft]] = []
    same: list[tuple[object, int]] = []
    for draft in drafts:
        there = known.get(draft.name["zh"])
        if there is None:
            continue
        for variant in draft.variants:
            before = there.variants.get(variant.label.get("zh", ""))
            if before is not None:
                same.append((before.id, variant.price.minor))
            else:
                more.append((there.listing, variant))
    return more, same
