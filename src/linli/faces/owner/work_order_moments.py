"""The moments of a work order from top to bottom, each with what was promised."""

from __future__ import annotations

from datetime import datetime

from linli.estate.workorders.queries import OrderPage
from linli.estate.workorders.rules import HURRIED, WITHOUT_A_VISIT, WorkState
from linli.faces.shell import formats, voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.shapes import Moment

_WITH_NOBODY_YET = (WorkState.RAISED, WorkState.ASSIGNED)
"""Handed on or given back it is here again: who took it on before, and was there, counts for the promise alone."""


def moments(order: OrderPage) -> list[Moment]:
    """This will lay an order's life out: what was, what is, and what is promised; a stop says why and until when."""
    if order.state is WorkState.CANCELLED:
        why = order.moves[-1].why if order.moves else ""
        at = order.moves[-1].at if order.moves else None
        return [_sent(order), Moment(label=_("Called off"), state="bad", at=at, about=why or None)]
    sent = _sent(order)
    accepted_at = None if order.state in _WITH_NOBODY_YET else order.accepted_at
    accept_due_at = order.accept_due_at if order.accepted_at is None else order.due_at
    steps = [(sent.label, sent.at, None), (_accepted(order, accepted_at), accepted_at, accept_due_at)]
    if order.kind not in WITHOUT_A_VISIT:
        arrived_at = order.arrived_at if accepted_at and order.state is not WorkState.ACCEPTED else None
        steps.append((_("Somebody is there"), arrived_at, order.arrive_due_at))
    done = _("Answered") if order.kind in WITHOUT_A_VISIT else _("Done")
    steps.append((done, order.done_at, order.finish_due_at))
    found = []
    is_next = True
    for label, at, promised in steps:
        if at is not None:
            found.append(Moment(label=label, state="done", at=at))
        else:
            about = _now(order) if is_next else None
            found.append(Moment(label=label, state="now" if is_next else "next", promised=promised, about=about))
            is_next = False
    return found


def _sent(order: OrderPage) -> Moment:
    if not order.reopened:
        return Moment(label=_("Sent to the property company"), state="done", at=order.raised_at)
    opened = (move.at for move in order.moves if move.after == WorkState.RAISED)
    return Moment(label=_("Re-opened"), state="done", at=max(opened, default=order.raised_at))


def _accepted(order: OrderPage, accepted_at: datetime | None) -> str:
    if accepted_at and order.assignee_name:
        if order.kind in WITHOUT_A_VISIT:
            return _("{name} looks into it", name=order.assignee_name)
        return _("Taken on by {name}", name=order.assignee_name)
    return _("Somebody looks into it") if order.kind in WITHOUT_A_VISIT else _("Somebody takes it on")


def _now(order: OrderPage) -> str | None:
    by = formats.moment(order.due_at) if order.due_at else ""
    if order.state in HURRIED and order.due_at and order.due_at < voice.current().at:
        return _("This is late: {time} was promised. Those above hear of it.", time=by)
    if order.state is WorkState.PAUSED:
        why = next((move.why for move in reversed(order.moves) if move.after == WorkState.PAUSED and move.why), "")
        return _("Paused until {time}: {why}", time=by, why=why)
    return (_while_answered(order, by) if order.kind in WITHOUT_A_VISIT else {}).get(order.state) or {
        WorkState.RAISED: _("Somebody is being looked for, by {time}.", time=by),
        WorkState.ASSIGNED: _("Given to {name}, who answers by {time}.", name=order.assignee_name, time=by),
        WorkState.ACCEPTED: _("On the way, there by {time}.", time=by),
        WorkState.WORKING: _("At work, done by {time}.", time=by),
        WorkState.QUOTED: _("Your answer to the price is waited for until {time}.", time=by),
    }.get(order.state)


def _while_answered(order: OrderPage, by: str) -> dict[WorkState, str]:
    """What is said of a complaint: nobody is sent and nobody comes."""
    return {
        WorkState.RAISED: _("Somebody who looks into it is named by {time}.", time=by),
        WorkState.ASSIGNED: _("With {name}, who begins by {time}.", name=order.assignee_name, time=by),
        WorkState.ACCEPTED: _("It is looked into, answered by {time}.", time=by),
        WorkState.WORKING: _("It is looked into, answered by {time}.", time=by),
    }
