"""The commodities, and what bought listings are thought to be."""

from __future__ import annotations

from dataclasses import dataclass

from linli.insight.replenish import models, rules
from linli.kernel.ids import ListingId
from linli.spine.action import open_query

MOST = 20_000


@dataclass(frozen=True, slots=True)
class MappedListing:
    """A listing that was bought, and its commodity (empty: of none). `is_decided`: by a person.

    `suggested` is what its words say today; `pack` how much is in it, where its name tells.
    """

    listing: ListingId
    title: dict[str, str]
    commodity: str
    is_decided: bool
    suggested: str
    pack: rules.Pack | None


@open_query
def taxonomy() -> tuple[rules.Commodity, ...]:
    """This will give all commodities: those that come with the house, as far as nobody has edited them, and others."""
    kept = {
        row.key: rules.Commodity(
            row.key,
            row.name["zh"],
            row.name["en"],
            rules.Measure(row.measure),
            row.usual_days,
            tuple(row.words),
            tuple(row.others),
            row.is_proposed,
        )
        for row in models.Commodity.objects.order_by("key")[:MOST]
    }
    own = [kept.pop(each.key, each) for each in rules.TAXONOMY]
    return (*own, *kept.values())


@open_query
def mapped_listings(
    *, commodities: tuple[rules.Commodity, ...], commodity: str | None = None, limit: int = MOST
) -> tuple[MappedListing, ...]:
    """This will list bought listings with what they are thought to be, those nobody has decided first; no dishes."""
    rows = models.Mapped.objects.filter(is_dish=False).order_by("is_decided", "-id")
    if commodity is not None:
        rows = rows.filter(commodity=commodity)
    return tuple(_listing(row, commodities) for row in rows[: max(1, min(limit, MOST))])


def _listing(row: models.Mapped, commodities: tuple[rules.Commodity, ...]) -> MappedListing:
    names = list(row.title.values())
    packs = (pack for name in names if (pack := rules.pack_of(name)))
    suggested = rules.suggested(names, commodities) or ""
    return MappedListing(ListingId(row.listing), row.title, row.commodity, row.is_decided, suggested, next(packs, None))
