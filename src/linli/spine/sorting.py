"""A list in pages, sorted by a column: where the next page begins is told by the last row of the one before."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

M = TypeVar("M", bound=Model)


def in_order(
    rows: QuerySet[M], of: QuerySet[M], by: Combinable | None, *, is_rising: bool, after: UUID | None
) -> QuerySet[M]:
    """This will sort rows by an expression that is never null and then by id, from the one after `after` on.

    Without an expression they are sorted by id alone, which is by age. `of` is where the row named `after` is looked
    up: all that the asker reaches, as it may not fit the filters any more.
    """
    way, than = ("", "gt") if is_rising else ("-", "lt")
    beyond: dict[str, Any] = {f"id__{than}": after}
    if by is None:
        rows = rows.order_by(f"{way}id")
        return rows if after is None else rows.filter(**beyond)
    keyed: QuerySet[M] = rows.annotate(sort_key=by).order_by(f"{way}sort_key", f"{way}id")  # type: ignore[assignment]
    if after is None:
        return keyed
    there = Subquery(of.filter(pk=after).values(there=by))
    return keyed.filter(Q(**{f"sort_key__{than}": there}) | Q(sort_key=there, **beyond))
