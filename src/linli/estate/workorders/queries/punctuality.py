"""How punctual the work is: promised and kept, by type and by worker, from the same rows as the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.db.models import Avg, Count, F, Q

from linli.estate.workorders.models import Order
from linli.estate.workorders.rules import WorkState
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, PartyId
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST = 500


@dataclass(frozen=True, slots=True)
class Punctual:
    """A type, a worker or a day: how many, how many of them in time at each step, how they were rated."""

    key: str
    name: dict[str, str] | str
    orders: int
    accepted_in_time: int
    arrived_in_time: int
    done: int
    done_in_time: int
    stars: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """The part of what was done that was done in time."""
        return Decimal(self.done_in_time) / self.done if self.done else None


@query
def punctuality(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    start: datetime,
    end: datetime,
    by: Literal["type", "worker"] = "type",
) -> tuple[Punctual, ...]:
    """This will say how much of what was raised in [start, end) was accepted, reached and done in time."""
    asked = [each for each in communities if scope.is_inside or each in scope.communities]
    rows = Order.objects.within(scope).filter(community__in=asked, raised_at__gte=start, raised_at__lt=end)
    rows = rows.exclude(state=WorkState.CANCELLED.value)
    keys = ("type_id", "type__name") if by == "type" else ("assignee",)
    if by == "worker":
        rows = rows.filter(assignee__isnull=False)
    found = list(
        rows.values(*keys)
        .annotate(
            orders=Count("pk"),
            accepted=Count("pk", filter=Q(accepted_at__lte=F("accept_due_at"))),
            arrived=Count("pk", filter=Q(arrived_at__lte=F("arrive_due_at"))),
            done=Count("pk", filter=Q(done_at__isnull=False)),
            punctual=Count("pk", filter=Q(done_at__lte=F("finish_due_at"))),
            mean=Avg("stars"),
        )
        .order_by("-orders", keys[0])[:MOST]
    )
    names = {} if by == "type" else people.masked_names(SYSTEM, parties=[PartyId(each["assignee"]) for each in found])
    return tuple(
        Punctual(
            key=str(each[keys[0]]),
            name=each["type__name"] if by == "type" else names.get(PartyId(UUID(str(each["assignee"]))), ""),
            orders=each["orders"],
            accepted_in_time=each["accepted"],
            arrived_in_time=each["arrived"],
            done=each["done"],
            done_in_time=each["punctual"],
            stars=None if each["mean"] is None else Decimal(str(round(each["mean"], 2))),
        )
        for each in found
    )
