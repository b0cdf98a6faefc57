"""Completing and closing: the escrow is divided as frozen at sale; later nothing moves any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import OrderId, PartyId, RefundId
from linli.kernel.money import Money
from linli.money.ledger.rules import (
    DELIVERY_FEES,
    PLATFORM_COMMISSION,
    Draft,
    credit,
    debit,
    delivery_payable,
    merchant_pending,
    order_escrow,
    platform_book,
    property_pending,
)
from linli.money.payouts.rules import Kind, PayoutPolicy
from linli.reach.lockers import actions as lockers
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import actions as delivery
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import events, rules
from linli.trade.orders.actions.fetching import tell_not_fetched
from linli.trade.orders.actions.held import HeldOrder, facts_json, hold, hold_for_buyer, step, take
from linli.trade.orders.actions.owed import CashDue
from linli.trade.orders.actions.repay import Repayment, repay

UNFETCHED = "unfetched"


@action(needs=May.CONFIRM_RECEIPT)
def confirm_receipt(scope: Scope, *, order: OrderId, at: datetime) -> None:
    """This will complete an order on its buyer's word that the goods are there."""
    held = hold_for_buyer(scope, order)
    if held.to_pay:
        raise CashDue(amount=held.to_pay)
    complete_held(scope, [held], why="buyer", at=at)


@action(needs=May.RUN_CLOCKS)
def complete_overdue_orders(scope: Scope, *, orders: Sequence[OrderId], at: datetime) -> int:
    """This will complete orders whose buyers had their time to come or to object, and tell how many there were."""
    due = _due(orders, rules.OrderVerb.COMPLETE, at)
    unfetched = [held.id for held in due if held.state is rules.OrderState.AT_PICKUP_POINT and held.fulfilment.way]
    received = [held for held in due if held.id not in unfetched]
    if received:
        complete_held(scope, received, why="time", at=at)
    for order in unfetched:
        _give_up_on(scope, order, at)
    return len(due)


def _give_up_on(scope: Scope, order: OrderId, at: datetime) -> None:
    """What nobody fetched goes back to its shop: its buyer has the price of the goods again, the way was travelled."""
    (held,) = hold((order,))
    lines = rules.everything_left(held.sold_lines)
    amount = Money(sum(line.amount.minor for line in lines))
    tell_not_fetched(held, amount, at)
    if amount:
        back = Repayment(refund=RefundId(ids.new()), lines=lines, fee=Money.zero, reason=UNFETCHED, frees_goods=False)
        repay(scope, held, back, at=at)
        (held,) = hold((order,))
    complete_held(scope, [held], why=UNFETCHED, at=at)
    delivery.ask_back(SYSTEM, order=order, at=at)


@action(needs=May.RUN_CLOCKS)
def close_orders(scope: Scope, *, orders: Sequence[OrderId], at: datetime) -> int:
    """This will close orders whose time for refunds is over, and tell how many; one with an open request stays."""
    due = _due(orders, rules.OrderVerb.CLOSE, at)
    waiting = {
        row[0]
        for row in sql.fetch(
            "SELECT order_id FROM orders_refund WHERE order_id = ANY(%s::uuid[]) AND state = ANY(%s::text[])",
            [held.id for held in due],
            list(rules.OPEN_REFUNDS),
        )
    }
    due = [held for held in due if held.id not in waiting]
    if due:
        facts = [held.told(events.OrderClosed, at) for held in due]
        take([step(scope, held, rules.OrderVerb.CLOSE, at=at, why="time") for held in due], facts)
    return len(due)


def _due(orders: Sequence[OrderId], verb: rules.OrderVerb, at: datetime) -> list[HeldOrder]:
    """Those that are, under lock, still due for what the clock does to them."""
    return [
        held
        for held in hold(orders)
        if held.due_at is not None
        and held.due_at <= at
        and rules.when_time_is_up(held.state, held.fulfilment, to_pay=bool(held.to_pay)) is verb
    ]


