"""Prices and visibility of a place: a city, a district or a community; the most specific one wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel import ids
from linli.kernel.ids import VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import queries, rules
from linli.trade.catalogue.models import Offer
from linli.trade.catalogue.rules import Level

MOST_OFFERS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDraft:
    """What a place says of a variant; None leaves it to the wider place."""

    variant: VariantId
    level: Level
    place: UUID
    price: Money | None = None
    visible: bool | None = None


@action(needs=May.KEEP_CATALOGUE)
def set_offers(scope: Scope, *, offers: Sequence[OfferDraft], at: datetime) -> None:
    """This will set prices and visibility in places, replacing what was said there of the same variant."""
    if not 0 < len(offers) <= MOST_OFFERS:
        raise Invalid("offers", _("Between 1 and {most} offers at a time"), most=MOST_OFFERS)
    if len({(offer.variant, offer.place) for offer in offers}) != len(offers):
        raise Invalid("offers", _("A variant is named twice for one place"))
    for n, offer in enumerate(offers):
        if offer.price is not None:
            rules.check_price(offer.price, field=f"offers.{n}.price")
        elif offer.visible is None:
            raise Invalid(f"offers.{n}", _("An offer says a price, a visibility, or both"))
    _must_be_own(scope, [offer.variant for offer in offers])
    Offer.objects.bulk_create(
        [
            Offer(
                id=ids.new(),
                variant_id=offer.variant,
                level=offer.level.value,
                place=offer.place,
                price_minor=None if offer.price is None else offer.price.minor,
                visible=offer.visible,
            )
            for offer in offers
        ],
        update_conflicts=True,
        unique_fields=["variant", "place"],
        update_fields=["level", "price_minor", "visible"],
    )


@action(needs=May.KEEP_CATALOGUE)
def settle_offers(scope: Scope, *, offers: Sequence[OfferDraft], at: datetime) -> None:
    """This will make places say what is drafted; a draft with neither price nor visibility makes its place silent."""
    said = [offer for offer in offers if offer.price is not None or offer.visible is not None]
    for n, offer in enumerate(offers):
        if offer.price is not None:
            rules.check_price(offer.price, field=f"offers.{n}.price")
    if said:
        set_offers(scope, offers=said, at=at)
    silent = [(offer.variant, offer.place) for offer in offers if offer not in said]
    _must_be_own(scope, [variant for variant, _place in silent])
    sql.run(
        "DELETE FROM catalogue_offer o USING unnest(%s::uuid[], %s::uuid[]) AS s(variant, place)"
        " WHERE o.variant_id = s.variant AND o.place = s.place",
        [variant for variant, _place in silent],
        [place for _variant, place in silent],
    )


@action(needs=May.KEEP_CATALOGUE)
def clear_offers(scope: Scope, *, variants: Sequence[VariantId], place: UUID, at: datetime) -> None:
    """This will forget what a place says of variants; the wider place speaks again."""
    _must_be_own(scope, variants)
    Offer.objects.filter(variant__in=list(variants), place=place).delete()


def _must_be_own(scope: Scope, variants: Sequence[VariantId]) -> None:
    shops = queries.owners(variants=variants)
    for variant in variants:
        if variant not in shops or not (scope.is_inside or shops[variant] == scope.shop):
            raise NotFound("variant")
