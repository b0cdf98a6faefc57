"""What the clock does to orders: every waiting state ends when its time is up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog

from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions, queries, rules

BATCH = 200
"""So many at a time; what is left over is due in the next minute too."""
T = TypeVar("T", bound=UUID)
_log = structlog.get_logger()


@timed("* * * * *")
def expire_checkouts(*, at: datetime) -> int:
    """This will end locks that ran out and checkouts that were not paid in time."""
    locks = actions.expire_locks(SYSTEM, at=at, limit=BATCH)
    unpaid = queries.unpaid_checkouts(SYSTEM, at=at, limit=BATCH)
    return locks + _together(unpaid, lambda ids: actions.expire_checkouts(SYSTEM, checkouts=ids, at=at))


@timed("* * * * *")
def run_out(*, at: datetime) -> int:
    """This will cancel, complete or close the orders that have waited long enough."""
    due = queries.due_orders(SYSTEM, at=at, limit=BATCH)
    return (
        _each(due[rules.OrderVerb.CANCEL], lambda id_: actions.cancel_overdue_order(SYSTEM, order=id_, at=at))
        + _together(
            due[rules.OrderVerb.COMPLETE], lambda ids: actions.complete_overdue_orders(SYSTEM, orders=ids, at=at)
        )
        + _together(due[rules.OrderVerb.CLOSE], lambda ids: actions.close_orders(SYSTEM, orders=ids, at=at))
    )


@timed("23 * * * *")
def remind(*, at: datetime) -> int:
    """This will remind buyers of what waits for them at a pick-up point and soon goes back."""
    due = queries.orders_to_remind_of(SYSTEM, at=at, limit=BATCH)
    return _together(due, lambda ids: actions.remind_of_orders(SYSTEM, orders=ids, at=at))


@timed("37 * * * *")
def chase_uncounted(*, at: datetime) -> int:
    """This will tell shops again of what came back and they did not count in, and write off what is too old."""
    found = queries.uncounted(SYSTEM, at=at, limit=BATCH)
    told = _together(found.chased, lambda ids: actions.chase_shops(SYSTEM, orders=ids, at=at))
    return told + _each(found.lost, lambda id_: actions.write_off_unseen(SYSTEM, order=id_, at=at))


@timed("*/5 * * * *")
def settle_refund_requests(*, at: datetime) -> int:
    """This will go on with refund requests that nobody answered in time."""
    due = queries.due_refunds(SYSTEM, at=at, limit=BATCH)
    return _each(due, lambda id_: actions.lapse_refund(SYSTEM, refund=id_, at=at))


def _together(ids: Sequence[T], act: Callable[[Sequence[T]], int]) -> int:
    """In one transaction; if that fails, one by one, so that a single bad one holds up no other."""
    if not ids:
        return 0
    try:
        return act(ids)
    except Exception as error:
        _log.warning("batch_failed", count=len(ids), error=type(error).__name__)
        return _each(ids, lambda id_: act((id_,)))


def _each(ids: Sequence[T], act: Callable[[T], int]) -> int:
    """Each in its own transaction; one that fails is logged and due again in the next minute."""
    done = 0
    for id_ in ids:
        try:
            done += act(id_)
        except Exception as error:
            _log.warning("overdue_failed", id=str(id_), error=type(error).__name__)
    return done
