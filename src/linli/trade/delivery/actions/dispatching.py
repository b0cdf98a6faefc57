"""Live dispatch: the moment of a city is put to the dispatcher's rules, and what they say becomes offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from linli.ground.places import queries as places
from linli.kernel.ids import CityId, PartyId, ShopId
from linli.spine import locks, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.delivery import queries, rules
from linli.trade.delivery.actions.held import carries
from linli.trade.delivery.actions.running import offer_run, plain_run
from linli.trade.delivery.models import Courier, Task
from linli.trade.delivery.queries import FreeHands, WaitingTask
from linli.trade.delivery.rules import TaskState, Why
from linli.trade.delivery.rules.dispatch import Courier as AtHand
from linli.trade.delivery.rules.dispatch import (
    Deliver,
    Demand,
    Dispatcher,
    Doing,
    Goto,
    Instruction,
    Order,
    Setting,
    Terms,
)

HINT_EVERY = timedelta(minutes=2)
_HINTS = """
    UPDATE delivery_courier AS c SET hint_shop = h.shop, hint_at = %s
    FROM unnest(%s::uuid[], %s::uuid[]) AS h(person, shop)
    WHERE c.person = h.person AND (c.hint_shop IS DISTINCT FROM h.shop OR c.hint_at IS NULL OR c.hint_at < %s)
"""
SERVICE_MIN = 2.0
"""At the shop and at the door, until what is measured there says better."""


@action(needs=May.RUN_CLOCKS)
def dispatch_city(scope: Scope, *, city: CityId, at: datetime) -> int:
    """This will offer a city's waiting orders to the couriers on shift as the rules say; it tells how many.

    One at a time for a city. Nobody is asked twice for what he refused, or while he has not answered; orders that no
    rule sends anybody for yet wait for the next turn, and stand on the board when they wait too long.
    """
    locks.hold(f"dispatch:{city}")
    timezone = places.city(city).timezone
    tasks = {str(task.task): task for task in queries.waiting(scope, city=city, timezone=timezone)}
    hands = {str(each.person): each for each in queries.free_hands(scope, city=city) if not each.is_asked}
    recent = queries.recent_shops(scope, city=city, at=at) if hands else ()
    if not hands or not (tasks or recent):
        return 0
    around = next(iter(tasks.values())).from_ if tasks else recent[0].place
    dispatcher = Dispatcher(
        Setting(), terms=Terms(pickup_service_min=SERVICE_MIN, drop_service_min=SERVICE_MIN), travel=rules.travel
    )
    told = dispatcher.step(
        0.0,
        [_order(key, task, around, at) for key, task in tasks.items()],
        [_at_hand(key, each, tasks, around, at) for key, each in hands.items()],
        [Demand(str(each.shop), rules.metres(each.place, around), each.expected) for each in recent],
    )
    left, free = dict(tasks), sum(each.free_at is None for each in hands.values())
    offered, hints = 0, dict[PartyId, ShopId]()
    for instruction in told:
        chosen = _chosen(instruction, left, hands[instruction.courier])
        if not chosen and isinstance(instruction, Goto):
            hints[hands[instruction.courier].person] = ShopId(UUID(instruction.shop))
        if chosen and _offered(scope, chosen, hands[instruction.courier].person, free=free, at=at):
            offered += 1
            for task in chosen:
                del left[str(task.task)]
    _hint(hints, at)
    return offered


def _hint(hints: dict[PartyId, ShopId], at: datetime) -> None:
    """Where couriers without a task should rather be: a suggestion on their page, which binds nobody."""
    if hints:
        sql.run(_HINTS, at, list(hints), list(hints.values()), at - HINT_EVERY)


def _order(key: str, task: WaitingTask, around: tuple[float, float], at: datetime) -> Order:
    ready = task.ready_at
    if not task.is_ready:
        ready = rules.ready_at(asked_at=task.asked_at, told_at=task.ready_at, seen=task.seen, usual_s=task.usual_s)
    return Order(
        key=key,
        shop=str(task.shop),
        pickup=rules.metres(task.from_, around),
        drop=rules.metres(task.to, around),
        placed_min=rules.minutes_until(task.asked_at, at),
        ready_min=rules.minutes_until(ready, at),
        is_sure=task.is_ready,
        portions=task.portions,
        needs=task.needs | {str(task.community)},
    )


def _at_hand(
    key: str, each: FreeHands, tasks: dict[str, WaitingTask], around: tuple[float, float], at: datetime
) -> AtHand:
    """A courier as the rules see one: free where the phone last was, or busy until what they carry is delivered."""
    is_busy = each.free_at is not None
    place = each.ends_where if is_busy else each.place
    return AtHand(
        key=key,
        doing=Doing.BUSY if is_busy else Doing.IDLE,
        place=rules.metres(place, around) if place else (0.0, 0.0),
        free_min=max(0.0, rules.minutes_until(each.free_at, at)) if each.free_at else 0.0,
        shift_began_min=rules.minutes_until(each.began_at, at),
        shift_ends_min=rules.minutes_until(each.ends_at, at),
        done=each.done,
        capacity=each.capacity,
        skills=each.skills | _reaches(each, tasks),
        refused=frozenset(other for other, task in tasks.items() if each.person in task.refused_by),
    )


def _reaches(each: FreeHands, tasks: dict[str, WaitingTask]) -> frozenset[str]:
    """The communities that a courier carries to, among those that wait: a skill like others, and as hard a filter."""
    return frozenset(map(str, each.communities or {task.community for task in tasks.values()}))


def _chosen(instruction: Instruction, left: dict[str, WaitingTask], hands: FreeHands) -> list[WaitingTask]:
    """The orders that an instruction is about: those named, or what is ready first at the shop where to go."""
    if isinstance(instruction, Deliver):
        return [left[key] for key in instruction.orders if key in left]
    here = [
        task
        for task in left.values()
        if str(task.shop) == instruction.shop
        and hands.person not in task.refused_by
        and task.needs <= hands.skills
        and (not hands.communities or task.community in hands.communities)
    ]
    chosen: list[WaitingTask] = []
    for task in sorted(here, key=lambda task: (not task.is_ready, task.ready_at, task.task))[: Setting().most_orders]:
        if sum(each.portions for each in chosen) + task.portions <= hands.capacity:
            chosen.append(task)
    return chosen


def _offered(scope: Scope, chosen: Sequence[WaitingTask], person: PartyId, *, free: int, at: datetime) -> bool:
    """Whether the orders, still waiting, were offered: what somebody else did with one meanwhile counts."""
    rows = list(
        Task.objects.inside()
        .select_for_update()
        .filter(pk__in=[task.task for task in chosen], state=TaskState.TODO.value, offered_to=None)
        .order_by("id")
    )
    courier = Courier.objects.inside().filter(person=person, left_at=None).first()
    if courier is None or len(rows) != len(chosen) or not all(carries(courier, row) for row in rows):
        return False
    why = Why.TOGETHER if len(rows) > 1 else Why.ONLY if free <= 1 else Why.NEAREST
    offer_run(
        scope,
        run=plain_run(rows, courier=None, at=at),
        courier=person,
        choice={"why": why.value, "orders": len(rows), "free": free},
        at=at,
    )
    return True
