"""The tree of categories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from linli.kernel.ids import CategoryId, VariantId
from linli.spine import sql
from linli.spine.action import open_query
from linli.trade.catalogue.queries.names import names

MOST_CATEGORIES = 2000
MOST_VARIANTS = 20_000


@dataclass(frozen=True, slots=True)
class CategoryCard:
    category: CategoryId
    parent: CategoryId | None
    name: dict[str, str]
    depth: int


@open_query
def categories(*, limit: int = MOST_CATEGORIES) -> tuple[CategoryCard, ...]:
    """This will list the tree of categories, each after its parent, in their order."""
    rows = sql.fetch(
        "WITH RECURSIVE tree AS (SELECT id, parent_id, name, 1 AS depth, ARRAY[(position, id)] AS place"
        " FROM catalogue_category WHERE parent_id IS NULL UNION ALL"
        " SELECT c.id, c.parent_id, c.name, t.depth + 1, t.place || (c.position, c.id)"
        " FROM catalogue_category c JOIN tree t ON c.parent_id = t.id)"
        " SELECT id, parent_id, name, depth FROM tree ORDER BY place LIMIT %s",
        min(limit, MOST_CATEGORIES),
    )
    return tuple(CategoryCard(row[0], row[1], names.decode(row[2]), row[3]) for row in rows)


@open_query
def categories_of(*, variants: Iterable[VariantId]) -> dict[VariantId, CategoryId]:
    """This will tell the category of each of some variants; what stands in none is absent."""
    rows = sql.fetch(
        "SELECT v.id, l.category_id FROM catalogue_variant v JOIN catalogue_listing l ON l.id = v.listing_id"
        " WHERE v.id = ANY(%s::uuid[]) AND l.category_id IS NOT NULL LIMIT %s",
        sql.as_ids(variants),
        MOST_VARIANTS,
    )
    return {VariantId(variant): CategoryId(category) for variant, category in rows}
