"""Orders that end unserved: cancelled by their buyer, called off by the shop or the platform, or by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.kernel.ids import CheckoutId, OrderId
from linli.kernel.life import WrongState
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Role, Scope
from linli.trade.orders import events, rules
from linli.trade.orders.actions.buyer_words import tell_unserved
from linli.trade.orders.actions.carried import call_courier_off
from linli.trade.orders.actions.held import (
    HeldOrder,
    facts_json,
    hold,
    hold_checkouts,
    hold_for_buyer,
    hold_for_shop,
    step,
)
from linli.trade.orders.actions.owed import PaidMeanwhile, unask
from linli.trade.orders.actions.reasons import reason_of
from linli.trade.orders.actions.repay import TAKEN, Repayment, everything, repay
from linli.trade.orders.events import OrderFact


def end_unserved(
    scope: Scope,
    held: HeldOrder,
    verb: rules.OrderVerb,
    *,
    why: str,
    told: OrderFact,
    at: datetime,
    back: Repayment | None = None,
) -> None:
    """This will end an order without serving it: all money back, all goods back on the shelf, and the buyer told.

    What a courier has with them is counted in when it is back (`note_back`).
    Of what was to be paid in cash nothing is asked any more; there is nothing to give back.
    """
    steps = [step(scope, held, verb, at=at, why=why)]
    is_away = held.fulfilment.way is not None and held.state is rules.OrderState.IN_DELIVERY
    goods = [
        {"order": held.id, "variant": line.variant, "quantity": line.quantity - line.refunded_quantity}
        for line in held.lines
        if held.state in TAKEN and not is_away and line.quantity > line.refunded_quantity
    ]
    sql.fetch(
        "SELECT orders_end(%s, %s, %s, %s)",
        sql.as_json(steps),
        sql.as_json(goods),
        sql.as_json(facts_json([told])),
        at,
    )
    call_courier_off(held, why, at)
    if held.to_pay and back is None:
        tell_unserved(held, told, at, is_repaid=False)
        unask(held, why="not_served", at=at)
        return
    back = back or everything(held, why)
    tell_unserved(held, told, at, is_repaid=bool(back.amount))
    if back.amount:
        repay(scope, held, back, at=at)


def _cancel(scope: Scope, held: HeldOrder, by: rules.Canceller, *, why: str, at: datetime) -> None:
    if not rules.may_cancel(by, held.state, to_pay=bool(held.to_pay), by_courier=held.fulfilment.way is not None):
        raise WrongState(state=held.state.value, verb=rules.OrderVerb.CANCEL.value)
    fact = held.told(events.OrderCancelled, at, by=by.value)
    end_unserved(scope, held, rules.OrderVerb.CANCEL, why=why, told=fact, at=at)


@action(needs=May.CANCEL_OWN_ORDER)
def cancel_order(scope: Scope, *, order: OrderId, at: datetime) -> None:
    """This will cancel an order for its buyer, as long as the shop has not accepted it; what was paid goes back."""
    _cancel(scope, hold_for_buyer(scope, order), rules.Canceller.BUYER, why="", at=at)


@action(needs=May.REFUND_ORDER, private=("reason",))
def call_off_order(scope: Scope, *, order: OrderId, reason: str, at: datetime) -> None:
    """This will end an accepted order that its shop cannot serve after all; all money goes back."""
    said = reason_of(reason)
    by = rules.Canceller.PLATFORM if scope.role is Role.PLATFORM else rules.Canceller.SHOP
    _cancel(scope, hold_for_shop(scope, order), by, why=said, at=at)


@action(needs=May.RUN_CLOCKS)
def cancel_overdue_order(scope: Scope, *, order: OrderId, at: datetime) -> bool:
    """This will cancel an order whose shop did not act in time, and tell whether it was still so."""
    held = hold((order,))
    if not held or held[0].due_at is None or held[0].due_at > at:
        return False
    verb = rules.when_time_is_up(held[0].state, held[0].fulfilment, to_pay=bool(held[0].to_pay))
    if verb is not rules.OrderVerb.CANCEL:
        return False
    _cancel(scope, held[0], rules.Canceller.TIME, why="overdue", at=at)
    return True


@action(needs=May.CANCEL_OWN_ORDER)
def cancel_checkout(scope: Scope, *, checkout: CheckoutId, at: datetime) -> None:
    """This will drop a checkout that is not paid yet, with all its orders; what they held is free again."""
    row = sql.fetch_one("SELECT state FROM orders_checkout WHERE id = %s AND buyer = %s", checkout, scope.person)
    if row is None:
        raise NotFound("checkout")
    rules.CHECKOUT_LIFE.after(rules.CheckoutState(row[0]), rules.CheckoutVerb.EXPIRE)
    if row[0] == rules.CheckoutState.PAYING and not _expire(scope, (checkout,), by=rules.Canceller.BUYER, at=at):
        raise PaidMeanwhile
    if row[0] == rules.CheckoutState.LOCKED:
        sql.run(
            "UPDATE orders_checkout SET state = 'expired', quote = NULL, due_at = NULL, ended_at = %s"
            " WHERE id = %s AND state = 'locked'",
            at,
            checkout,
        )


@action(needs=May.RUN_CLOCKS)
def expire_checkouts(scope: Scope, *, checkouts: Sequence[CheckoutId], at: datetime) -> int:
    """This will end checkouts that were not paid in time; one whose money has just arrived stays. Tells how many."""
    return _expire(scope, checkouts, by=rules.Canceller.TIME, at=at)


def _expire(scope: Scope, checkouts: Sequence[CheckoutId], *, by: rules.Canceller, at: datetime) -> int:
    """Payments say which collections nobody has paid and nobody can pay any more; only their orders end."""
    held = [order for order in hold_checkouts(checkouts) if order.state is rules.OrderState.PLACED]
    collections = sorted({order.collection for order in held})
    row = sql.fetch_one("SELECT payments_close(%s::uuid[], %s, %s)", collections, f"unpaid_{by.value}", at)
    closed = set(row[0]) if row else set()
    ended = [order for order in held if order.collection in closed]
    if not ended:
        return 0
    why = "unpaid"
    facts = [order.told(events.OrderCancelled, at, by=by.value) for order in ended]
    sql.fetch(
        "SELECT orders_expire(%s::uuid[], %s, %s, %s)",
        sorted({order.checkout_id for order in ended}),
        sql.as_json([step(scope, order, rules.OrderVerb.CANCEL, at=at, why=why) for order in ended]),
        sql.as_json(facts_json(facts)),
        at,
    )
    return len(closed)
