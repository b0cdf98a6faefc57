"""Many variants at once, as their shop ticked them: on or off the shelf, dearer or cheaper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.ids import ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.together import MOST, Together, missing, sorted_out
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.catalogue import events, rules
from linli.trade.catalogue.models import Listing, Variant

FURTHEST_DOWN_BP, FURTHEST_UP_BP = -9_000, 10_000
"""A tenth of the price at the least, the double at the most: beyond that somebody has mistyped."""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """By how many ten-thousandths the price of a variant moves, down where it is less than nothing.

    `was`: the price that whoever decided saw; with another one nothing moves, so that no form lowers a price twice.
    A markdown is of the price before the last one: what was lowered so far already is not lowered again.
    """

    variant: VariantId
    change_bp: int
    was: Money | None = None
    is_markdown: bool = False


class PriceMoved(Refusal):
    """Somebody has changed it since it was shown."""

    says = _("Its price has changed meanwhile; please look again.")


class LoweredAlready(Refusal):
    """The markdown that is proposed was taken, or a deeper one."""

    says = _("Its price is as low as this already.")


@action(needs=May.KEEP_CATALOGUE)
def change_prices(scope: Scope, *, changes: Sequence[PriceChange], at: datetime) -> Together:
    """This will move the own prices of variants by a part of each, rounded to the fen, in one statement for all."""
    _listings, variants = _own(scope, [each.variant for each in changes])
    by = {each.variant: each for each in changes}
    if not all(FURTHEST_DOWN_BP <= each.change_bp <= FURTHEST_UP_BP for each in changes):
        raise Invalid("percent", _("Between {low} and {high} per cent."), low=-90, high=100)

    def check(row: Variant) -> Variant:
        price, change = Money(row.price_minor), by[VariantId(row.pk)]
        if change.was not in (None, price):
            raise PriceMoved
        usual = rules.price_before_markdown(price, row.lowered_from_minor, row.lowered_to_minor)
        before = usual if change.is_markdown else price
        changed = rules.moved_price(before, change.change_bp)
        rules.check_price(changed, field="percent")
        if change.is_markdown:
            if changed >= price:
                raise LoweredAlready
            row.lowered_from_minor, row.lowered_to_minor = before.minor, changed.minor
        row.price_minor = changed.minor
        return row

    changed, refused = sorted_out(variants, _of, check)
    Variant.objects.bulk_update(changed, ["price_minor", "lowered_from_minor", "lowered_to_minor"])
    lost = missing(by, {row.pk for row in variants}, "variant")
    return Together(tuple(row.pk for row in changed), (*refused, *lost))


@action(needs=May.KEEP_CATALOGUE)
def shelve(scope: Scope, *, variants: Sequence[VariantId], listed: bool, at: datetime) -> Together:
    """This will put variants on the shelf or take them off it; what is in orders stays there.

    A listing goes with its last variant. One that comes back does so with the variants that were asked for alone.
    """
    listings, chosen = _own(scope, variants)
    of: dict[UUID, list[Variant]] = defaultdict(list)
    for variant in Variant.objects.filter(listing__in=listings).order_by("id"):
        of[variant.listing_id].append(variant)
    ticked = {row.pk for row in chosen}
    turned = [row for row in listings if row.listed is not listed and (listed or _all_off(of[row.pk], ticked))]
    for row in turned:
        for variant in of[row.pk]:
            variant.listed = variant.pk in ticked if listed else True
        row.listed = listed
        told = events.ListingAdded if listed else events.ListingUnlisted
        tell(told(shop=ShopId(row.shop_id), listing=ListingId(row.pk), at=at))
    gone = {row.pk for row in turned}
    for row in (each for each in listings if each.pk not in gone):
        for variant in of[row.pk]:
            variant.listed = listed if variant.pk in ticked else variant.listed
    Listing.objects.bulk_update(turned, ["listed"])
    Variant.objects.bulk_update([variant for each in of.values() for variant in each], ["listed"])
    return Together(tuple(row.pk for row in chosen), tuple(missing(variants, ticked, "variant")))


def _all_off(variants: Sequence[Variant], ticked: set[UUID]) -> bool:
    """Whether nothing of a listing would be left: then it goes as a whole, and comes back as it was."""
    return all(row.pk in ticked or not row.listed for row in variants)


def _own(scope: Scope, variants: Sequence[VariantId]) -> tuple[list[Listing], list[Variant]]:
    """The shop's own among them, under the locks of their listings, in the order of their ids."""
    if not 0 < len(variants) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    of = Variant.objects.filter(pk__in=variants).values("listing")
    rows = Listing.objects.select_for_update().filter(pk__in=of).order_by("id")
    listings = list(rows if scope.is_inside else rows.filter(shop=scope.shop))
    return listings, list(Variant.objects.filter(pk__in=variants, listing__in=listings).order_by("id"))


def _of(row: Variant) -> UUID:
    return row.pk
