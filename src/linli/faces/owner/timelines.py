"""The moments of an order from top to bottom: those that were, the one that is, and those to come."""

from __future__ import annotations

from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.shapes import Moment
from linli.trade.delivery.rules import DropOff
from linli.trade.orders.queries import OrderPage
from linli.trade.orders.rules import Fulfilment, OrderState

_S = OrderState
_FETCHED = (_S.PAID, _S.ACCEPTED, _S.READY, _S.COMPLETED)
_BROUGHT = (_S.PAID, _S.ACCEPTED, _S.READY, _S.IN_DELIVERY, _S.COMPLETED)
_LEFT = (_S.PAID, _S.ACCEPTED, _S.READY, _S.IN_DELIVERY, _S.AT_PICKUP_POINT, _S.COMPLETED)
_ENDED = (_S.REFUSED, _S.CANCELLED)


def moments(order: OrderPage) -> list[Moment]:
    """This will lay an order's life out; one that ended early ends with why."""
    way = _way(order)
    if order.reached_at(_S.PROMISED):
        way = (_S.PROMISED, *way[1:])
    if order.state in _ENDED:
        return [*(_done(order, state) for state in way if order.reached_at(state)), _ended(order)]
    reached = [state for state in way if order.reached_at(state)]
    to_come = way[len(reached) :]
    found = [_done(order, state) for state in reached]
    found += [_coming(order, state, is_next=n == 0) for n, state in enumerate(to_come)]
    return found


def _way(order: OrderPage) -> tuple[OrderState, ...]:
    if order.fulfilment is Fulfilment.PICK_UP:
        return _FETCHED
    return _BROUGHT if order.drop_off in (None, DropOff.DOOR) else _LEFT


def _done(order: OrderPage, state: OrderState) -> Moment:
    return Moment(label=_said(order, state), state="done", at=order.reached_at(state))


def _coming(order: OrderPage, state: OrderState, *, is_next: bool) -> Moment:
    arrives = _S.AT_PICKUP_POINT if _S.AT_PICKUP_POINT in _way(order) else _S.COMPLETED
    promise_is_here = state is (_S.READY if order.fulfilment is Fulfilment.PICK_UP else arrives)
    return Moment(
        label=_awaited(order, state) if is_next else _said(order, state),
        state="now" if is_next else "next",
        promised=order.promised_at if promise_is_here else None,
        about=_until_when(order) if is_next else None,
    )


def _until_when(order: OrderPage) -> str | None:
    """By when the one it waits for has to act, and what happens otherwise."""
    if order.due_at is None:
        return None
    fetched = order.fulfilment is Fulfilment.PICK_UP
    if order.state is _S.READY and not fetched and order.promised_at and order.promised_at < order.due_at:
        return None  # the promise says more than the last moment at which a run is given up
    by = formats.moment(order.due_at)
    return {
        _S.PLACED: _("Held for you until {time}.", time=by),
        _S.PAID: _("The shop answers by {time}. If it does not, you get everything back.", time=by),
        _S.ACCEPTED: _("Ready by {time} at the latest. If not, you get everything back.", time=by),
        _S.PREPARING: _("Ready by {time} at the latest. If not, you get everything back.", time=by),
        _S.READY: _("Please fetch it by {time}.", time=by)
        if fetched
        else _("It sets off by {time} at the latest.", time=by),
        _S.IN_DELIVERY: _("If it is not handed over by {time}, you get everything back.", time=by)
        if order.fulfilment.way
        else _("If you say nothing, it counts as received {time}.", time=by),
        _S.AT_PICKUP_POINT: _("Please fetch it by {time}.", time=by),
    }.get(order.state)


def _ended(order: OrderPage) -> Moment:
    why = next((m.why for m in reversed(order.moments) if m.refund is None and m.state == order.state), "")
    reasons = {"overdue": _("The shop did not act in time."), "unpaid": _("It was not paid in time.")}
    label = _("Refused by the shop") if order.state is _S.REFUSED else _("Cancelled")
    return Moment(label=label, state="bad", at=order.reached_at(order.state), about=reasons.get(why, why) or None)


def _said(order: OrderPage, state: OrderState) -> str:
    fetched = order.fulfilment is Fulfilment.PICK_UP
    return {
        _S.PROMISED: _("Ordered; you pay in cash when you get it"),
        _S.PAID: _("Paid"),
        _S.ACCEPTED: _("Accepted by the shop"),
        _S.READY: _("Ready for you at the shop") if fetched else _("Packed"),
        _S.IN_DELIVERY: _("Picked up at the shop"),
        _S.AT_PICKUP_POINT: _(
            "Left for you: {place}", place=f"{word(order.drop_off or '')} {order.spot or ''}".strip()
        ),
        _S.COMPLETED: _("In your hands"),
    }[state]


def _awaited(order: OrderPage, state: OrderState) -> str:
    """What is going on until the moment comes."""
    fetched = order.fulfilment is Fulfilment.PICK_UP
    return {
        _S.PAID: _("Waiting for your payment"),
        _S.ACCEPTED: _("The shop is looking at it"),
        _S.READY: _("Being prepared"),
        _S.IN_DELIVERY: _("Setting off soon"),
        _S.AT_PICKUP_POINT: _("On its way to you"),
        _S.COMPLETED: _("Waiting for you")
        if order.state is _S.AT_PICKUP_POINT
        else _("Waiting for you at the shop")
        if fetched
        else _("On its way to you"),
    }[state]
