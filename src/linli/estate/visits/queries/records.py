"""The passes that a person gave, for them to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from linli.estate.visits.models import Pass
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 5_000


@dataclass(frozen=True, slots=True)
class PassRecord:
    """A pass as its inviter takes it along; of the guest what the house has not forgotten yet."""

    kind: str
    guest_name: str
    guest_phone: str
    plate: str
    start_on: date
    end_on: date
    state: str
    entered: int
    invited_at: datetime


@query
def my_visit_records(scope: Scope, *, limit: int = MOST) -> tuple[PassRecord, ...]:
    """This will list the passes that the asker gave, the latest first."""
    rows = Pass.objects.within(scope).filter(Q(inviter=scope.person)).order_by("-id")
    columns = (
        *("kind", "guest_name", "guest_phone", "plate", "start_on", "end_on"),
        *("state", "entered", "invited_at"),
    )
    return tuple(PassRecord(*row) for row in rows.values_list(*columns)[: min(limit, MOST)])
