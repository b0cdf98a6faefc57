"""What has waited long enough, for the clock."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from linli.kernel.ids import CheckoutId, OrderId, RefundId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules


@query
def unpaid_checkouts(_: Scope, *, at: datetime, limit: int) -> tuple[CheckoutId, ...]:
    """This will list checkouts whose time to pay is over, the oldest first."""
    rows = sql.fetch(
        "SELECT id FROM orders_checkout WHERE state = 'paying' AND due_at <= %s ORDER BY due_at LIMIT %s", at, limit
    )
    return tuple(row[0] for row in rows)


@query
def due_orders(_: Scope, *, at: datetime, limit: int) -> dict[rules.OrderVerb, tuple[OrderId, ...]]:
    """This will list the orders whose time is up, the oldest first, by what the clock does to them.

    Unpaid ones end with their checkout; a completed one with an open request for a refund waits for its answer.
    """
    rows = sql.fetch(
        "SELECT id, state, fulfilment, payment = 'cash' AND paid_at IS NULL FROM orders_order AS o"
        " WHERE due_at <= %s AND state <> 'placed' AND NOT ("
        "state = 'completed' AND EXISTS (SELECT FROM orders_refund AS r WHERE r.order_id = o.id"
        " AND r.state IN ('asked', 'disputed'))) ORDER BY due_at LIMIT %s",
        at,
        limit,
    )
    found: dict[rules.OrderVerb, list[OrderId]] = defaultdict(list)
    for order, state, fulfilment, to_pay in rows:
        verb = rules.when_time_is_up(rules.OrderState(state), rules.Fulfilment(fulfilment), to_pay=to_pay)
        if verb is not None:
            found[verb].append(order)
    verbs = (rules.OrderVerb.CANCEL, rules.OrderVerb.COMPLETE, rules.OrderVerb.CLOSE)
    return {verb: tuple(found[verb]) for verb in verbs}


@query
def due_refunds(_: Scope, *, at: datetime, limit: int) -> tuple[RefundId, ...]:
    """This will list requests for refunds that nobody answered in time, the oldest first."""
    rows = sql.fetch("SELECT id FROM orders_refund WHERE due_at <= %s ORDER BY due_at LIMIT %s", at, limit)
    return tuple(row[0] for row in rows)
