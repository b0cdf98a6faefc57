"""Everything that a person asked for, to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from linli.estate.workorders.models import Order, Saying
from linli.spine.action import query
from linli.spine.scope import Scope


@dataclass(frozen=True, slots=True)
class WorkOrderRecord:
    """One order as its person takes it along."""

    number: str
    kind: str
    place: str
    words: str
    state: str
    raised_at: datetime
    answer: str
    stars: int | None
    rating_words: str
    said: tuple[str, ...]


@query
def my_work_order_records(scope: Scope, *, limit: int = 5000) -> tuple[WorkOrderRecord, ...]:
    """This will list everything the asker asked for, the latest first, for them to take along."""
    rows = Order.objects.within(scope).filter(raised_by=scope.person).order_by("-id")
    columns = ("number", "kind", "place", "words", "state", "raised_at", "answer", "stars", "rating_words")
    said: dict[UUID, list[str]] = {}
    mine = Saying.objects.within(scope).filter(Q(person=scope.person)).order_by("id")
    for order, words in mine.values_list("order_id", "words")[:limit]:
        said.setdefault(order, []).append(words)
    found: list[tuple[Any, ...]] = list(rows.values_list("id", *columns)[:limit])
    return tuple(WorkOrderRecord(*(*row[1:], tuple(said.get(row[0], ())))) for row in found)
