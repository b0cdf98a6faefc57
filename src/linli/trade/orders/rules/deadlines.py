"""Deadlines: until when each waiting state waits. Frozen at sale, so that a later policy changes no promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.trade.orders.rules.fulfilments import Fulfilment
from linli.trade.orders.rules.lives import OrderState, OrderVerb, WaitsFor
from linli.trade.orders.rules.policy import OrderPolicy

_MINUTES_OF_AN_HOUR = 60
_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many minutes a checkout and its orders wait in each of their states."""

    lock: int
    pay: int
    accept: int
    prepare: int
    dispatch: int
    fetch: int
    confirm: int
    refund: int


def patience(policy: OrderPolicy) -> Patience:
    """This will freeze a community's policy for one order."""
    return Patience(
        lock=policy.lock_minutes,
        pay=policy.pay_minutes,
        accept=policy.accept_minutes,
        prepare=policy.prepare_minutes,
        dispatch=policy.dispatch_minutes,
        fetch=policy.fetch_days * _MINUTES_OF_A_DAY,
        confirm=policy.confirm_hours * _MINUTES_OF_AN_HOUR,
        refund=policy.refund_days * _MINUTES_OF_A_DAY,
    )


@dataclass(frozen=True, slots=True)
class Window:
    """When the buyer wants to be served; without one it is as soon as possible."""

    start: datetime
    end: datetime


QUOTE_REMEMBERED = timedelta(days=1)
"""So long after its lock ran out, what a checkout showed can still be compared with the prices of now."""
LONGEST_WINDOW = timedelta(hours=12)
FURTHEST_WINDOW = timedelta(days=7)


def window_fault(window: Window, at: datetime) -> str | None:
    """This will name what is wrong with a wanted window, or None."""
    if window.end <= window.start:
        return "window_ends_before_it_starts"
    if window.end - window.start > LONGEST_WINDOW:
        return "window_too_long"
    if window.end <= at:
        return "window_is_over"
    if window.start > at + FURTHEST_WINDOW:
        return "window_too_far"
    return None


def promised_at(at: datetime, minutes: int, window: Window | None) -> datetime:
    """This will give the time told to the buyer once the order is paid: the end of the window, or so soon from now."""
    return window.end if window else at + timedelta(minutes=minutes)


def waits_for(state: OrderState, fulfilment: Fulfilment, *, to_pay: bool = False) -> WaitsFor:
    """This will tell who has to do the next thing.

    `to_pay`: cash is still to be taken. Then nothing is received by silence: on the way the shop is waited for, to take
    the money or to bring the goods back.
    """
    if state in (OrderState.PROMISED, OrderState.PAID, OrderState.ACCEPTED, OrderState.PREPARING):
        return WaitsFor.SHOP
    if to_pay and state is OrderState.IN_DELIVERY:
        return WaitsFor.SHOP
    if fulfilment.way and state in (OrderState.READY, OrderState.IN_DELIVERY):
        return WaitsFor.COURIER
    if state is OrderState.READY:
        return WaitsFor.BUYER if fulfilment is Fulfilment.PICK_UP else WaitsFor.SHOP
    if state in (OrderState.PLACED, OrderState.IN_DELIVERY, OrderState.AT_PICKUP_POINT, OrderState.COMPLETED):
        return WaitsFor.BUYER
    return WaitsFor.NOBODY


def when_time_is_up(state: OrderState, fulfilment: Fulfilment, *, to_pay: bool = False) -> OrderVerb | None:
    """This will name what the clock does when nobody did: who was waited for bears it.

    A shop that does not act, or a courier who never hands over, loses the order and the buyer has the money back; a
    buyer who does not come, or does not say that the goods arrived, has received them; only what nobody has paid is
    never completed so.
    """
    match waits_for(state, fulfilment, to_pay=to_pay):
        case WaitsFor.SHOP | WaitsFor.COURIER:
            return OrderVerb.CANCEL
        case WaitsFor.BUYER if to_pay or state is OrderState.PLACED:
            return OrderVerb.CANCEL
        case WaitsFor.BUYER if state is OrderState.COMPLETED:
            return OrderVerb.CLOSE
        case WaitsFor.BUYER:
            return OrderVerb.COMPLETE
        case _:
            return None


def due_at(
    state: OrderState, fulfilment: Fulfilment, at: datetime, patience: Patience, window: Window | None
) -> datetime | None:
    """This will give until when an order that has just come into the state waits there; None for an end.

    An order for a later window is not asked of the shop earlier than it takes to prepare it, and need not be ready or
    sent out before the window ends.
    """
    minutes = {
        OrderState.PLACED: patience.pay,
        OrderState.PROMISED: patience.accept,
        OrderState.PAID: patience.accept,
        OrderState.ACCEPTED: patience.prepare,
        OrderState.PREPARING: patience.prepare,
        OrderState.READY: patience.fetch if fulfilment is Fulfilment.PICK_UP else patience.dispatch,
        OrderState.IN_DELIVERY: patience.confirm,
        OrderState.AT_PICKUP_POINT: patience.fetch,
        OrderState.COMPLETED: patience.refund,
    }.get(state)
    if minutes is None:
        return None
    due = at + timedelta(minutes=minutes)
    if window is None:
        return due
    if state in (OrderState.PROMISED, OrderState.PAID):
        return max(due, window.start - timedelta(minutes=patience.prepare))
    if state in (OrderState.ACCEPTED, OrderState.PREPARING, OrderState.READY):
        return max(due, window.end)
    return due
