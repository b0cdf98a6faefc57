"""Paid: the money of checkouts is in escrow, and their orders go to the shops; a whole batch in two statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.kernel.ids import CheckoutId
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import events, rules
from linli.trade.orders.actions.carried import ask_couriers
from linli.trade.orders.actions.held import facts_json, hold_checkouts, step


@action(needs=May.RECORD_PAYMENT_EVENTS)
def mark_paid(scope: Scope, *, checkouts: Sequence[CheckoutId], paid_at: Sequence[datetime], at: datetime) -> int:
    """This will mark the orders of collected checkouts as paid, each from its own instant; tells how many.

    One that is paid already, or ended, is passed over: money for an ended checkout is given back by payments.
    """
    instants = dict(zip(checkouts, paid_at, strict=True))
    held = [order for order in hold_checkouts(checkouts) if order.state is rules.OrderState.PLACED]
    if not held:
        return 0
    steps = [step(scope, order, rules.OrderVerb.PAY, at=instants[order.checkout_id]) for order in held]
    facts = [
        order.told(events.OrderPaid, instants[order.checkout_id], checkout=order.checkout_id, total=order.total)
        for order in held
    ]
    sql.fetch(
        "SELECT orders_paid(%s::uuid[], %s, %s, %s)",
        sorted({order.checkout_id for order in held}),
        sql.as_json(steps),
        sql.as_json(facts_json(facts)),
        at,
    )
    ask_couriers(held, at)
    return len(held)
