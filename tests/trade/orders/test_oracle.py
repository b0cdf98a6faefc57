"""Invariants 3, 4 and 5 of the money over random lives of orders, and the SQL functions against their oracle."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from builders import AT, a_community, a_company, a_home, a_listing, a_shop
from builders.orders import an_order
from harness.payments_words import as_the_house, balance
from linli.ground.people import actions as people
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.money.ledger import queries as ledger
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions, rules
from linli.trade.orders.rules import Canceller, OrderState, RefundAsk
from trade.orders.oracle import OracleOrder, Refused

pytestmark = pytest.mark.django_db

MOVES = ("accept", "prepare", "finish", "dispatch", "complete", "refuse", "cancel", "call_off", "clock", "close")
plain = st.sampled_from(MOVES)
refunds = st.tuples(
    st.integers(0, 1),
    st.one_of(st.integers(1, 4), st.integers(1, 9000).map(Money)),
    st.booleans(),
    st.booleans(),
)
lives = st.tuples(
    st.booleans(),  # a company stewards the community
    st.integers(1, 9999).map(Money),
    st.integers(1, 9999).map(Money),
    st.tuples(st.integers(1, 4), st.integers(1, 3)),
    st.sampled_from((0, 1, 333, 800, 5000)),
    st.sampled_from((0, 4000, 10_000)),
    st.booleans(),  # paid
    st.lists(st.one_of(plain, plain, refunds), max_size=9),
)


def play(company, first, second, quantities, commission_bp, company_bp, paid, steps):
    community = a_community()
    if company:
        people.entrust_community(SYSTEM, community=community.id, company=a_company(), start_on=AT.date(), at=AT)
    shop = a_shop(community=community, commission_bp=commission_bp, property_share_bp=company_bp)
    shop = shop.open_around_the_clock().delivering(fee="4.00")
    listings = [a_listing(shop=shop, price=str(price), stock=10) for price in (first, second)]
    home = a_home(community=community).with_owner()
    order = an_order(listings[0], quantities[0], (listings[1], quantities[1]), home=home)
    model = modelled(order, company)
    model.place()
    compare(order, model, listings)
    if paid:
        order = order.paid()
        model.pay()
        compare(order, model, listings)
    for step in steps:
        both(order, model, step)
        compare(order, model, listings)
        order = order.later(minutes=1)
    finish_life(order, model)
    compare(order, model, listings)
    assert model.accounts["escrow"] == 0
    assert all(finding.ok for finding in ledger.check(SYSTEM))


def modelled(order, company):
    rows = as_the_house(
        "SELECT id, nth, quantity, net_minor, merchant_minor, company_minor, platform_minor FROM orders_line"
        " WHERE order_id = %s ORDER BY nth",
        order.id,
    )
    lines = {
        nth: rules.SoldLine(
            line=line,
            quantity=quantity,
            net=Money(net),
            shares=rules.Shares(merchant=Money(merchant), company=Money(share), platform=Money(platform)),
        )
        for line, nth, quantity, net, merchant, share, platform in rows
    }
    return OracleOrder(lines=lines, fee=Money(400), stock=Counter(on_hand=20), company=company)


def both(order, model, step):
    """One step on both sides; either both take it or both refuse it."""
    said, meant = outcome(lambda: on_the_house(order, step)), outcome(lambda: on_the_model(model, order, step))
    assert said == meant, (step, model.state)


def outcome(act):
    try:
        with transaction.atomic():
            act()
    except (Refusal, Refused):
        return "refused"
    return "done"


def on_the_house(order, step):
    shop, buyer, at = order.shop.scope, order.buyer, order.at
    match step:
        case "accept":
            actions.accept_order(shop, order=order.id, at=at)
        case "prepare":
            actions.prepare_order(shop, order=order.id, at=at)
        case "finish":
            actions.finish_order(shop, order=order.id, at=at)
        case "dispatch":
            actions.dispatch_order(shop, order=order.id, at=at)
        case "complete":
            actions.confirm_receipt(buyer, order=order.id, at=at)
        case "refuse":
            actions.refuse_order(shop, order=order.id, reason="没有了", at=at)
        case "cancel":
            actions.cancel_order(buyer, order=order.id, at=at)
        case "call_off":
            actions.call_off_order(shop, order=order.id, reason="没有了", at=at)
        case "clock" | "close":
            by_the_clock(order)
        case (nth, what, with_fee, restock):
            actions.grant_refund(
                shop,
                order=order.id,
                lines=[asked(order.lines[nth].line, what)],
                reason="坏了",
                with_fee=with_fee,
                restock=restock,
                at=at,
            )


def by_the_clock(order):
    """The next thing that the clock does, a year from now: nothing in a state that nobody waits in."""
    far = order.at + timedelta(days=365)
    done = (
        actions.expire_checkouts(SYSTEM, checkouts=[order.checkout], at=far)
        or actions.cancel_overdue_order(SYSTEM, order=order.id, at=far)
        or actions.complete_overdue_orders(SYSTEM, orders=[order.id], at=far)
        or actions.close_orders(SYSTEM, orders=[order.id], at=far)
    )
    if not done:
        raise Refused("nothing is due")


def asked(line, what):
    return RefundAsk(line=line, quantity=what) if isinstance(what, int) else RefundAsk(line=line, amount=what)


def on_the_model(model, order, step):
    match step:
        case "accept" | "prepare" | "dispatch":
            model.move(step)
        case "finish":
            model.finish()
        case "complete":
            model.complete()
        case "refuse":
            model.refuse()
        case "cancel":
            model.cancel(Canceller.BUYER)
        case "call_off":
            model.cancel(Canceller.SHOP)
        case "clock" | "close":
            clock(model)
        case (nth, what, with_fee, restock):
            model.refund(asked(model.lines[nth].line, what), nth, with_fee=with_fee, restock=restock)


def clock(model):
    verb = rules.when_time_is_up(model.state, rules.Fulfilment.SHOP_DELIVERY)
    if model.state is OrderState.PLACED:
        model.expire()
    elif verb is rules.OrderVerb.CANCEL:
        model.cancel(Canceller.TIME)
    elif verb is rules.OrderVerb.COMPLETE:
        model.complete()
    elif verb is rules.OrderVerb.CLOSE:
        model.close()
    else:
        raise Refused("nothing is due")


def finish_life(order, model):
    """The clock ends every life: at most five times until nothing is due any more."""
    for _ in range(5):
        if model.state in rules.ORDER_LIFE.ends:
            return
        both(order, model, "clock")
    raise AssertionError(f"{model.state} does not end")


def compare(order, model, listings):
    """State, every account, the lines and the stock are the same; and at this instant invariant 3 holds."""
    city, merchant, community = order.shop.community.city, order.shop.merchant, order.shop.community.id
    ((state, company),) = as_the_house("SELECT state, company FROM orders_order WHERE id = %s", order.id)
    assert state == model.state
    addresses = {
        "escrow": f"order_escrow:{order.id}",
        "clearing": "psp_clearing:embedded",
        "in_transit": "refund_in_transit:embedded",
        "merchant": f"merchant_pending:{merchant}",
        "company": f"property_pending:{company}:{community}",
        "platform": "platform_commission",
        "delivery": f"delivery_payable:{merchant}",
    }
    found = {word: balance(city, address) for word, address in addresses.items()}
    assert found == {word: model.accounts[word] for word in addresses}
    assert sum(found.values()) == 0  # captured = shares + refunds + remaining escrow
    lines = as_the_house(
        "SELECT refunded_minor::int, refunded_quantity FROM orders_line WHERE order_id = %s ORDER BY nth", order.id
    )
    assert lines == [(line.refunded.minor, line.refunded_quantity) for line in model.lines.values()] or (
        model.state is OrderState.CANCELLED and not found["clearing"]
    )
    variants = [listing.variant for listing in listings]
    ((on_hand, reserved),) = as_the_house(
        "SELECT sum(on_hand)::int, sum(reserved)::int FROM stock_level WHERE variant_id = ANY(%s::uuid[])", variants
    )
    assert (on_hand, reserved) == (model.stock["on_hand"], model.stock["reserved"])
    ((earned,),) = as_the_house(
        "SELECT coalesce(sum(amount_minor), 0)::int FROM payouts_line WHERE order_id = %s", order.id
    )
    assert earned == -(found["merchant"] + found["company"] + found["delivery"])


BY_A_FEN = (False, Money(1), Money(1), (1, 1), 0, 0, True, [(0, Money(1), False, False), (1, 1, False, False)])
"""The whole price of a unit goes back as an amount, then the other line: nothing is left to serve, so its unit too."""


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(lives)
@example(BY_A_FEN)
def test_whatever_happens_to_an_order_no_fen_and_no_unit_is_lost(life):
    with transaction.atomic():
        play(*life)
        transaction.set_rollback(True)
