"""What the clock does to orders: every waiting state ends when its time is up."""

from __future__ import annotations

from datetime import datetime

from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions, queries, rules

BATCH = 200
"""So many at a time; what is left over is due in the next minute too."""


@timed("* * * * *")
def expire_checkouts(*, at: datetime) -> int:
    """This will end locks that ran out and checkouts that were not paid in time."""
    locks = actions.expire_locks(SYSTEM, at=at, limit=BATCH)
    unpaid = queries.unpaid_checkouts(SYSTEM, at=at, limit=BATCH)
    return locks + (actions.expire_checkouts(SYSTEM, checkouts=unpaid, at=at) if unpaid else 0)


@timed("* * * * *")
def run_out(*, at: datetime) -> int:
    """This will cancel, complete or close the orders that have waited long enough."""
    due = queries.due_orders(SYSTEM, at=at, limit=BATCH)
    done = sum(actions.cancel_overdue_order(SYSTEM, order=order, at=at) for order in due[rules.OrderVerb.CANCEL])
    if orders := due[rules.OrderVerb.COMPLETE]:
        done += actions.complete_overdue_orders(SYSTEM, orders=orders, at=at)
    if orders := due[rules.OrderVerb.CLOSE]:
        done += actions.close_orders(SYSTEM, orders=orders, at=at)
    return done


@timed("*/5 * * * *")
def settle_refund_requests(*, at: datetime) -> int:
    """This will go on with refund requests that nobody answered in time."""
    due = queries.due_refunds(SYSTEM, at=at, limit=BATCH)
    return sum(actions.lapse_refund(SYSTEM, refund=refund, at=at) for refund in due)
