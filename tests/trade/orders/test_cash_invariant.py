"""Invariant 3 of the money over random lives of orders that are paid in cash, or online after all, or never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import AT, a_community, a_company, a_home, a_listing, a_shop
from builders.orders import an_order, climb, collect
from harness.payments_words import as_the_house, balance
from linli.ground.people import actions as people
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.money.ledger import queries as ledger
from linli.money.payments import queries as payments
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions, queries, tasks
from linli.trade.orders.rules import ORDER_LIFE, RefundAsk

pytestmark = pytest.mark.django_db

refund = st.tuples(st.one_of(st.integers(1, 3), st.integers(1, 6000).map(Money)), st.booleans())
HAPPY = ("promise", "accept", "finish", "hand_over")


def play(happy, price, commission_bp, steps):
    community = a_community()
    people.entrust_community(SYSTEM, community=community.id, company=a_company(), start_on=AT.date(), at=AT)
    shop = a_shop(community=community, commission_bp=commission_bp, property_share_bp=4000).taking_cash()
    listing = a_listing(shop=shop.open_around_the_clock().delivering(fee="4.00"), price=str(price), stock=10)
    order = an_order(listing, 2, home=a_home(community=community).with_owner())
    for step in (*HAPPY[:happy], *steps):
        try:
            with transaction.atomic():
                act(order, step)
        except Refusal:
            pass
        invariant(order)
        order = order.later(minutes=1)
    climb(order.at)
    late = order.at
    for _ in range(3):
        late += timedelta(days=30)
        tasks.expire_checkouts(at=late)
        tasks.run_out(at=late)
        invariant(order)
    assert order.state in ORDER_LIFE.ends
    assert balance(community.city, f"order_escrow:{order.id}") == 0
    found = (*ledger.check(SYSTEM), *queries.check(SYSTEM, at=late))
    assert [finding.details for finding in found if not finding.ok] == []


def act(order, step):
    if isinstance(step, tuple):
        what, with_fee = step
        ask = {"quantity": what} if isinstance(what, int) else {"amount": what}
        lines = [RefundAsk(line=order.lines[0].line, **ask)]
        actions.grant_refund(
            order.shop.scope, order=order.id, lines=lines, reason="broken", with_fee=with_fee, at=order.at
        )
        return
    ACTS[step](order, {"order": order.id, "at": order.at})


def asked_of(order):
    [(collection,)] = as_the_house("SELECT collection FROM orders_order WHERE id = %s", order.id)
    return payments.collection(SYSTEM, collection=collection)


def hand_over(order, about):
    page = order.page
    actions.hand_over_order(order.shop.scope, code=page.code or "", cash=page.to_pay or None, **about)


def hand_back(order, about):
    for waiting in order.page.refunds:
        actions.hand_back_cash(order.shop.scope, refund=waiting.refund, at=order.at)


ACTS = {
    "promise": lambda o, _: actions.promise_cash(o.buyer, checkout=o.checkout, at=o.at),
    "pay_checkout": lambda o, _: collect(o.collection, o.total, at=o.at),
    "pay_order": lambda o, _: collect(asked_of(o).id, asked_of(o).amount, at=o.at),
    "accept": lambda o, about: actions.accept_order(o.shop.scope, **about),
    "finish": lambda o, about: actions.finish_order(o.shop.scope, **about),
    "dispatch": lambda o, about: actions.dispatch_order(o.shop.scope, **about),
    "bring_back": lambda o, about: actions.bring_back_order(o.shop.scope, reason="nobody paid", **about),
    "hand_over": hand_over,
    "confirm": lambda o, about: actions.confirm_receipt(o.buyer, **about),
    "cancel": lambda o, about: actions.cancel_order(o.buyer, **about),
    "refuse": lambda o, about: actions.refuse_order(o.shop.scope, reason="closed", **about),
    "call_off": lambda o, about: actions.call_off_order(o.shop.scope, reason="closed", **about),
    "clock": lambda o, _: tasks.run_out(at=o.at + timedelta(days=3)),
    "climb": lambda o, _: climb(o.at),
    "hand_back": hand_back,
}


def invariant(order):
    """Captured = shares of all payees and the platform, net of reversals, + what goes or went back + escrow."""
    city, shop = order.shop.community.city, order.shop
    [(company,)] = as_the_house("SELECT company FROM orders_order WHERE id = %s", order.id)
    captured = sum(balance(city, a) for a in ("psp_clearing:embedded", f"cash_due:{shop.merchant}"))
    others = (
        f"order_escrow:{order.id}",
        f"merchant_pending:{shop.merchant}",
        f"merchant_receivable:{shop.merchant}",
        f"property_pending:{company}:{shop.community.id}",
        f"property_receivable:{company}",
        f"delivery_payable:{shop.merchant}",
        f"payee_receivable:{shop.merchant}",
        "platform_commission",
        "refund_in_transit:embedded",
        "refund_in_transit:cash",
    )
    assert captured == -sum(balance(city, address) for address in others)
    assert balance(city, f"order_escrow:{order.id}") <= 0
    page = order.page
    if page.completed_at is not None:
        assert page.paid_at is not None
        assert balance(city, f"order_escrow:{order.id}") == 0


STEPS = st.one_of(st.sampled_from(sorted(ACTS)), st.sampled_from(sorted(ACTS)), refund)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    happy=st.integers(0, len(HAPPY)),
    price=st.integers(1, 9999).map(Money),
    commission_bp=st.sampled_from((0, 333, 800)),
    steps=st.lists(STEPS, max_size=8),
)
def test_what_was_captured_is_shared_given_back_or_in_escrow_at_every_instant(happy, price, commission_bp, steps):
    with transaction.atomic():
        play(happy, price, commission_bp, steps)
        transaction.set_rollback(True)
