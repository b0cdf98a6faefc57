"""What carrying goods asks for."""

from __future__ import annotations

from collections.abc import Iterable

from linli.kernel.ids import VariantId
from linli.spine import sql
from linli.spine.action import open_query
from linli.trade.catalogue.rules import Care, Carrying

MOST_VARIANTS = 20_000


@open_query
def care_of(*, variants: Iterable[VariantId]) -> dict[VariantId, Carrying]:
    """This will tell how goods are carried; what is carried like anything else is absent."""
    rows = sql.fetch(
        "SELECT v.id, l.care, l.heavy_from FROM catalogue_variant v JOIN catalogue_listing l ON l.id = v.listing_id"
        " WHERE v.id = ANY(%s::uuid[]) AND l.care <> '{}' LIMIT %s",
        sql.as_ids(variants),
        MOST_VARIANTS,
    )
    return {VariantId(variant): Carrying(frozenset(map(Care, care)), heavy_from) for variant, care, heavy_from in rows}
