"""The worker's phone: what they have in hand, and what they could take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from linli.estate.workorders.models import Order, Sla, Worker, holding
from linli.estate.workorders.rules import HURRIED, IN_HAND, Kind, Way, WorkOrderPolicy, WorkState
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, WorkOrderId
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 100


@dataclass(frozen=True, slots=True)
class Job:
    """One job as the phone lists it."""

    order: WorkOrderId
    number: str
    community: CommunityId
    kind: Kind
    type_name: dict[str, str]
    home: HomeId | None
    place: str
    words: str
    state: WorkState
    due_at: datetime | None
    is_late: bool
    wanted_at: datetime | None


@query
def my_jobs(scope: Scope, *, at: datetime, limit: int = 50) -> tuple[Job, ...]:
    """This will list what the asker has in hand, what is due first on top."""
    states = [state.value for state in IN_HAND]
    rows = Order.objects.within(scope).filter(assignee=scope.person, state__in=states).order_by("due_at", "id")
    return tuple(_job(row, at) for row in rows.select_related("type")[: min(limit, MOST)])


@query
def grab_list(scope: Scope, *, at: datetime, limit: int = 50) -> tuple[Job, ...]:
    """This will list what the asker is able to take: raised, to be grabbed, of a skill they have, where they work."""
    if scope.person is None:
        return ()
    mine = Worker.objects.within(scope).filter(person=scope.person, left_at__isnull=True, is_away=False)
    able = Q(pk__in=[])
    for community, skills in mine.values_list("community", "skills")[:MOST]:
        terms = policy(scope, WorkOrderPolicy, at=at, community=CommunityId(community))
        slas = holding(Sla.objects.within(scope).filter(community=community), at)
        if terms.way is Way.GRAB:
            given = slas.exclude(way__in=["", Way.GRAB.value]).values("type")
            able |= Q(community=community, type__skill__in=skills) & ~Q(type__in=given)
        else:
            able |= Q(
                community=community, type__skill__in=skills, type__in=slas.filter(way=Way.GRAB.value).values("type")
            )
    rows = Order.objects.within(scope).filter(able, state=WorkState.RAISED.value).order_by("due_at", "id")
    return tuple(_job(row, at) for row in rows.select_related("type")[: min(limit, MOST)])


def _job(row: Order, at: datetime) -> Job:
    state = WorkState(row.state)
    return Job(
        order=WorkOrderId(row.pk),
        number=row.number,
        community=CommunityId(row.community),
        kind=Kind(row.kind),
        type_name=row.type.name,
        home=HomeId(row.home) if row.home else None,
        place=row.place,
        words=row.words,
        state=state,
        due_at=row.due_at,
        is_late=state in HURRIED and row.due_at is not None and row.due_at < at,
        wanted_at=row.wanted_at,
    )
