"""Rows made of drafts, and the words that a listing is found by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from linli.kernel import ids
from linli.trade.catalogue import rules
from linli.trade.catalogue.models import Listing, Option, OptionGroup, Variant
from linli.trade.catalogue.rules import GroupDraft, Kind, VariantDraft


def variant_rows(listing: Listing, drafts: Sequence[VariantDraft], *, first: int = 0) -> list[Variant]:
    """This will make the rows of variants, in the order of their drafts, from a position on."""
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


def add_groups(drafts: Sequence[tuple[UUID, Sequence[GroupDraft]]]) -> None:
    """This will write the choices of listings, in two statements."""
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


def search_words(name: dict[str, str], variants: Iterable[Variant]) -> list[str]:
    """This will gather the words of a listing from its names, labels and barcodes."""
    texts = [*name.values(), *(text for v in variants for text in (*v.label.values(), v.barcode))]
    return rules.search_tokens(texts)
