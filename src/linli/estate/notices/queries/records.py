"""The notices that were addressed to a person, for them to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from linli.estate.notices.models import Recipient
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 5_000


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice as its reader takes it along."""

    label: str
    title: dict[str, str]
    told_at: datetime | None
    read_at: datetime | None
    acknowledged_at: datetime | None


@query
def my_notice_records(scope: Scope, *, limit: int = MOST) -> tuple[NoticeRecord, ...]:
    """This will list the notices that were addressed to the asker and can still be read, the latest first."""
    rows = Recipient.objects.within(scope).filter(Q(person=scope.person)).order_by("-notice_id")
    columns = ("notice__label", "notice__title", "told_at", "read_at", "acknowledged_at")
    return tuple(NoticeRecord(*row) for row in rows.values_list(*columns)[: min(limit, MOST)])
