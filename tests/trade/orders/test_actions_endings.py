"""An order that ends unserved: refused by its shop, cancelled by its buyer, called off, or lost to the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home, a_listing, a_shop
from builders.orders import an_order, climb, collect
from harness.payments_words import as_the_house
from linli.kernel import ids
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.money.payments import queries as payments
from linli.money.payments.events import CollectedTooLate
from linli.trade.orders import actions, queries, reactions, rules, tasks
from linli.trade.orders.events import OrderReady
from linli.trade.orders.rules import OrderState
from trade.orders.around_an_order import NOTHING, money_of, stock_of, world

pytestmark = pytest.mark.django_db


def test_a_refused_order_gives_everything_back(order, rice):
    paid = order.paid()
    actions.refuse_order(order.shop.scope, order=order.id, reason="米卖完了", at=paid.at)
    assert order.state is OrderState.REFUSED
    assert money_of(order) == {**NOTHING, "refunds": -6200}
    assert stock_of(rice) == (10, 0)
    (refund,) = paid.page.refunds
    assert (str(refund.amount), refund.reason, refund.state) == ("62.00", "米卖完了", rules.RefundState.GRANTED)
    assert letters(order.buyer.person) == ["order_refused"]


def letters(party):
    rows = as_the_house("SELECT template FROM notify_message WHERE party = %s ORDER BY id", party)
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("fulfilment", "told"), [(rules.Fulfilment.PICK_UP, ["order_ready"]), (rules.Fulfilment.SHOP_DELIVERY, [])]
)
def test_only_a_buyer_who_fetches_is_told_when_it_is_ready(rice, fulfilment, told):
    order = an_order(rice, 2, fulfilment=fulfilment)
    packed = order.paid().accepted().ready()
    fact = {"order": order.id, "shop": order.page.shop, "community": order.page.community, "buyer": order.buyer.person}
    reactions.tell_ready([OrderReady(**fact, at=packed.at)])
    assert letters(order.buyer.person) == told


def test_a_buyer_is_told_when_money_of_theirs_goes_back(order):
    order.paid()
    checkout = as_the_house("SELECT checkout_id FROM orders_order WHERE id = %s", order.id)[0][0]
    twice = {"collection": ids.new(), "purpose": "checkout", "for_": checkout, "refund": ids.new(), "why": "twice"}
    reactions.tell_goes_back(CollectedTooLate(**twice, amount=Money(6200), at=AT))
    said = as_the_house(
        "SELECT values ->> 'amount' FROM notify_message WHERE party = %s AND template = 'payment_goes_back'",
        order.buyer.person,
    )
    assert said == [("62.00",)]


def test_refusing_one_order_changes_no_other_of_the_checkout(rice):
    flowers = a_listing(shop=a_shop(community=rice.shop.community).open_around_the_clock(), price="15.50", stock=5)
    home = a_home(community=rice.shop.community).with_owner()
    lines = [actions.Asked(variant=v, quantity=1) for v in (rice.variant, flowers.variant)]
    done = actions.order_now(home.scope, lines=lines, home=home.id, at=AT)
    collect(done.collection, done.total, at=AT)
    climb(AT)
    first, second = done.orders
    before = queries.order_page(home.scope, order=second)
    actions.refuse_order(rice.shop.scope, order=first, reason="米卖完了", at=AT)
    assert queries.order_page(home.scope, order=second) == before
    assert str(payments.collection(home.scope, collection=done.collection).captured) == "48.50"


def test_a_reason_is_asked_of_the_shop(order):
    paid = order.paid()
    before = world()
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(Invalid) as refused:
            actions.refuse_order(order.shop.scope, order=order.id, reason=reason, at=paid.at)
        assert refused.value.field == "reason"
    assert world() == before


def test_the_buyer_cancels_until_the_shop_accepts(rice):
    first, second = an_order(rice, 2).paid(), an_order(rice, 1).paid().accepted()
    actions.cancel_order(first.buyer, order=first.id, at=first.at)
    assert first.state is OrderState.CANCELLED
    assert money_of(first)["refunds"] == -6200
    assert letters(first.buyer.person) == []
    before = world()
    with pytest.raises(WrongState):
        actions.cancel_order(second.buyer, order=second.id, at=second.at)
    assert world() == before


@pytest.mark.parametrize("packed", [False, True])
def test_the_shop_calls_an_accepted_order_off_and_its_goods_return(order, rice, packed):
    accepted = order.paid().accepted()
    if packed:
        accepted = accepted.ready()
        assert stock_of(rice) == (8, 0)
    actions.call_off_order(order.shop.scope, order=order.id, reason="摔坏了", at=accepted.at)
    assert order.state is OrderState.CANCELLED
    assert stock_of(rice) == (10, 0)
    assert money_of(order) == {**NOTHING, "refunds": -6200}
    assert accepted.page.code is None
    assert letters(order.buyer.person)[-1] == "order_called_off"


def test_a_shop_that_does_not_act_loses_the_order(rice):
    idle, slow, kept = an_order(rice).paid(), an_order(rice).paid().accepted(), an_order(rice).paid().accepted().ready()
    assert tasks.run_out(at=AT + timedelta(minutes=15)) == 1
    assert (idle.state, slow.state) == (OrderState.CANCELLED, OrderState.ACCEPTED)
    assert tasks.run_out(at=slow.at + timedelta(minutes=90)) == 1
    assert slow.state is OrderState.CANCELLED
    assert tasks.run_out(at=kept.at + timedelta(minutes=120)) == 1
    assert kept.state is OrderState.CANCELLED
    assert stock_of(rice) == (10, 0)
    assert idle.page.moments[-2].why == "overdue"
