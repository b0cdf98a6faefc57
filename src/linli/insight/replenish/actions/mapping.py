"""Which commodity a listing is: suggested by its words when it is first bought, until somebody decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from linli.insight.replenish import models, rules
from linli.insight.replenish.queries.taxonomy import taxonomy
from linli.kernel.ids import ListingId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders.queries import BoughtLine

FORETOLD_KINDS = frozenset({"packaged", "fresh"})
"""A meal is eaten the day it comes: nobody runs out of it."""


def commodities_of(lines: Iterable[BoughtLine], at: datetime) -> dict[object, str]:
    """This will give the commodity of each line's listing (empty: none), and remember suggestions for new ones."""
    asked = {line.listing: line for line in lines}
    if not asked:
        return {}
    known: dict[object, str] = dict(
        sql.fetch("SELECT listing, commodity FROM replenish_mapped WHERE listing = ANY(%s::uuid[])", list(asked))
    )  # as many rows as were asked for
    new = {listing: line for listing, line in asked.items() if listing not in known}
    if not new:
        return known
    commodities = taxonomy()
    suggestions = {
        listing: (rules.suggested(line.title.values(), commodities) or "") if line.kind in FORETOLD_KINDS else ""
        for listing, line in new.items()
    }
    rows = [
        models.Mapped(
            listing=listing,
            commodity=suggestions[listing],
            title=line.title,
            is_dish=line.kind not in FORETOLD_KINDS,
            mapped_at=at,
        )
        for listing, line in new.items()
    ]
    models.Mapped.objects.bulk_create(rows, ignore_conflicts=True)
    return known | suggestions


@action(needs=May.KEEP_CATEGORIES)
def map_listing(scope: Scope, *, listing: ListingId, commodity: str, at: datetime) -> None:
    """This will decide which commodity a listing is, or with nothing that it is none; states follow in the night."""
    row = models.Mapped.objects.select_for_update().filter(listing=listing).first()
    if row is None:
        raise NotFound("listing")
    if commodity and (
        commodity not in {each.key for each in taxonomy()} or rules.is_never_used(dict(row.title).values())
    ):
        raise Invalid("commodity", _("This is no commodity that may be foretold."))
    before = row.commodity
    row.commodity, row.is_decided, row.mapped_at = commodity, True, at
    row.save(update_fields=["commodity", "is_decided", "mapped_at"])
    if before != commodity:
        touched = models.Household.objects.inside()
        if before:
            touched = touched.filter(id__in=models.State.objects.inside().filter(commodity=before).values("household"))
        touched.update(is_stale=True)


@action(needs=May.KEEP_CATEGORIES, private=("name",))
def keep_commodity(
    scope: Scope,
    *,
    key: str,
    zh: str,
    en: str,
    measure: rules.Measure,
    usual_days: int,
    words: Sequence[str],
    others: Sequence[str] = (),
    is_proposed: bool = True,
    at: datetime,
) -> None:
    """This will edit a commodity, or add one; what comes with the house stands behind what is kept here."""
    cleaned = [word.strip().lower()[: rules.LONGEST_WORD] for word in words if word.strip()][: rules.MOST_WORDS]
    if not key.isidentifier() or not cleaned or not zh.strip() or not en.strip():
        raise Invalid("words", _("A commodity needs a key, two names and words that find it."))
    if rules.is_never_used([zh, en, *cleaned]):
        raise Invalid("words", _("Medicine, adult and infants' goods are never foretold."))
    if not 1 <= usual_days <= rules.MOST_USUAL_DAYS:
        raise Invalid("usual_days", _("Between {low} and {high} days."), low=1, high=rules.MOST_USUAL_DAYS)
    models.Commodity.objects.update_or_create(
        key=key,
        defaults={
            "name": {"zh": zh.strip(), "en": en.strip()},
            "measure": measure.value,
            "usual_days": usual_days,
            "words": cleaned,
            "others": [word.strip().lower()[: rules.LONGEST_WORD] for word in others if word.strip()],
            "is_proposed": is_proposed,
        },
    )
