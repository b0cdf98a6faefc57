"""What the clock does to work orders and outages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog

from linli.estate.workorders import actions, queries
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

BATCH = 200
T = TypeVar("T", bound=UUID)
_log = structlog.get_logger()


@timed("* * * * *")
def run_out(*, at: datetime) -> int:
    """This will end pauses, prices and days of re-opening whose time is up."""
    due = queries.due_orders(SYSTEM, at=at, limit=BATCH)
    return (
        _each(due.paused, lambda id_: actions.resume_overdue_work(SYSTEM, order=id_, at=at))
        + _each(due.quoted, lambda id_: actions.lapse_quote(SYSTEM, order=id_, at=at))
        + _each(due.done, lambda id_: actions.close_work(SYSTEM, order=id_, at=at))
    )


@timed("*/2 * * * *")
def give_waiting(*, at: datetime) -> int:
    """This will try once more to give out what nobody had room for when it was raised."""
    waiting = queries.waiting_for_hands(SYSTEM, limit=BATCH)
    return _each(waiting, lambda id_: int(actions.give_by_house(SYSTEM, order=id_, at=at) is not None))


@timed("* * * * *")
def escalate(*, at: datetime) -> int:
    """This will tell stewards and managers of what is late."""
    return actions.escalate_late_work(SYSTEM, at=at)


@timed("* * * * *")
def end_outages(*, at: datetime) -> int:
    """This will close outages whose time is over."""
    return _each(
        queries.overdue_outages(SYSTEM, at=at, limit=BATCH),
        lambda id_: actions.end_outage_in_time(SYSTEM, outage=id_, at=at),
    )


def _each(ids: Sequence[T], act: Callable[[T], int]) -> int:
    """Each in its own transaction; one that fails is logged and due again in the next minute."""
    done = 0
    for id_ in ids:
        try:
            done += act(id_)
        except Exception as error:
            _log.warning("work_order_failed", id=str(id_), error=type(error).__name__)
    return done
