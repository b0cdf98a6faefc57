"""What the clock does for delivery: slots open and close, kitchens take a breath, what nobody wants is freed; offers
lapse, who vanished is noticed, shifts end, positions are erased.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from linli.ground.policies.queries import policy
from linli.kernel.ids import ShiftId
from linli.spine import sql
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries, rules

BATCH = 200
T = TypeVar("T")
_log = structlog.get_logger()
MOST = 500
MOST_WAVES = 20
MOST_ZONES = 5
GRACE = timedelta(minutes=10)
"""Whoever holds a place frees it; what is left so long after its limit was forgotten."""


@timed("* * * * *")
def close_slots(*, at: datetime) -> int:
    """This will close the slots whose cut-off is over, the oldest first."""
    rows = sql.fetch(
        "SELECT id FROM delivery_slot WHERE state = 'open' AND cut_off_at <= %s ORDER BY cut_off_at LIMIT %s", at, MOST
    )
    return sum(actions.close_slot(SYSTEM, slot=slot, at=at) for (slot,) in rows)


@timed("* * * * *")
def plan_waves(*, at: datetime) -> int:
    """This will plan the waves of closed slots, and end those whose slots are long over."""
    planned = _each(
        queries.slots_to_plan(SYSTEM, at=at, limit=MOST_WAVES),
        lambda slot: int(actions.plan_slot(slot=slot, at=at)),
    )
    return planned + actions.finish_waves(SYSTEM, at=at, most=MOST)


@timed("7 * * * *")
def open_slots(*, at: datetime) -> int:
    """This will make the slots of the next days."""
    return actions.open_slots(SYSTEM, at=at)


@timed("*/5 * * * *")
def measure_zones(*, at: datetime) -> int:
    """This will measure the ways of zones that are new or changed, and of all once a week."""
    return _each(
        queries.zones_to_measure(at=at, limit=MOST_ZONES),
        lambda zone: actions.measure_roads(zone=zone, at=at),
    )


@timed("* * * * *")
def release_overdue(*, at: datetime) -> int:
    """This will free places held for checkouts that nobody ended."""
    return actions.release_overdue(SYSTEM, limit_at=at - GRACE, most=MOST)


@timed("* * * * *")
def pause_overloaded(*, at: datetime) -> int:
    """This will pause the shops whose kitchens cannot keep up."""
    rows = sql.fetch(
        "SELECT k.shop FROM delivery_kitchen k WHERE k.pauses_by_itself AND EXISTS (SELECT FROM delivery_capacity c"
        " WHERE c.axis = 'kitchen' AND c.subject = k.shop AND c.start_at <= %s AND c.end_at > %s"
        " AND c.taken >= k.value_minor) LIMIT %s",
        at,
        at,
        MOST,
    )
    return sum(actions.pause_overloaded(SYSTEM, shop=shop, at=at) for (shop,) in rows)


@timed("* * * * * */15")
def lapse_offers(*, at: datetime) -> int:
    """This will end offers that nobody answered: their orders are offered to others."""
    return _each(
        queries.offers_due(SYSTEM, at=at, limit=BATCH),
        lambda offer: int(actions.lapse_offer(SYSTEM, offer=offer, at=at)),
    )


@timed("* * * * * */20")
def dispatch_now(*, at: datetime) -> int:
    """This will ask couriers for the orders that go now, city by city."""
    return _each(queries.cities_waiting(SYSTEM, at=at), lambda city: actions.dispatch_city(SYSTEM, city=city, at=at))


@timed("* * * * * */30")
def keep_watch(*, at: datetime) -> int:
    """This will take work from couriers who vanished, and tell the board of everything that is late."""
    gone = _each(
        queries.gone_couriers(SYSTEM, at=at, limit=BATCH),
        lambda each: actions.lose_courier(SYSTEM, courier=each.courier, unseen_since=each.since, at=at),
    )
    return gone + actions.escalate_late_tasks(SYSTEM, at=at)


@timed("*/5 * * * *")
def close_shifts(*, at: datetime) -> int:
    """This will end shifts whose time is long over."""
    return _each(queries.shifts_over(SYSTEM, at=at, limit=BATCH), lambda shift: _close(shift, at))


def _close(shift: ShiftId, at: datetime) -> int:
    actions.close_shift(SYSTEM, shift=shift, at=at)
    return 1


@timed("17 * * * *")
def erase_positions(*, at: datetime) -> int:
    """This will erase where couriers were."""
    hours = policy(SYSTEM, rules.CourierPolicy, at=at).position_hours
    return actions.erase_positions(SYSTEM, before=at - timedelta(hours=hours), at=at)


def _each(things: Sequence[T], act: Callable[[T], int]) -> int:
    """Each in its own transaction; one that fails is logged and due again at the next turn."""
    done = 0
    for thing in things:
        try:
            done += act(thing)
        except Exception as error:
            _log.warning("delivery_clock_failed", thing=str(thing), error=type(error).__name__)
    return done
