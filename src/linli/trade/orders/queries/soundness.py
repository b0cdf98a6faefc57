"""Are the orders sound? Each is held against its escrow, its payees' earnings, its fact and its deadline."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from linli.kernel.ids import OrderId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.kernel.words import _
from linli.spine.action import query
from linli.spine.findings import MOST_DETAILS, Finding, Told, find, told
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders.queries.came_back import late_backs

LATE = timedelta(minutes=15)
"""The clock strikes every minute; what is due for longer waits in vain."""
OVERLOOKED = timedelta(hours=2)
"""The clock of what came back strikes every hour."""
TOLD_LATELY = timedelta(days=29)
"""Facts are kept for thirty days after they were heard; of older orders nobody can tell any more."""


@query
def check(scope: Scope, *, at: datetime) -> tuple[Finding, ...]:
    """This will look for orders whose money, earnings or facts do not fit, and for those that wait in vain."""
    if not scope.is_inside:
        raise Denied
    return (
        find(_("The escrow of an order that ended, or was not paid, is empty"), _LEFT_OVER, _left_over, at - LATE),
        find(_("The escrow of a paid order holds what was not given back"), _MISSING, _missing),
        find(_("The payees of an order earned what its lines still say"), _MISSHARED, _misshared),
        find(_("Every order has told its fact"), _UNTOLD, _untold, at - TOLD_LATELY),
        find(_("What couriers bring of paid orders has its task"), _UNCARRIED, _uncarried, at - LATE),
        find(_("Nobody carries an order that ended unserved"), _CARRIED_IN_VAIN, _carried_in_vain),
        find(_("No order waits beyond its deadline"), _OVERDUE, _overdue, at - LATE),
        _seen(at),
    )


# The ledger keeps an escrow as a credit; `held` is its amount.
_HELD = """
    SELECT o.number, o.id, o.state, o.placed_at, o.paid_at, coalesce(-s.minor, 0) AS held,
           o.goods_minor + o.delivery_fee_minor - o.refunded_fee_minor - l.refunded AS due
    FROM orders_order AS o
    JOIN (SELECT order_id, sum(refunded_minor)::bigint AS refunded FROM orders_line GROUP BY order_id) AS l
        ON l.order_id = o.id
    LEFT JOIN ledger_sums('order_escrow') AS s ON s.about = o.id::text
"""
# An order whose money has just come is told of it in a moment: nothing is wrong with it until that takes long.
_LEFT_OVER = f"""
    SELECT number, id, state, held FROM ({_HELD}) AS h
    WHERE (paid_at IS NULL OR state NOT IN ('promised', 'paid', 'accepted', 'preparing', 'ready', 'in_delivery',
        'at_pickup_point')) AND held <> 0 AND (state <> 'placed' OR placed_at < %s) ORDER BY id LIMIT %s
"""


def _left_over(number: str, order: OrderId, state: str, held: int) -> Told:
    words = _("Order {number} ({order}) is {state} and {held} is left in its escrow.")
    return told(words, number=number, order=order, state=state, held=Money(held))


_MISSING = f"""
    SELECT number, id, held, due FROM ({_HELD}) AS h
    WHERE paid_at IS NOT NULL AND held <> due
      AND state IN ('promised', 'paid', 'accepted', 'preparing', 'ready', 'in_delivery',
        'at_pickup_point') ORDER BY id LIMIT %s
"""


def _missing(number: str, order: OrderId, held: int, due: int) -> Told:
    words = _("The escrow of order {number} ({order}) holds {held} instead of {due}.")
    return told(words, number=number, order=order, held=Money(held), due=Money(due))


# What is left of a completed order is its payees' and the platform's, and that is at most the platform's share at sale.
# Where no carrier was named at sale, couriers are paid by the task, out of the platform's own: that is no share of it.
_MISSHARED = f"""
    SELECT h.number, h.id, coalesce(e.minor, 0), h.due - p.minor, h.due FROM ({_HELD}) AS h
    JOIN (SELECT l.order_id, (sum(l.platform_minor) + max(CASE WHEN o.carrier IS NULL
                THEN o.delivery_fee_minor - o.refunded_fee_minor ELSE 0 END))::bigint AS minor
          FROM orders_line AS l JOIN orders_order AS o ON o.id = l.order_id GROUP BY l.order_id) AS p
        ON p.order_id = h.id
    LEFT JOIN (SELECT s.order_id, sum(s.minor)::bigint AS minor
               FROM payouts_earned() AS s JOIN orders_order AS o ON o.id = s.order_id
               WHERE s.kind <> 'courier' OR o.carrier IS NOT NULL GROUP BY s.order_id) AS e ON e.order_id = h.id
    WHERE CASE WHEN h.state IN ('completed', 'closed')
               THEN coalesce(e.minor, 0) NOT BETWEEN greatest(0, h.due - p.minor) AND h.due
               ELSE coalesce(e.minor, 0) <> 0 END
    ORDER BY h.id LIMIT %s