def complete_held(
    scope: Scope,
    orders: Sequence[HeldOrder],
    *,
    why: str,
    moments: Mapping[OrderId, datetime] | None = None,
    at: datetime,
) -> None:
    """This will complete held orders in one statement: state, log, escrow into shares, earnings, facts.

    `moments` says when each was handed over, where it was not `at`.
    """
    when = moments or {}
    steps = [step(scope, held, rules.OrderVerb.COMPLETE, at=when.get(held.id, at), why=why) for held in orders]
    drafts = [draft for held in orders if (draft := release_of(held, at))]
    sql.fetch(
        "SELECT orders_complete(%s, %s, %s, %s, %s, %s)",
        sql.as_json(steps),
        sql.as_json(
            [
                {"key": d.key, "book": d.book, "currency": d.currency, "document": d.document, "kind": d.kind}
                for d in drafts
            ]
        ),
        sql.as_json(
            [
                {"journal": n, "address": leg.address, "minor": leg.amount.minor}
                for n, d in enumerate(drafts, start=1)
                for leg in d.legs
            ]
        ),
        sql.as_json(_earnings(orders, at)),
        sql.as_json(facts_json(_completed(held, at) for held in orders)),
        at,
    )
    for held in orders:
        if held.drop_off is DropOff.LOCKER and held.state is rules.OrderState.AT_PICKUP_POINT:
            lockers.free(SYSTEM, subject=held.id, at=at)


def _completed(held: HeldOrder, at: datetime) -> events.OrderFact:
    return held.told(
        events.OrderCompleted,
        at,
        city=held.city,
        goods=Money.total(line.sold.left for line in held.lines),
        variants=tuple(line.variant for line in held.lines),
    )


def earned(held: HeldOrder) -> rules.Shares:
    """This will add up what the payees still earn of an order's lines."""
    return sum((rules.still_earned(line) for line in held.sold_lines.values()), rules.NOTHING)


def release_of(held: HeldOrder, at: datetime) -> Draft | None:
    """This will draft the journal that empties an order's escrow into its shares; None where nothing is left in it."""
    shares = earned(held)
    left = shares.total + held.fee_left
    if not left:
        return None
    legs = [
        debit(order_escrow(held.id), left),
        credit(merchant_pending(held.merchant), shares.merchant),
        credit(PLATFORM_COMMISSION, shares.platform),
        credit(delivery_payable(held.carrier) if held.carrier else DELIVERY_FEES, held.fee_left),
    ]
    if held.company:
        legs.append(credit(property_pending(held.company, held.community), shares.company))
    return Draft(
        key=f"order_completed:{held.id}",
        book=platform_book(held.city),
        currency=held.currency,
        document=f"order:{held.id}",
        kind="order_completed",
        at=at,
        legs=tuple(legs),
    )


def _earnings(orders: Sequence[HeldOrder], at: datetime) -> list[dict[str, object]]:
    """One line in the statement of each payee, free when its hold is over; the platform is none.

    The hold is the policy of the order's city; a payee's own number of days, where it has one, goes before it.
    """
    holds = {city: policy(SYSTEM, PayoutPolicy, at=at, city=city) for city in {held.city for held in orders}}
    return [
        {
            "city": held.city,
            "payee": payee,
            "kind": kind,
            "order": held.id,
            "community": held.community,
            "minor": amount.minor,
            "collection": held.collection,
            "free_at": at + timedelta(days=holds[held.city].hold_days(kind)),
        }
        for held in orders
        for payee, kind, amount in _parts(held)
    ]


def _parts(held: HeldOrder) -> list[tuple[PartyId, Kind, Money]]:
    shares = earned(held)
    parts = [(held.merchant, Kind.MERCHANT, shares.merchant)]
    if held.carrier:
        parts.append((held.carrier, Kind.COURIER, held.fee_left))
    if held.company:
        parts.append((held.company, Kind.PROPERTY, shares.company))
    return [part for part in parts if part[2]]
