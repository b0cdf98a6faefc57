"""Orders that couriers bring: one fee for one run, places to the last one, and money that comes out to the fen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home, a_listing, a_person, a_shop
from builders.delivery import Zone, a_zone
from builders.orders import Order, an_order, placed
from builders.people import a_phone
from harness.payments_words import as_the_house, balance
from linli.ground.policies import actions as policies
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import actions as delivery
from linli.trade.delivery.events import GoodsReturned
from linli.trade.delivery.rules import DropOff, FailReason, KitchenTerms, Vehicle
from linli.trade.orders import actions, queries, reactions, tasks
from linli.trade.orders.rules import Fulfilment, OrderState, RefundAsk, Window
from trade.orders.around_an_order import world

pytestmark = pytest.mark.django_db


def a_pooling_listing(price="20.00", *, community=None, stock=20, **how):
    shop = a_shop(community=community) if community else a_shop()
    return a_listing(shop=shop.open_around_the_clock().pooling(), price=price, stock=stock, **how)


def taken() -> dict[str, int]:
    return dict(as_the_house("SELECT axis, sum(taken)::int FROM delivery_capacity GROUP BY axis HAVING sum(taken) > 0"))


@pytest.fixture
def rice():
    return a_pooling_listing()


@pytest.fixture
def zone(rice) -> Zone:
    return a_zone(rice.shop.community, drops=3)


def fees_of(checkout) -> list[tuple[int, int]]:
    return as_the_house(
        "SELECT goods_minor::int, delivery_fee_minor::int FROM orders_order WHERE checkout_id = %s ORDER BY 1",
        checkout,
    )


def test_goods_come_in_the_first_slot_unless_the_buyer_says_otherwise(rice, zone):
    order = an_order(rice, 2)
    first = zone.slot()
    page = order.page
    assert (page.fulfilment, page.delivery_fee, page.total) == (Fulfilment.POOLED, Money(2_00), Money(42_00))
    assert (page.window_start, page.window_end) == (first.start_at, first.end_at)
    assert taken() == {"drops": 1, "gate": 1, "lift": 1}
    assert as_the_house("SELECT carrier, slot, drop_off FROM orders_order") == [(None, first.slot, "door")]
    assert order.paid().page.promised_at == first.end_at


def test_from_a_sum_on_a_shared_run_is_free_and_a_trip_alone_is_not(rice, zone):
    assert an_order(rice, 3).page.delivery_fee == Money.zero
    alone = an_order(rice, 3, fulfilment=Fulfilment.ALONE)
    assert (alone.page.delivery_fee, alone.page.fulfilment) == (Money(6_00), Fulfilment.ALONE)


def two_shops(zone, rice):
    oil = a_pooling_listing("10.00", community=zone.community)
    home = a_home(community=zone.community).with_owner()
    lines = [actions.Asked(variant=each.variant, quantity=1) for each in (rice, oil)]
    return placed(home.scope, *lines, home=home), oil, home


def test_one_fee_is_shared_by_the_orders_of_one_run(rice, zone):
    done, _oil, _home = two_shops(zone, rice)
    assert fees_of(done.checkout) == [(10_00, 67), (20_00, 1_33)]
    assert done.total == Money(32_00)
    assert taken() == {"drops": 2, "gate": 2, "lift": 2}


def test_refusing_one_order_gives_back_its_part_and_the_other_keeps_its_own(rice, zone):
    done, oil, home = two_shops(zone, rice)
    orders = dict(as_the_house("SELECT shop, id FROM orders_order WHERE checkout_id = %s", done.checkout))
    first = Order(orders[rice.shop.id], done.checkout, done.collection, rice.shop, home.scope, done.total, AT).paid()
    actions.refuse_order(rice.shop.scope, order=first.id, reason="卖完了", at=first.at)
    city = zone.community.city
    assert first.state is OrderState.REFUSED
    assert balance(city, f"order_escrow:{first.id}") == 0
    assert balance(city, f"order_escrow:{orders[oil.shop.id]}") == -10_67
    assert fees_of(done.checkout) == [(10_00, 67), (20_00, 1_33)]
    assert taken() == {"drops": 1, "gate": 1, "lift": 1}


def test_what_nobody_pays_for_gives_its_place_back(rice, zone):
    an_order(rice)
    assert tasks.expire_checkouts(at=AT + timedelta(minutes=16)) == 1
    assert (taken(), zone.slot().left) == ({}, 3)


def test_what_is_paid_keeps_its_place_for_good_and_a_cancelled_order_frees_it(rice, zone):
    order = an_order(rice).paid()
    assert as_the_house("SELECT DISTINCT until FROM delivery_hold") == [(None,)]
    actions.cancel_order(order.buyer, order=order.id, at=order.at)
    assert taken() == {}


def test_an_address_outside_every_zone_is_refused_with_words(rice):
    home = a_home(community=rice.shop.community).with_owner()
    before = world()
    with pytest.raises(delivery.OutsideZones) as refused:
        an_order(rice, home=home, fulfilment=Fulfilment.POOLED)
    assert refused.value.field == f"shops.{rice.shop.id}.fulfilment"
    assert world() == before
    assert an_order(rice).page.fulfilment is Fulfilment.PICK_UP


def test_the_last_place_is_sold_once(rice, zone):
    for _ in range(3):
        an_order(rice)
    first = zone.slot(nth=0)
    home = a_home(community=zone.community).with_owner()
    before = world()
    with pytest.raises(delivery.SlotFull):
        an_order(rice, home=home, window=Window(first.start_at, first.end_at))
    assert world() == before
    assert an_order(rice).page.window_start == zone.slot(nth=1).start_at


def test_what_was_not_said_this_time_is_left_where_the_home_wants_it(rice, zone):
    home = a_home(community=zone.community).with_owner()
    community = home.community.id
    wished = {"community": community, "home": home.id, "places": [DropOff.DESK, DropOff.DOOR]}
    delivery.wish_places(home.scope, at=AT, **wished)
    actions.add_to_basket(home.scope, community=community, variant=rice.variant, at=AT)
    assert queries.basket_page(home.scope, community=community, at=AT).drop_off is DropOff.DESK
    policies.set_policy(
        SYSTEM, word="delivery", level="community", place=community, values={"drop_offs": ["door", "shelf"]},
        start_at=AT, at=AT,
    )  # fmt: skip
    checkout = actions.lock_checkout(home.scope, community=community, at=AT)
    actions.place_checkout(home.scope, checkout=checkout, at=AT)
    assert as_the_house("SELECT drop_off FROM orders_order") == [("door",)]


def test_a_checkout_that_waits_beyond_the_cut_off_is_not_placed(rice, zone):
    home = a_home(community=zone.community).with_owner()
    slot = zone.slot()
    actions.add_to_basket(home.scope, community=home.community.id, variant=rice.variant, at=AT)
    actions.choose_delivery(
        home.scope,
        community=home.community.id,
        shops=[rice.shop.id],
        fulfilment=Fulfilment.POOLED,
        start_at=slot.start_at,
        drop_off=DropOff.SHELF,
        at=AT,
    )
    just = slot.cut_off_at - timedelta(minutes=1)
    late = actions.lock_checkout(home.scope, community=home.community.id, at=just)
    before = world()
    with pytest.raises(delivery.CutOff):
        actions.place_checkout(home.scope, checkout=late, at=slot.cut_off_at)
    assert world() == before
    actions.place_checkout(home.scope, checkout=late, at=just)
    assert as_the_house("SELECT drop_off FROM orders_order") == [("shelf",)]
    with pytest.raises(delivery.CutOff):
        actions.choose_delivery(
            home.scope,
            community=home.community.id,
            shops=[rice.shop.id],
            fulfilment=Fulfilment.POOLED,
            start_at=slot.start_at,
            at=slot.cut_off_at,
        )


def test_the_basket_shows_one_fee_and_what_couriers_offer(rice, zone):
    home = a_home(community=zone.community).with_owner()
    oil = a_pooling_listing("10.00", community=zone.community)
    for each in (rice, oil):
        actions.add_to_basket(home.scope, community=home.community.id, variant=each.variant, at=AT)
    page = queries.basket_page(home.scope, community=home.community.id, at=AT)
    assert page.total == Money(32_00)
    assert [shop.delivery_fee for shop in page.shops] == [Money(2_00), Money.zero]
    assert page.offered is not None
    assert page.offered.slots[0] == zone.slot()


def test_goods_are_left_only_where_the_community_says(rice, zone):
    policies.set_policy(
        SYSTEM, word="delivery", level="community", place=zone.community.id, values={"drop_offs": ["door"]},
        start_at=AT, at=AT,
    )  # fmt: skip
    with pytest.raises(Exception, match="left there"):
        an_order(rice, drop_off=DropOff.DESK)


def test_couriers_carry_no_cash_and_no_slot_waits_for_a_bank(rice, zone):
    rice.shop.taking_cash()
    order = an_order(rice)
    with pytest.raises(actions.CashNotTaken):
        order.promised()
    with pytest.raises(actions.TransferNotTaken):
        actions.choose_transfer(order.buyer, checkout=order.checkout, at=order.at)


def test_a_courier_collects_it_and_the_shop_cannot_send_it_out(rice, zone):
    order = an_order(rice).paid().accepted().ready()
    with pytest.raises(actions.ByCourier):
        order.dispatched()
    assert order.state is OrderState.READY


def test_the_fee_of_a_run_is_the_platforms_and_goes_back_from_there(rice, zone):
    order = an_order(rice).completed()
    city = zone.community.city
    assert balance(city, f"order_escrow:{order.id}") == 0
    assert balance(city, "delivery_fees") == -2_00
    line = order.lines[0].line
    actions.grant_refund(
        order.shop.scope,
        order=order.id,
        lines=[RefundAsk(line=line, quantity=1)],
        reason="坏了",
        with_fee=True,
        at=order.at,
    )
    assert balance(city, "delivery_fees") == 0
    assert [finding for finding in queries.check(SYSTEM, at=order.at) if not finding.ok] == []


def a_noodle_shop():
    noodles = a_pooling_listing("30.00", kind="prepared", stock=None)
    zone = a_zone(noodles.shop.community)
    return noodles, zone


def test_what_is_cooked_now_is_promised_by_queue_preparation_and_way():
    noodles, _zone = a_noodle_shop()
    kitchen = KitchenTerms(value=Money(50_00), minutes=12)
    delivery.set_kitchen(noodles.shop.scope, shop=noodles.shop.id, kitchen=kitchen, at=AT)
    first = an_order(noodles, fulfilment=Fulfilment.NOW)
    assert (first.page.delivery_fee, first.page.window_start) == (Money(5_00), None)
    second = an_order(noodles, fulfilment=Fulfilment.NOW)
    assert [order.paid().page.promised_at for order in (first, second)] == [
        AT + timedelta(minutes=18), AT + timedelta(minutes=33),
    ]  # fmt: skip


def test_a_kitchen_without_room_takes_no_more_for_now():
    noodles, _zone = a_noodle_shop()
    kitchen = KitchenTerms(value=Money(10_00), minutes=12)
    delivery.set_kitchen(noodles.shop.scope, shop=noodles.shop.id, kitchen=kitchen, at=AT)
    an_order(noodles, 2, fulfilment=Fulfilment.NOW)
    home = a_home(community=noodles.shop.community).with_owner()
    before = world()
    with pytest.raises(delivery.KitchenFull):
        an_order(noodles, home=home, fulfilment=Fulfilment.NOW)
    assert world() == before


def task_of(order):
    return as_the_house('SELECT kind, state, slot, number, drop_off FROM delivery_task WHERE "order" = %s', order.id)


def on_its_way(zone, rice, **how):
    order = an_order(rice, **how).paid().accepted().ready()
    assert actions.note_taken(SYSTEM, orders=[order.id], at=order.at) == 1
    return order.later(minutes=20)


def test_the_doctor_names_a_paid_order_without_a_task_and_a_task_for_nothing(rice, zone):
    order = an_order(rice).paid()
    later = order.at + timedelta(minutes=20)

    def broken():
        return [found.details for found in queries.check(SYSTEM, at=later) if not found.ok]

    assert broken() == []
    as_the_house("UPDATE orders_order SET state = 'cancelled', due_at = NULL RETURNING id")
    assert any("is still todo" in str(detail) for details in broken() for detail in details)
    as_the_house("UPDATE orders_order SET state = 'accepted', due_at = %s RETURNING id", later)
    as_the_house('UPDATE delivery_task SET "order" = gen_random_uuid() RETURNING id')
    assert [f"Order {order.page.number} ({order.id}) is accepted, and no courier was ever asked for it."] in [
        list(map(str, details)) for details in broken()
    ]


def test_a_paid_order_is_asked_of_couriers_and_a_refused_one_called_off(rice, zone):
    order = an_order(rice)
    assert task_of(order) == []
    order = order.paid()
    number = order.page.number
    assert task_of(order) == [("pooled", "todo", zone.slot().slot, number, "door")]
    actions.refuse_order(order.shop.scope, order=order.id, reason="卖完了", at=order.at)
    assert task_of(order)[0][1] == "called_off"


def test_what_couriers_hand_over_is_completed_once(rice, zone):
    order = on_its_way(zone, rice)
    assert order.state is OrderState.IN_DELIVERY
    assert [actions.note_done(SYSTEM, orders=[order.id], at=order.at) for _ in range(2)] == [1, 0]
    assert order.state is OrderState.COMPLETED
    assert balance(zone.community.city, "delivery_fees") == -2_00


def test_what_is_left_on_a_shelf_waits_there_for_its_buyer(rice, zone):
    order = on_its_way(zone, rice, drop_off=DropOff.SHELF)
    actions.note_done(SYSTEM, orders=[order.id], at=order.at)
    assert (order.state, order.page.code is None) == (OrderState.AT_PICKUP_POINT, False)
    actions.confirm_receipt(order.buyer, order=order.id, at=order.at)
    assert order.state is OrderState.COMPLETED


def test_what_could_not_be_handed_over_comes_back_and_goes_out_again(rice, zone):
    order = on_its_way(zone, rice)
    assert actions.note_failed(SYSTEM, order=order.id, why="nobody_home", at=order.at) == 1
    assert order.state is OrderState.READY
    assert actions.note_taken(SYSTEM, orders=[order.id], at=order.at) == 1
    assert order.state is OrderState.IN_DELIVERY


def carried_and_failed(order, courier, task, at):
    operator = Scope(role=Role.PLATFORM)
    delivery.assign_tasks(operator, tasks=[task], courier=courier.person, at=at)
    delivery.collect_goods(courier, task=task, at=at)
    actions.note_taken(SYSTEM, orders=[order.id], at=at)
    delivery.fail_task(courier, task=task, reason=FailReason.NOBODY_HOME, at=at)
    actions.note_failed(SYSTEM, order=order.id, why="nobody_home", at=at)
    delivery.return_goods(courier, task=task, at=at)


def test_what_came_back_is_tried_once_more_at_once_and_no_oftener(rice, zone):
    order = an_order(rice).paid().accepted().ready()
    ((task,),) = as_the_house('SELECT id FROM delivery_task WHERE "order" = %s', order.id)
    person, city = a_person(phone=a_phone()), zone.community.city
    delivery.keep_courier(Scope(role=Role.PLATFORM), person=person, city=city, vehicle=Vehicle.TRIKE, at=AT)
    courier = Scope(role=Role.COURIER, person=person, city=city)
    assert actions.send_again(SYSTEM, order=order.id, at=order.at) is False
    carried_and_failed(order, courier, task, order.at)
    assert (order.state, task_of(order)[0][1]) == (OrderState.READY, "failed")
    reactions.send_again(GoodsReturned(task=task, order=order.id, courier=person, at=order.at))
    assert task_of(order)[0][:3] == ("now", "todo", None)
    carried_and_failed(order, courier, task, order.at)
    assert actions.send_again(SYSTEM, order=order.id, at=order.at) is False
    assert (order.state, task_of(order)[0][1]) == (OrderState.READY, "failed")


def test_a_late_success_never_revives_a_cancelled_order(rice, zone):
    order = on_its_way(zone, rice)
    actions.call_off_order(order.shop.scope, order=order.id, reason="撒了", at=order.at)
    before = world()
    assert actions.note_done(SYSTEM, orders=[order.id], at=order.at) == 0
    assert actions.note_failed(SYSTEM, order=order.id, why="other", at=order.at) == 0
    assert world() == before
    assert order.state is OrderState.CANCELLED


def test_what_was_cancelled_on_its_way_is_no_stock_before_it_is_back_and_counted_in(rice, zone):
    order = on_its_way(zone, rice)
    ((task,),) = as_the_house('SELECT id FROM delivery_task WHERE "order" = %s', order.id)
    actions.call_off_order(order.shop.scope, order=order.id, reason="撒了", at=order.at)
    assert as_the_house("SELECT on_hand FROM stock_level") == [(19,)]
    assert queries.came_back(order.shop.scope) == ()
    reactions.send_again(GoodsReturned(task=task, order=order.id, courier=a_person(), at=order.at))
    (shown,) = queries.came_back(order.shop.scope)
    actions.count_in(order.shop.scope, order=order.id, sellable={shown.lines[0].variant: 1}, at=order.at)
    assert as_the_house("SELECT on_hand FROM stock_level") == [(20,)]


def test_an_order_that_its_courier_never_hands_over_is_given_back(rice, zone):
    order = on_its_way(zone, rice).later(days=2)
    assert tasks.run_out(at=order.at) == 1
    assert order.state is OrderState.CANCELLED
    assert balance(zone.community.city, f"order_escrow:{order.id}") == 0
