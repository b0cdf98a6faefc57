"""Other ways to pay a placed checkout: in cash when the goods are handed over, or by bank transfer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CheckoutId, CollectionId, OrderId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.money.payments import actions as payments
from linli.money.payments import queries as payment_queries
from linli.money.payments.queries import TransferSlip
from linli.money.payments.rules import CASH
from linli.spine import locks, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import events, rules
from linli.trade.orders.actions.held import HeldOrder, facts_json, hold_checkouts, hold_for_shop, step
from linli.trade.orders.actions.owed import asks, holder_of, watching
from linli.trade.orders.actions.pricing import buyer_of
from linli.trade.orders.queries.paying import CashNo, cash_refusal, takes_cash, transfer_refusal
from linli.trade.shops import queries as shops

PROMISED = """
    SELECT count(*) FROM orders_order WHERE buyer = %s AND payment = 'cash' AND paid_at IS NULL
      AND state NOT IN ('refused', 'cancelled')
"""


class CashNotTaken(Refusal):
    """The shop, or the community, takes no cash."""

    says = _("This cannot be paid in cash: not every shop in it takes cash.")


class CashTooMuch(Refusal):
    """Nobody carries so much money to a door."""

    says = _("An order of more than {most} is not paid in cash.")


class TooManyPromises(Refusal):
    """A promise is kept before the next ones are made."""

    says = _("You have {most} orders that are still to be paid in cash. Please receive them first.")


class TransferNotTaken(Refusal):
    """Here a checkout like this is not paid by bank transfer."""

    says = _("This cannot be paid by bank transfer.")


@action(needs=May.PLACE_ORDER)
def promise_cash(scope: Scope, *, checkout: CheckoutId, at: datetime) -> tuple[OrderId, ...]:
    """This will have a placed checkout paid in cash, order by order as it is handed over, and send it to its shops."""
    held = _unpaid(scope, checkout, rules.CheckoutVerb.PROMISE)
    locks.hold(f"orders.cash:{scope.person}")
    limits = policy(scope, rules.OrderPolicy, at=at, community=held[0].community, city=held[0].city)
    terms = shops.sale_terms(community=held[0].community, shops=[order.shop for order in held], at=at)
    totals = {order.shop: order.total for order in held}
    promised = sql.fetch_one(PROMISED, scope.person)
    match cash_refusal(totals, terms, limits, promised=int(promised[0]) if promised else 0):
        case CashNo.SHOP:
            first = next(shop for shop in totals if not takes_cash(terms[shop]))
            raise CashNotTaken(field=f"shops.{first}")
        case CashNo.NOT_HERE:
            raise CashNotTaken
        case CashNo.TOO_MUCH:
            raise CashTooMuch(most=limits.cash_most)
        case CashNo.PROMISES:
            raise TooManyPromises(most=limits.cash_promises)
        case None:
            pass
    steps = [step(scope, order, rules.OrderVerb.PROMISE, at=at) for order in held]
    facts = [order.told(events.OrderPromised, at, checkout=checkout, total=order.total) for order in held]
    with watching():
        sql.fetch(
            "SELECT orders_promise(%s, %s, %s, %s, %s, %s)",
            checkout,
            held[0].collection,
            sql.as_json([ask for order in held for ask in asks(order, order.total, at=at)]),
            sql.as_json(steps),
            sql.as_json(facts_json(facts)),
            at,
        )
    return tuple(order.id for order in held)


@action(needs=May.PLACE_ORDER)
def choose_transfer(scope: Scope, *, checkout: CheckoutId, at: datetime) -> TransferSlip:
    """This will have a placed checkout paid by bank transfer, and say where to and what to quote.

    It waits longer than for any other payment, and keeps its goods for so long. Asked again, it is the same slip.
    """
    held = _unpaid(scope, checkout, rules.CheckoutVerb.PAY)
    kept = payment_queries.transfer_slip(SYSTEM, collection=held[0].collection)
    if kept is not None:
        return kept
    limits = policy(scope, rules.OrderPolicy, at=at, community=held[0].community, city=held[0].city)
    by_courier = any(order.fulfilment.way for order in held)  # a slot does not wait for a bank
    if by_courier or transfer_refusal(Money.total(order.total for order in held), limits):
        raise TransferNotTaken
    collection = CollectionId(ids.new())
    until = at + timedelta(hours=limits.transfer_hours)
    with watching():
        sql.fetch(
            "SELECT orders_wait_for_transfer(%s, %s, %s, %s, %s)", checkout, held[0].collection, collection, until, at
        )
    return payments.issue_transfer_slip(SYSTEM, collection=collection, at=at)


@action(needs=May.REFUND_ORDER)
def hand_back_cash(scope: Scope, *, refund: RefundId, at: datetime) -> None:
    """This will note that the shop gave a refund of an order back in cash, out of what it holds."""
    row = sql.fetch_one("SELECT order_id FROM orders_refund WHERE id = %s", refund)
    if row is None:
        raise NotFound("refund")
    payments.hand_back_cash(SYSTEM, refund=refund, holder=holder_of(hold_for_shop(scope, row[0])), at=at)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def mark_collected(scope: Scope, *, orders: Sequence[OrderId], paid_at: Sequence[datetime]) -> int:
    """This will note that orders with sums of their own are paid, and how; in any state, and safe to say twice."""
    cards = payment_queries.collections_for(SYSTEM, fors=orders)
    in_cash = {order for order, found in cards.items() if any(card.channel == CASH for card in found)}
    row = sql.fetch_one(
        "SELECT orders_collected(%s::uuid[], %s::text[], %s::timestamptz[])",
        list(orders),
        [(rules.Payment.CASH if order in in_cash else rules.Payment.ONLINE).value for order in orders],
        list(paid_at),
    )
    return int(row[0]) if row else 0


def _unpaid(scope: Scope, checkout: CheckoutId, verb: rules.CheckoutVerb) -> tuple[HeldOrder, ...]:
    """The orders of a checkout of the asker's that nobody has paid yet, under lock."""
    buyer = buyer_of(scope)
    held = tuple(order for order in hold_checkouts((checkout,)) if order.buyer == buyer)
    row = sql.fetch_one("SELECT state FROM orders_checkout WHERE id = %s AND buyer = %s", checkout, buyer)
    if row is None:
        raise NotFound("checkout")
    rules.CHECKOUT_LIFE.after(rules.CheckoutState(row[0]), verb)
    return held
