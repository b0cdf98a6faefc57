"""The readings that a person sent, for them to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from linli.estate.metering.models import Reading
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 5_000


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """A reading as its sender takes it along."""

    meter: str
    kind: str
    read_on: date
    shown: list[Decimal]
    state: str
    note: str


@query
def my_reading_records(scope: Scope, *, limit: int = MOST) -> tuple[ReadingRecord, ...]:
    """This will list the readings that the asker took or sent, the latest first."""
    rows = Reading.objects.within(scope).filter(taken_by=scope.person).order_by("-id")
    columns = ("meter__label", "meter__kind", "read_on", "shown", "state", "note")
    return tuple(ReadingRecord(*row) for row in rows.values_list(*columns)[: min(limit, MOST)])
