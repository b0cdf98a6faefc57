"""Two at once: real commits on many connections, and exactly one effect."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from builders import AT, a_home, a_listing, a_person, a_shop
from builders.orders import an_order, climb, collect
from harness.at_once import ends_at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house, balance
from linli.kernel.life import WrongState
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders import actions, tasks
from linli.trade.orders.rules import OrderState, RefundAsk


def rice(stock=10):
    return a_listing(price="29.00", shop=a_shop().open_around_the_clock().delivering(fee="4.00"), stock=stock)


def escrow(order):
    return balance(order.shop.community.city, f"order_escrow:{order.id}")


def refunds(order):
    return balance(order.shop.community.city, "refund_in_transit:embedded")


def merchant(order):
    return balance(order.shop.community.city, f"merchant_pending:{order.shop.merchant}")


def test_the_last_item_goes_to_one_buyer(own_database: OwnDatabase):
    listing = rice(stock=1)
    homes = [a_home(community=listing.shop.community).with_owner() for _ in range(4)]
    ends = ends_at_once(*(lambda h=home: an_order(listing, home=h) for home in homes))
    assert ends == {"done": 1, "OutOfStock": 3}
    assert as_the_house("SELECT on_hand, reserved FROM stock_level") == [(1, 1)]
    assert as_the_house("SELECT count(*) FROM orders_order") == [(1,)]


def test_one_lock_is_placed_once(own_database: OwnDatabase):
    listing = rice()
    home = a_home(community=listing.shop.community).with_owner()
    actions.add_to_basket(home.scope, community=home.community.id, variant=listing.variant, at=AT)
    actions.set_basket_home(home.scope, home=home.id, at=AT)
    checkout = actions.lock_checkout(home.scope, community=home.community.id, at=AT)
    ends = ends_at_once(*[lambda: actions.place_checkout(home.scope, checkout=checkout, at=AT)] * 3)
    assert ends["done"] == 1
    assert set(ends) <= {"done", "BasketChanged", "WrongState"}
    assert as_the_house("SELECT count(*) FROM orders_order") == [(1,)]


def test_cancelling_and_accepting_at_once_one_wins(own_database: OwnDatabase):
    for _ in range(3):
        order = an_order(rice()).paid()
        ends = ends_at_once(
            lambda o=order: actions.cancel_order(o.buyer, order=o.id, at=AT),
            lambda o=order: actions.accept_order(o.shop.scope, order=o.id, at=AT),
        )
        assert ends == {"done": 1, WrongState.__name__: 1}
        if order.state is OrderState.CANCELLED:
            assert (escrow(order), refunds(order)) == (0, -3300)
        else:
            assert (order.state, escrow(order), refunds(order)) == (OrderState.ACCEPTED, -3300, 0)


def test_completing_twice_at_once_shares_once(own_database: OwnDatabase):
    order = an_order(rice()).paid().accepted().ready()
    code = order.page.code or ""
    late = order.at + timedelta(days=3)
    ends_at_once(
        lambda: actions.confirm_receipt(order.buyer, order=order.id, at=order.at),
        lambda: actions.hand_over_order(order.shop.scope, order=order.id, code=code, at=order.at),
        lambda: actions.confirm_receipt(order.buyer, order=order.id, at=order.at),
        lambda: actions.complete_overdue_orders(SYSTEM, orders=[order.id], at=late),
    )
    assert order.state is OrderState.COMPLETED
    assert (escrow(order), merchant(order)) == (0, -2668)
    assert [m.verb for m in order.page.moments].count("complete") == 1
    assert as_the_house("SELECT count(*) FROM payouts_line WHERE kind = 'merchant'") == [(1,)]


def test_a_refund_and_completion_at_once_lose_no_fen(own_database: OwnDatabase):
    for _ in range(3):
        order = an_order(rice(), 2).paid().accepted().ready()
        ask = RefundAsk(line=order.lines[0].line, quantity=1)
        ends = ends_at_once(
            lambda o=order: actions.confirm_receipt(o.buyer, order=o.id, at=o.at),
            lambda o=order, a=ask: actions.grant_refund(
                o.shop.scope, order=o.id, lines=[a], reason="少了一袋", at=o.at
            ),
        )
        assert ends == {"done": 2}
        assert (escrow(order), refunds(order), merchant(order)) == (0, -2900, -2668)


def test_refunds_at_once_never_exceed_what_was_paid(own_database: OwnDatabase):
    order = an_order(rice(), 2).completed()
    ask = RefundAsk(line=order.lines[0].line, quantity=1)
    ends = ends_at_once(
        *[lambda: actions.grant_refund(order.shop.scope, order=order.id, lines=[ask], reason="坏了", at=order.at)] * 4
    )
    assert ends == {"done": 2, "NotRefundable": 2}
    assert (refunds(order), merchant(order)) == (-5800, 0)


def test_paying_and_running_out_at_once_the_order_is_paid_or_the_money_goes_back(own_database: OwnDatabase):
    end = AT + timedelta(minutes=15)
    for _ in range(3):
        order = an_order(rice())
        ends_at_once(
            lambda o=order: collect(o.collection, o.total, at=end - timedelta(seconds=1)),
            lambda: tasks.expire_checkouts(at=end),
        )
        climb(end)
        if order.state is OrderState.PAID:
            assert (escrow(order), refunds(order)) == (-3300, 0)
        else:
            assert (order.state, escrow(order), refunds(order)) == (OrderState.CANCELLED, 0, -3300)


def test_two_workers_mark_a_payment_once(own_database: OwnDatabase):
    order = an_order(rice())
    collect(order.collection, order.total, at=AT)
    ends_at_once(*[lambda: actions.mark_paid(SYSTEM, checkouts=[order.checkout], paid_at=[AT], at=AT)] * 3)
    assert order.state is OrderState.PAID
    assert [m.verb for m in order.page.moments] == ["place", "pay"]


def cash_rice(stock=10):
    shop = a_shop().open_around_the_clock().delivering(fee="4.00").taking_cash()
    return a_listing(price="29.00", shop=shop, stock=stock)


def cash_due(order):
    return balance(order.shop.community.city, f"cash_due:{order.shop.merchant}")


def test_paying_and_promising_at_once_one_wins(own_database: OwnDatabase):
    for _ in range(3):
        order = an_order(cash_rice())
        ends = ends_at_once(
            lambda o=order: collect(o.collection, o.total, at=AT),
            lambda o=order: actions.promise_cash(o.buyer, checkout=o.checkout, at=AT),
            lambda o=order: actions.promise_cash(o.buyer, checkout=o.checkout, at=AT),
        )
        climb(AT)
        if order.state is OrderState.PAID:
            assert (ends, escrow(order), refunds(order)) == ({"done": 1, "PaidMeanwhile": 2}, -3300, 0)
        else:
            assert (order.state, escrow(order), refunds(order)) == (OrderState.PROMISED, 0, -3300)
            assert ends == {"done": 2, WrongState.__name__: 1}


def test_the_cash_of_an_order_is_taken_once(own_database: OwnDatabase):
    order = an_order(cash_rice()).promised().accepted().ready()
    code, due = order.page.code or "", order.page.to_pay
    ends = ends_at_once(
        *[
            lambda: actions.hand_over_order(order.shop.scope, order=order.id, code=code, cash=due, at=order.at),
        ]
        * 3
    )
    assert ends["done"] == 1
    assert (order.state, cash_due(order), escrow(order), merchant(order)) == (OrderState.COMPLETED, 3300, 0, -2668)


def test_cash_and_a_payment_online_at_once_are_one_payment(own_database: OwnDatabase):
    for _ in range(3):
        order = an_order(cash_rice()).promised().accepted().ready()
        code, due = order.page.code or "", order.page.to_pay
        [(asked,)] = as_the_house("SELECT collection FROM orders_order WHERE id = %s", order.id)
        ends_at_once(
            lambda o=order, c=code, d=due: actions.hand_over_order(o.shop.scope, order=o.id, code=c, cash=d, at=o.at),
            lambda o=order, a=asked, d=due: collect(a, d, at=o.at),
        )
        climb(order.at)
        if order.state is OrderState.COMPLETED:  # what came online afterwards goes back
            assert (cash_due(order), escrow(order), refunds(order), merchant(order)) == (3300, 0, -3300, -2668)
        else:
            assert (cash_due(order), escrow(order), refunds(order), merchant(order)) == (0, -3300, 0, 0)
            assert (order.page.to_pay.minor, order.state) == (0, OrderState.READY)


def test_calling_off_and_taking_cash_at_once_one_wins(own_database: OwnDatabase):
    for _ in range(3):
        order = an_order(cash_rice()).promised().accepted().ready()
        code, due = order.page.code or "", order.page.to_pay
        ends = ends_at_once(
            lambda o=order, c=code, d=due: actions.hand_over_order(o.shop.scope, order=o.id, code=c, cash=d, at=o.at),
            lambda o=order: actions.call_off_order(o.shop.scope, order=o.id, reason="late", at=o.at),
        )
        assert ends == {"done": 1, WrongState.__name__: 1}
        taken = 3300 if order.state is OrderState.COMPLETED else 0
        assert (cash_due(order), escrow(order)) == (taken, 0)


def test_promises_at_once_stay_within_their_number(own_database: OwnDatabase):
    listing = cash_rice()
    home = a_home(community=listing.shop.community).with_owner()
    orders = [an_order(listing, home=home) for _ in range(5)]
    ends = ends_at_once(
        *(lambda o=order: actions.promise_cash(o.buyer, checkout=o.checkout, at=AT) for order in orders)
    )
    assert ends == {"done": 3, "TooManyPromises": 2}


def test_a_dispute_is_taken_up_by_one_of_two_who_reach_for_it(own_database: OwnDatabase):
    for _ in range(3):
        order = an_order(rice()).paid()
        asked = (RefundAsk(line=order.lines[0].line, quantity=1),)
        refund = actions.request_refund(order.buyer, order=order.id, lines=asked, reason="Weevils", at=order.at)
        actions.answer_refund(order.shop.scope, refund=refund, grant=False, reason="No", at=order.at)
        operators = [Scope(role=Role.PLATFORM, person=a_person()) for _ in range(2)]
        first, second = (partial(actions.take_up_refund, one, refund=refund, at=order.at) for one in operators)
        ends = ends_at_once(first, second)
        assert ends == {"done": 1, "TakenByAnother": 1}
        taken = as_the_house("SELECT taken_by FROM orders_refund WHERE id = %s", refund)
        assert taken[0][0] in {one.person for one in operators}
