"""Everything that a person asked for, to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.estate.workorders.models import Order
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


@query
def my_work_order_records(scope: Scope, *, limit: int = 5000) -> tuple[WorkOrderRecord, ...]:
    """This will list everything the asker asked for, the latest first, for them to take along."""
    rows = Order.objects.within(scope).filter(raised_by=scope.person).order_by("-id")
    columns = ("number", "kind", "place", "words", "state", "raised_at", "answer", "stars", "rating_words")
    return tuple(WorkOrderRecord(*row) for row in rows.values_list(*columns)[:limit])
