"""Live dispatch: the moment of a city is put to the dispatcher's rules, and what they say becomes offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.ground.places import queries as places
from linli.kernel.ids import CityId, PartyId
from linli.spine import locks
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
from linli.trade.delivery.rules.dispatch import Deliver, Dispatcher, Doing, Instruction, Order, Setting, Terms

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
    if not tasks or not hands:
        return 0
    around = next(iter(tasks.values())).from_
    dispatcher = Dispatcher(
        Setting(), terms=Terms(pickup_service_min=SERVICE_MIN, drop_service_min=SERVICE_MIN), travel=rules.travel
    )
    told = dispatcher.step(
        0.0,
        [_order(key, task, around, at) for key, task in tasks.items()],
        [_at_hand(key, each, tasks, around, at) for key, each in hands.items()],
    )
    left, free = dict(tasks), sum(each.free_at is None for each in hands.values())
    offered = 0
    for instruction in told:
        chosen = _chosen(instruction, left, hands[instruction.courier])
        if chosen and _offered(scope, chosen, hands[instruction.courier].person, free=free, at=at):
            offered += 1
            for task in chosen:
                del left[str(task.task)]
    return offered


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
        refused=frozenset(other for other, task in tasks.items() if each.person in task.refused_by),
    )


def _chosen(instruction: Instruction, left: dict[str, WaitingTask], hands: FreeHands) -> list[WaitingTask]:
    """The orders that an instruction is about: those named, or what is ready first at the shop where to go."""
    if isinstance(instruction, Deliver):
        return [left[key] for key in instruction.orders if key in left]
    here = [
        task for task in left.values() if str(task.shop) == instruction.shop and hands.person not in task.refused_by
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
