"""An order from its payment to its close: who may do what when, what it moves, and what the clock does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import AT, a_community, a_home, a_listing, a_shop
from builders.orders import an_order, climb, collect
from harness.budget import budget
from harness.payments_words import as_the_house, facts
from linli.ground.policies import actions as policies
from linli.kernel import ids
from linli.kernel.ids import HomeId, OrderId
from linli.kernel.life import WrongState
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.money.payments import queries as payments
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders import actions, queries, rules, tasks
from linli.trade.orders.rules import Fulfilment, OrderState, OrderVerb
from linli.trade.shops.rules import Closed, OutOfZone
from trade.orders.around_an_order import NOTHING, SHARED, money_of, stock_of, world

pytestmark = pytest.mark.django_db


# ordering in one call


def test_an_order_in_one_call_takes_four_statements(rice):
    an_order(rice)
    home = a_home(community=rice.shop.community).with_owner()
    lines = [actions.Asked(variant=rice.variant, quantity=1)]
    with budget(4):  # begin, prices, terms, one write; the community's market and the policy are remembered
        actions.order_now(home.scope, lines=lines, home=home.id, at=AT)


def test_a_refused_order_leaves_nothing_behind(rice):
    home, stranger = a_home(community=rice.shop.community).with_owner(), a_home().with_owner()
    closed = a_listing(shop=a_shop(community=rice.shop.community), stock=5)
    far_shop = a_shop(community=a_community(lat=31.0)).open_around_the_clock()
    far = a_listing(shop=far_shop, stock=5)
    before = world()

    def order(variant=rice.variant, quantity=1, scope=home.scope, to=home.id, **how):
        lines = [actions.Asked(variant=variant, quantity=quantity)]
        return lambda: actions.order_now(scope, lines=lines, home=to, at=AT, **how)

    cases = [
        (order(quantity=0), Invalid, "lines.0.quantity"),
        (order(quantity=-5), Invalid, "lines.0.quantity"),
        (order(quantity=11), actions.OutOfStock, "lines.0.quantity"),
        (order(to=stranger.id), NotFound, "home"),
        (order(to=HomeId(ids.new())), NotFound, "home"),
        (order(variant=far.variant), actions.NotForSale, "lines.0.variant"),
        (order(variant=ids.new()), actions.NotForSale, "lines.0.variant"),
        (order(variant=closed.variant), Closed, f"shops.{closed.shop.id}"),
        (order(variant=closed.variant, fulfilment=Fulfilment.SHOP_DELIVERY), Closed, f"shops.{closed.shop.id}"),
        (lambda: actions.order_now(home.scope, lines=[], home=home.id, at=AT), actions.NothingToOrder, "lines"),
    ]
    for ask, refusal, field in cases:
        with pytest.raises(refusal) as refused:
            ask()
        assert refused.value.field == field
        assert world() == before
    with pytest.raises(Denied):
        order(scope=replace(home.scope, role=Role.MERCHANT))()
    assert OutOfZone.code == "shops.OutOfZone"
    assert world() == before


def test_an_expired_batch_is_not_sold(rice):
    milk = a_listing("鲜奶", shop=rice.shop, kind="fresh").with_stock(5, expires_in=timedelta(hours=1))
    an_order(milk, 2)
    with pytest.raises(actions.OutOfStock):
        an_order(milk, 1, at=AT + timedelta(hours=1))


# paid


def test_a_paid_order_goes_to_its_shop_with_its_money_in_escrow(order, rice):
    paid = order.paid()
    page = paid.page
    assert page.state is OrderState.PAID
    assert page.due_at == AT + timedelta(minutes=15)
    assert page.promised_at == AT + timedelta(minutes=45)
    assert money_of(order) == {**NOTHING, "escrow": -6200}
    assert stock_of(rice) == (10, 2)
    assert queries.checkout_page(order.buyer, checkout=order.checkout).state is rules.CheckoutState.PLACED
    (fact,) = facts("orders.OrderPaid")
    assert (fact["order"], fact["total"]) == (str(order.id), {"minor": 6200})


def test_the_news_of_a_payment_may_come_twice(order):
    order.paid()
    before = world()
    assert actions.mark_paid(SYSTEM, checkouts=[order.checkout], paid_at=[AT], at=AT) == 0
    assert collect(order.collection, order.total, at=AT) == "repeated"
    climb(AT)
    assert world() == before


def test_many_payments_are_marked_in_three_statements(rice):
    orders = [an_order(rice) for _ in range(4)]
    for each in orders:
        collect(each.collection, each.total, at=AT)
    checkouts = [each.checkout for each in orders]
    with budget(3):  # begin, hold, one write
        assert actions.mark_paid(SYSTEM, checkouts=checkouts, paid_at=[AT] * 4, at=AT) == 4


def test_an_unpaid_checkout_ends_by_the_clock_and_late_money_goes_back(order, rice):
    assert tasks.expire_checkouts(at=AT + timedelta(minutes=14)) == 0
    assert tasks.expire_checkouts(at=AT + timedelta(minutes=15)) == 1
    assert order.state is OrderState.CANCELLED
    assert stock_of(rice) == (10, 0)
    late = AT + timedelta(minutes=16)
    assert collect(order.collection, order.total, at=late) == "after_close"
    climb(late)
    assert order.state is OrderState.CANCELLED
    assert money_of(order) == {**NOTHING, "refunds": -6200}


def test_money_that_arrived_first_keeps_the_checkout_alive(order):
    collect(order.collection, order.total, at=AT + timedelta(minutes=14))
    assert tasks.expire_checkouts(at=AT + timedelta(minutes=15)) == 0
    climb(AT)
    assert order.state is OrderState.PAID
    with pytest.raises(WrongState):
        actions.cancel_checkout(order.buyer, checkout=order.checkout, at=AT)


def test_a_buyer_drops_an_unpaid_checkout(order, rice):
    actions.cancel_checkout(order.buyer, checkout=order.checkout, at=AT)
    assert order.state is OrderState.CANCELLED
    assert stock_of(rice) == (10, 0)
    assert payments.collection(order.buyer, collection=order.collection).state == "closed"


def test_a_checkout_that_was_just_paid_is_not_dropped(order):
    collect(order.collection, order.total, at=AT)
    before = world()
    with pytest.raises(actions.PaidMeanwhile):
        actions.cancel_checkout(order.buyer, checkout=order.checkout, at=AT)
    assert world() == before


# served


def test_picked_up_by_code_each_share_reaches_its_payee(order, rice):
    ready = order.paid().accepted().ready()
    assert stock_of(rice) == (8, 0)
    code = ready.page.code
    assert queries.order_page(order.shop.scope, order=order.id).code is None
    with budget(5):  # begin, hold, redeem, the policy on holds, one write
        assert actions.hand_over_order(order.shop.scope, order=order.id, code=code, at=ready.at) is Redeemed.OK
    assert money_of(order) == SHARED
    assert ready.state is OrderState.COMPLETED
    assert ready.page.code is None
    lines = as_the_house("SELECT kind, amount_minor::int FROM payouts_line WHERE order_id = %s ORDER BY kind", order.id)
    assert lines == [("courier", 400), ("merchant", 5336), ("property", 186)]
    (fact,) = facts("orders.OrderCompleted")
    assert fact["goods"] == {"minor": 5800}


def test_the_citys_policy_says_how_long_an_earning_is_held(order):
    policies.set_policy(
        SYSTEM,
        word="payouts",
        level="city",
        place=order.shop.community.city,
        values={"merchant_hold_days": 3},
        start_at=AT,
        at=AT,
    )
    ready = order.paid().accepted().ready()
    handed_over_at = ready.at
    ready.handed_over()
    held = as_the_house("SELECT available_at FROM payouts_line WHERE order_id = %s AND kind = 'merchant'", order.id)
    assert held == [(handed_over_at + timedelta(days=3),)]


def test_the_shops_own_delivery_goes_out_comes_back_and_arrives(order):
    out = order.paid().accepted().ready().dispatched()
    actions.bring_back_order(order.shop.scope, order=order.id, reason="没人在家", at=out.at)
    assert out.state is OrderState.READY
    assert out.dispatched().handed_over().state is OrderState.COMPLETED
    assert [m.verb for m in out.page.moments][-4:] == ["dispatch", "bring_back", "dispatch", "complete"]


def test_an_order_to_be_picked_up_is_not_sent_out(rice):
    order = an_order(rice, fulfilment=Fulfilment.PICK_UP)
    assert str(order.total) == "29.00"
    with pytest.raises(actions.PickedUpOnly):
        order.paid().accepted().ready().dispatched()


def test_wrong_codes_are_counted_until_the_order_is_locked(order):
    ready = order.paid().accepted().ready()
    wrong = f"{(int(ready.page.code or 0) + 1) % 1_000_000:06d}"

    def tell(code):
        return actions.hand_over_order(order.shop.scope, order=order.id, code=code, at=ready.at)

    assert [tell(wrong) for _ in range(5)] == [Redeemed.WRONG] * 4 + [Redeemed.LOCKED]
    assert tell(ready.page.code) is Redeemed.LOCKED
    assert ready.state is OrderState.READY


def test_the_buyer_says_that_the_goods_are_there(order):
    ready = order.paid().accepted().ready()
    actions.confirm_receipt(order.buyer, order=order.id, at=ready.at)
    assert money_of(order) == SHARED
    with pytest.raises(WrongState):
        actions.confirm_receipt(order.buyer, order=order.id, at=ready.at)
    assert money_of(order) == SHARED


def test_what_is_on_its_way_counts_as_received_after_a_day_and_closes_after_a_week(order):
    out = order.paid().accepted().ready().dispatched()
    sent = out.at - timedelta(minutes=1)
    assert tasks.run_out(at=sent + timedelta(hours=24, seconds=-1)) == 0
    assert tasks.run_out(at=sent + timedelta(hours=24)) == 1
    assert money_of(order) == SHARED
    assert tasks.run_out(at=sent + timedelta(hours=24, days=7)) == 1
    assert order.state is OrderState.CLOSED
    assert tasks.run_out(at=sent + timedelta(days=60)) == 0
    with pytest.raises(actions.RefundsOver):
        actions.request_refund(order.buyer, order=order.id, lines=[], reason="太晚了", at=out.at)


def test_many_orders_are_completed_in_four_statements(rice):
    orders = [an_order(rice).paid().accepted().ready().dispatched() for _ in range(3)]
    late = AT + timedelta(days=2)
    with budget(4):  # begin, hold, the policy on holds, one write
        assert actions.complete_overdue_orders(SYSTEM, orders=[o.id for o in orders], at=late) == 3
    assert actions.complete_overdue_orders(SYSTEM, orders=[o.id for o in orders], at=late) == 0
    assert {o.state for o in orders} == {OrderState.COMPLETED}


def test_a_shop_writes_down_what_it_did_with_many_orders_each_at_its_own_instant(rice):
    first, second = an_order(rice).paid(), an_order(rice, 2).paid()
    fetched = an_order(rice, 3, fulfilment=Fulfilment.PICK_UP).paid().accepted()
    later = AT + timedelta(minutes=30)
    did = [
        (first, OrderVerb.ACCEPT),
        (first, OrderVerb.PREPARE),
        (first, OrderVerb.FINISH),
        (first, OrderVerb.DISPATCH),
        (second, OrderVerb.ACCEPT),
        (fetched, OrderVerb.FINISH),
    ]
    instants = [AT + timedelta(minutes=nth) for nth in range(2, 8)]
    taken = [actions.Taken(order=o.id, verb=verb, at=at) for (o, verb), at in zip(did, instants, strict=True)]
    with budget(6):  # begin, hold, accept, prepare, finish, dispatch
        actions.catch_up(rice.shop.scope, taken=taken, at=later)

    assert [order.state for order in (first, second, fetched)] == [
        OrderState.IN_DELIVERY,
        OrderState.ACCEPTED,
        OrderState.READY,
    ]
    assert stock_of(rice) == (6, 2)
    minutes = {m.verb: m.at for m in first.page.moments if m.verb != "pay"}
    assert minutes["accept"] == AT + timedelta(minutes=2)
    assert minutes["dispatch"] == AT + timedelta(minutes=5)
    codes = queries.my_codes(first.buyer)
    assert codes == {first.id: first.page.code}
    assert queries.my_codes(second.buyer) == {}
    everybody = [first.id, second.id, fetched.id]
    assert queries.standings(first.buyer, orders=everybody) == {
        first.id: queries.Standing(rice.shop.id, OrderState.IN_DELIVERY, Fulfilment.SHOP_DELIVERY)
    }
    assert len(queries.standings(rice.shop.scope, orders=everybody)) == 3


@pytest.mark.parametrize(
    "wrong", ["a step too soon", "another shop", "sent out though fetched", "the buyer's step", "to come"]
)
def test_steps_of_many_orders_are_written_all_or_none(rice, wrong):
    order, fetched = an_order(rice).paid(), an_order(rice, fulfilment=Fulfilment.PICK_UP).paid().accepted().ready()
    at = AT + timedelta(minutes=30)
    verb, which, refusal, scope, when = {
        "a step too soon": (OrderVerb.DISPATCH, order, WrongState, rice.shop.scope, at),
        "another shop": (OrderVerb.ACCEPT, order, NotFound, a_shop().scope, at),
        "sent out though fetched": (OrderVerb.DISPATCH, fetched, actions.PickedUpOnly, rice.shop.scope, at),
        "the buyer's step": (OrderVerb.COMPLETE, fetched, Invalid, rice.shop.scope, at),
        "to come": (OrderVerb.ACCEPT, order, Invalid, rice.shop.scope, at + timedelta(minutes=1)),
    }[wrong]
    before = world()
    taken = [actions.Taken(order=which.id, verb=verb, at=when)]
    if wrong == "a step too soon":
        other = an_order(rice).paid()
        taken, before = [actions.Taken(order=other.id, verb=OrderVerb.ACCEPT, at=at), *taken], world()
    with pytest.raises(refusal):
        actions.catch_up(scope, taken=taken, at=at)
    assert world() == before


def test_an_order_of_nothing_is_served_without_money(rice):
    gift = a_listing("样品", shop=rice.shop, price="0.01", stock=3)
    order = an_order(gift, fulfilment=Fulfilment.PICK_UP).completed()
    assert order.state is OrderState.COMPLETED
    assert money_of(order) == {**NOTHING, "merchant": -1}


def test_goods_that_expired_before_packing_stop_the_shop_not_the_buyer(rice):
    milk = a_listing("鲜奶", shop=rice.shop, kind="fresh").with_stock(5, expires_in=timedelta(minutes=2))
    order = an_order(milk, 2).paid().accepted()
    before = world()
    with pytest.raises(actions.GoodsGone):
        actions.finish_order(order.shop.scope, order=order.id, at=AT + timedelta(hours=1))
    assert world() == before


# whose order it is


def test_strangers_find_no_order(order):
    ready = order.paid().accepted().ready()
    neighbour = a_home(community=order.shop.community).with_owner().scope
    rival = a_shop(community=order.shop.community).scope
    rival_as_buyer = replace(rival, person=order.buyer.person)  # shops elsewhere, and bought this here
    company = Scope(role=Role.PROPERTY, person=ids.new(), communities=(order.shop.community.id,), company=ids.new())
    before = world()
    for scope in (neighbour, rival, company):
        with pytest.raises(NotFound):
            queries.order_page(scope, order=order.id)
        with pytest.raises(NotFound):
            queries.order_version(scope, order=order.id)
    for scope in (rival, rival_as_buyer):
        for verb in (actions.accept_order, actions.prepare_order, actions.finish_order, actions.dispatch_order):
            with pytest.raises(NotFound):
                verb(scope, order=order.id, at=ready.at)
        with pytest.raises(NotFound):
            actions.hand_over_order(scope, order=order.id, code=str(ready.page.code), at=ready.at)
        with pytest.raises(NotFound):
            actions.call_off_order(scope, order=order.id, reason="恶意", at=ready.at)
    for ask in (actions.cancel_order, actions.confirm_receipt):
        with pytest.raises(NotFound):
            ask(neighbour, order=order.id, at=ready.at)
    with pytest.raises(NotFound):
        actions.cancel_order(neighbour, order=OrderId(ids.new()), at=ready.at)
    assert queries.my_orders(neighbour) == ()
    assert world() == before