"""


def _misshared(number: str, order: OrderId, earned: int, least: int, most: int) -> Told:
    words = _("The payees of order {number} ({order}) earned {earned}, which is not between {least} and {most}.")
    return told(words, number=number, order=order, earned=Money(earned), least=Money(least), most=Money(most))


_UNTOLD = """
    SELECT o.number, o.id FROM orders_order AS o
    LEFT JOIN (SELECT (body ->> 'checkout')::uuid AS checkout FROM spine_fact WHERE kind = 'orders.CheckoutPlaced') AS f
        ON f.checkout = o.checkout_id
    WHERE o.placed_at > %s AND f.checkout IS NULL ORDER BY o.id LIMIT %s
"""


def _untold(number: str, order: OrderId) -> Told:
    return told(_("Order {number} ({order}) was placed and nobody was told."), number=number, order=order)


_BROUGHT = """
    WITH o AS MATERIALIZED (SELECT number, id, state, paid_at FROM orders_order
        WHERE fulfilment IN ('pooled', 'alone', 'now') AND state NOT IN ('placed', 'promised', 'completed', 'closed'))
    SELECT o.*, t.task, t.state AS task_state FROM o
    LEFT JOIN delivery_tasks_of(ARRAY(SELECT id FROM o)) AS t ON t."order" = o.id
"""
_UNCARRIED = f"""
    SELECT number, id, state FROM ({_BROUGHT}) AS b
    WHERE task IS NULL AND state NOT IN ('cancelled', 'refused') AND paid_at < %s
    ORDER BY id LIMIT %s
"""


def _uncarried(number: str, order: OrderId, state: str) -> Told:
    words = _("Order {number} ({order}) is {state}, and no courier was ever asked for it.")
    return told(words, number=number, order=order, state=state)


_CARRIED_IN_VAIN = f"""
    SELECT number, id, state, task, task_state FROM ({_BROUGHT}) AS b
    WHERE state IN ('cancelled', 'refused') AND task_state IN ('todo', 'assigned', 'en_route', 'arrived')
    ORDER BY id LIMIT %s
"""


def _carried_in_vain(number: str, order: OrderId, state: str, task: UUID, task_state: str) -> Told:
    words = _("Order {number} ({order}) is {state}, and its task {task} is still {task_state}.")
    return told(words, number=number, order=order, state=state, task=task, task_state=task_state)


# A completed order with an open request for a refund waits for the answer to that.
_OVERDUE = """
    SELECT o.number, o.id, o.state, o.due_at FROM orders_order AS o
    WHERE o.due_at < %s AND NOT (o.state = 'completed' AND EXISTS (
        SELECT FROM orders_refund AS r WHERE r.order_id = o.id AND r.state IN ('asked', 'disputed')))
    ORDER BY o.due_at LIMIT %s
"""


def _overdue(number: str, order: OrderId, state: str, due_at: datetime) -> Told:
    words = _("Order {number} ({order}) is {state}, and its time was up at {due_at}.")
    return told(words, number=number, order=order, state=state, due_at=due_at)


def _seen(at: datetime) -> Finding:
    """The clock looks every hour; what nobody counted in and nobody was told of for longer, it has overlooked."""
    late = late_backs(SYSTEM, at=at - OVERLOOKED, limit=MOST_DETAILS)
    words = tuple(_unseen(each.number, each.order, each.back_at) for each in late)
    return Finding(_("What came back is counted in, or its shop was told again"), not late, words)


def _unseen(number: str, order: OrderId, back_at: datetime) -> Told:
    words = _("Order {number} ({order}) came back at {back_at} and nobody looked at it.")
    return told(words, number=number, order=order, back_at=back_at)
