"""Where residents want their orders left, and where the courier of one may leave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, TaskId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import rules
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import DropOff, Station, TaskState, TaskVerb


@dataclass(frozen=True, slots=True)
class MayLie:
    """Where an order in a courier's hands may be left beside the place it is for, the most wished for first.

    `by_code`: at the door it is handed over, not left. `station` is where a pick-up station is, if it goes there.
    """

    elsewhere: tuple[DropOff, ...] = ()
    by_code: bool = False
    station: Station | None = None


@query
def wished_places(scope: Scope, *, home: HomeId) -> tuple[DropOff, ...]:
    """This will tell a resident of a home, or the house, what was wished for there; nothing where nobody said."""
    if not scope.is_inside and home not in scope.homes:
        raise NotFound("home")
    row = sql.fetch_one("SELECT delivery_wished(%s)", home)
    return tuple(map(DropOff, row[0])) if row else ()


@query
def may_lie(scope: Scope, *, task: TaskId, at: datetime) -> MayLie:
    """This will tell a courier where an order may be left, as its resident and its community have it."""
    row = Task.objects.within(scope).filter(pk=task).first()
    if row is None:
        raise NotFound("task")
    if row.courier != scope.person or not rules.TASK_LIFE.allows(TaskState(row.state), TaskVerb.FINISH):
        return MayLie()
    terms = policy(SYSTEM, rules.DeliveryPolicy, at=at, community=CommunityId(row.community))
    wished = wished_places(SYSTEM, home=HomeId(row.home)) if row.home else ()
    now, adults_only = DropOff(row.drop_off), Care.ADULTS.value in row.care
    return MayLie(
        rules.elsewhere(terms.places, wished, now=now, adults_only=adults_only),
        now is DropOff.DOOR and bool(wished) and DropOff.DOOR not in wished,
        terms.station if now is DropOff.STATION else None,
    )
