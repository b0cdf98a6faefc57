"""A courier to whom nobody opens leaves an order where its resident allows it, in the order in which they said it."""

from __future__ import annotations

from datetime import datetime

from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, TaskId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.reach.lockers import actions as lockers
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import queries, rules
from linli.trade.delivery.actions.held import hold_own
from linli.trade.delivery.actions.signs import note_sign
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import DropOff, TaskState, TaskVerb


@action(needs=May.CARRY_GOODS)
def leave_elsewhere(scope: Scope, *, task: TaskId, place: DropOff, at: datetime) -> None:
    """This will have an order left at another place that its resident allows; there already, it is answered so."""
    row = hold_own(scope, task)
    note_sign(scope, at=at)
    if row.drop_off == place.value:
        return
    rules.TASK_LIFE.after(TaskState(row.state), TaskVerb.FINISH)
    terms = policy(SYSTEM, rules.DeliveryPolicy, at=at, community=CommunityId(row.community))
    adults_only = Care.ADULTS.value in row.care
    now = DropOff(row.drop_off)
    if place not in rules.elsewhere(terms.places, wished_by(row), now=now, adults_only=adults_only):
        raise Invalid("place", _("Its resident does not allow that place."))
    if now is DropOff.LOCKER:
        lockers.free(SYSTEM, subject=row.order, at=at)
    row.drop_off = place.value
    row.save(update_fields=["drop_off"])


def wished_by(row: Task) -> tuple[DropOff, ...]:
    """This will tell where the residents of a task's home want their orders left."""
    return queries.wished_places(SYSTEM, home=HomeId(row.home)) if row.home else ()
