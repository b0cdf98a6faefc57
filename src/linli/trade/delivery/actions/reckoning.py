"""Which policy holds for a task, and what tasks are expected to pay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM
from linli.trade.delivery import rules
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import CourierPolicy


def policy_of(task: Task, at: datetime) -> CourierPolicy:
    """This will give the policy of the community that a task goes to."""
    return policy(SYSTEM, CourierPolicy, at=at, community=CommunityId(task.community))


def distance_of(task: Task) -> int:
    """This will reckon the way of a task, from its shop to its building."""
    return rules.way_m((task.from_lat, task.from_lon), (task.to_lat, task.to_lon))


def expected_pay(tasks: Sequence[Task], rule: CourierPolicy) -> Money:
    """This will add up what tasks will pay when all of them are handed over; what a shop carries pays nothing here."""
    doors = Counter((task.building or task.community) for task in tasks)
    nth: Counter[object] = Counter()
    total = Money.zero
    for task in tasks:
        if task.by_shop:
            continue
        door = task.building or task.community
        total += rules.pays(rule, distance_m=distance_of(task), together=doors[door], nth=nth[door]).total
        nth[door] += 1
    return total
