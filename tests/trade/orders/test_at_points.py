"""Orders left at a pick-up point: a code of that place, a word to the buyer, handed out once, reminded of once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import a_community, a_company, a_listing, a_person, a_shop
from builders.delivery import a_zone
from builders.orders import an_order
from builders.people import a_phone
from harness.payments_words import as_the_house, balance
from linli.ground.policies import actions as policies
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound, Refusal
from linli.money.payouts import actions as payouts
from linli.money.payouts.rules import Earning, Kind
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import actions as carrying
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.actions.fetching_back import NotAtAPoint
from linli.trade.delivery.events import GoodsReturned, GoodsTaken, TaskDone
from linli.trade.delivery.rules import Custody, DropOff, Vehicle
from linli.trade.orders import actions, queries, reactions, tasks
from linli.trade.orders.rules import OrderState
from linli.trade.stock import queries as levels

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    rice = a_listing(shop=a_shop().open_around_the_clock().pooling(), price="20.00", stock=20)
    a_zone(rice.shop.community)
    made = an_order(rice, drop_off=DropOff.DESK).paid().accepted().ready()
    actions.note_taken(SYSTEM, orders=[made.id], at=made.at)
    return made.later(minutes=20)


@pytest.fixture
def desk(order):
    return Scope(
        role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(order.page.community,)
    )  # fmt: skip


def left(order):
    before = order.page.code
    actions.note_done(SYSTEM, orders=[order.id], at=order.at)
    return before


def told(template):
    return as_the_house("SELECT count(*) FROM notify_message WHERE template = %s", template)[0][0]


def test_what_is_left_waits_under_a_code_of_that_place_and_its_buyer_is_told(order, desk):
    left(order)
    assert order.state is OrderState.AT_PICKUP_POINT
    handovers = as_the_house("SELECT place, state FROM handover_handover WHERE subject = %s", order.id)
    handovers.sort(key=lambda row: row[1])
    assert handovers == [(order.page.shop, "closed"), (order.page.community, "open")]
    assert told("order_left") == 1
    (shown,) = queries.at_points(desk)
    assert (shown.order, shown.number, shown.drop_off) == (order.id, order.page.number, DropOff.DESK)
    assert shown.due_at == order.at + timedelta(days=2)


def test_whoever_tells_the_code_has_it_and_only_once(order, desk):
    left(order)
    code = order.page.code
    assert actions.hand_out_order(desk, order=order.id, code=code, at=order.at) is Redeemed.OK
    assert order.state is OrderState.COMPLETED
    assert queries.at_points(desk) == ()
    with pytest.raises(NotFound):
        actions.hand_out_order(desk, order=order.id, code=code, at=order.at)


def test_a_wrong_code_is_counted_and_the_order_stays(order, desk):
    left(order)
    wrong = "000000" if order.page.code != "000000" else "111111"
    for _ in range(4):
        assert actions.hand_out_order(desk, order=order.id, code=wrong, at=order.at) is Redeemed.WRONG
    assert actions.hand_out_order(desk, order=order.id, code=wrong, at=order.at) is Redeemed.LOCKED
    assert actions.hand_out_order(desk, order=order.id, code=order.page.code, at=order.at) is Redeemed.LOCKED
    assert order.state is OrderState.AT_PICKUP_POINT


def test_what_only_grown_people_may_have_is_handed_out_by_who_looked_at_their_age(order, desk):
    ((listing,),) = as_the_house("SELECT listing_id FROM catalogue_variant WHERE id = %s", order.lines[0].variant)
    catalogue.set_care(order.shop.scope, listing=listing, care=[Care.ADULTS], at=order.at)
    left(order)
    (shown,) = queries.at_points(desk)
    assert shown.adults_only is True
    code = order.page.code
    with pytest.raises(actions.AgeUnseen):
        actions.hand_out_order(desk, order=order.id, code=code, at=order.at)
    assert (order.state, order.page.code) == (OrderState.AT_PICKUP_POINT, code)
    answer = actions.hand_out_order(desk, order=order.id, code=code, looked_at_age=True, at=order.at)
    assert (answer, order.state) == (Redeemed.OK, OrderState.COMPLETED)


def test_nobody_hands_out_or_sees_what_waits_elsewhere_or_is_still_on_its_way(order, desk):
    code = order.page.code
    with pytest.raises(NotFound):
        actions.hand_out_order(desk, order=order.id, code=code, at=order.at)
    left(order)
    elsewhere = Scope(
        role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(a_community().id,)
    )  # fmt: skip
    with pytest.raises(NotFound):
        actions.hand_out_order(elsewhere, order=order.id, code=order.page.code, at=order.at)
    with pytest.raises(Denied):
        actions.hand_out_order(order.buyer, order=order.id, code=order.page.code, at=order.at)
    assert queries.at_points(elsewhere) == ()
    with pytest.raises(Denied):
        queries.at_points(order.buyer)
    assert order.state is OrderState.AT_PICKUP_POINT


def test_what_the_courier_gave_to_its_buyer_on_the_way_waits_nowhere(order):
    task, courier = a_person(), a_person()
    reactions.note_done([TaskDone(task=task, order=order.id, courier=courier, proof="code", at=order.at)])
    assert order.state is OrderState.COMPLETED
    assert told("order_left") == 0


def test_where_exactly_it_lies_its_buyer_and_the_desk_are_told(order, desk):
    reactions.note_done(
        [TaskDone(task=a_person(), order=order.id, courier=a_person(), proof="photo", spot="B-03", at=order.at)]
    )
    (shown,) = queries.at_points(desk)
    assert (order.page.spot, shown.spot) == ("B-03", "B-03")


def test_a_buyer_is_reminded_once_a_day_before_the_time_is_up(order):
    left(order)
    assert tasks.remind(at=order.at + timedelta(hours=23)) == 0
    late = order.at + timedelta(hours=25)
    assert [tasks.remind(at=late), tasks.remind(at=late)] == [1, 0]
    assert told("order_waiting") == 1
    assert [moment.verb for moment in order.page.moments][-1] == "remind"
    assert order.state is OrderState.AT_PICKUP_POINT


def test_the_doctor_finds_nothing_wrong_with_what_waits_at_a_point_and_whose_courier_is_paid(order):
    left(order)
    pay = Earning(
        payee=a_person(), kind=Kind.COURIER, order=order.id, community=order.page.community, amount=Money(2_64)
    )
    ((city,),) = as_the_house("SELECT city FROM orders_order")
    payouts.add_lines(SYSTEM, city=city, earnings=[pay], at=order.at)
    assert [found for found in queries.check(SYSTEM, at=order.at + timedelta(hours=1)) if not found.ok] == []


class TestWhatNobodyFetches:
    @pytest.fixture
    def unfetched(self, order):
        left(order)
        as_the_house(
            "UPDATE delivery_task SET state = 'done', goods = 'buyer', proof = 'photo', due_at = NULL,"
            " waits_for = 'nobody', courier = gen_random_uuid() RETURNING id"
        )
        return order.later(days=2, minutes=1)

    def standing(self):
        return as_the_house("SELECT state, goods, reason, waits_for, courier FROM delivery_task")

    def test_its_buyer_has_the_price_of_the_goods_again_and_the_way_stays_paid(self, unfetched):
        order = unfetched
        assert tasks.run_out(at=order.at) == 1
        assert order.state is OrderState.COMPLETED
        page = order.page
        assert (page.refunded, page.delivery_fee, page.refunded_fee) == (Money(20_00), Money(2_00), Money.zero)
        city = as_the_house("SELECT city FROM orders_order")[0][0]
        assert balance(city, f"order_escrow:{order.id}") == 0
        assert balance(city, "delivery_fees") == -2_00
        assert as_the_house("SELECT count(*) FROM payouts_line") == [(0,)]
        assert as_the_house("SELECT state FROM handover_handover ORDER BY 1") == [("closed",), ("closed",)]
        assert [found for found in queries.check(SYSTEM, at=order.at) if not found.ok] == []
        assert tasks.run_out(at=order.at) == 0

    def test_its_buyer_is_told_once_what_comes_back_to_them(self, unfetched):
        order = unfetched
        assert told("order_not_fetched") == 0
        tasks.run_out(at=order.at)
        tasks.run_out(at=order.at)
        said = as_the_house("SELECT party, \"values\" ->> 'amount' FROM notify_message WHERE template LIKE '%%not_f%%'")
        assert said == [(order.buyer.person, "20.00")]

    def test_a_courier_is_sent_for_it_takes_it_along_and_is_paid_for_the_way_back(self, unfetched):
        order, operator = unfetched, Scope(role=Role.PLATFORM)
        tasks.run_out(at=order.at)
        assert self.standing() == [("failed", "point", "unfetched", "dispatcher", None)]
        ((task, city),) = as_the_house("SELECT id, city FROM delivery_task")
        (shown,) = delivery.board(operator, wanted=delivery.Wanted(), at=order.at).tasks
        assert (shown.task, shown.goods) == (task, Custody.POINT)
        person = a_person(phone=a_phone())
        carrying.keep_courier(operator, person=person, city=city, vehicle=Vehicle.BIKE, at=order.at)
        courier = Scope(role=Role.COURIER, person=person, city=city)
        with pytest.raises(NotFound):
            carrying.take_along(courier, task=task, at=order.at)
        carrying.send_for_return(operator, task=task, courier=person, at=order.at)
        assert [each.task for each in delivery.my_day(courier, since=order.at, at=order.at).to_return] == [task]
        for _ in range(2):
            carrying.take_along(courier, task=task, at=order.at)
        assert self.standing()[0][:2] == ("failed", "courier")
        with pytest.raises(NotAtAPoint):
            carrying.send_for_return(operator, task=task, courier=person, at=order.at)
        for _ in range(2):
            carrying.return_goods(courier, task=task, at=order.at)
        assert self.standing()[0][:2] == ("failed", "shop")
        assert as_the_house("SELECT kind, amount_minor FROM delivery_earning") == [("way_back", 150)]
        assert actions.send_again(SYSTEM, order=order.id, at=order.at) is False

    @pytest.fixture
    def back(self, unfetched):
        """It lies at its shop again, after its buyer had the price back."""
        tasks.run_out(at=unfetched.at)
        ((task,),) = as_the_house("SELECT id FROM delivery_task")
        fact = GoodsReturned(task=task, order=unfetched.id, courier=a_person(), at=unfetched.at)
        for _ in range(2):
            reactions.send_again(fact)
        return unfetched

    def on_hand(self):
        return as_the_house("SELECT on_hand::int, reserved::int FROM stock_level")

    def book(self):
        return as_the_house("SELECT kind, quantity, why FROM stock_movement WHERE kind <> 'receipt' ORDER BY id")

    def test_what_is_back_is_counted_in_to_be_sold_again_or_as_lost_and_once(self, back):
        shop, variant = back.shop.scope, back.lines[0].variant
        (shown,) = queries.came_back(shop)
        assert (shown.order, [(line.variant, line.quantity) for line in shown.lines]) == (back.id, [(variant, 1)])
        assert self.on_hand() == [(19, 0)]
        actions.count_in(shop, order=back.id, sellable={variant: 1}, at=back.at)
        assert (self.on_hand(), queries.came_back(shop)) == ([(20, 0)], ())
        with pytest.raises(actions.NothingCameBack):
            actions.count_in(shop, order=back.id, sellable={variant: 1}, at=back.at)
        assert self.on_hand() == [(20, 0)]
        assert [kind for kind, _quantity, _why in self.book()] == ["sale", "return"]
        assert [found for found in queries.check(SYSTEM, at=back.at) if not found.ok] == []

    def test_what_is_spoilt_is_back_in_its_batch_and_written_off_from_it(self, back):
        variant = back.lines[0].variant
        actions.count_in(back.shop.scope, order=back.id, sellable={}, why="化了", at=back.at)
        assert self.on_hand() == [(19, 0)]
        assert self.book() == [("sale", -1, ""), ("return", 1, ""), ("write_off", -1, "化了")]
        assert as_the_house("SELECT remaining FROM stock_batch") == [(19,)]
        assert levels.out_with(SYSTEM, orders=[back.id]) == {}
        assert levels.units_lost(SYSTEM, variants=[variant], start=back.at, end=back.later(minutes=1).at)

    def wrong(self, at):
        return [
            found.details for found in queries.check(SYSTEM, at=at) if found.details and "came back" in found.invariant
        ]

    def test_what_nobody_counts_in_its_shop_is_told_of_once_more_after_a_day(self, back):
        (shown,) = queries.came_back(back.shop.scope)
        assert (shown.due_at, shown.lost_at) == (back.at + timedelta(days=1), back.at + timedelta(days=7))
        assert tasks.chase_uncounted(at=back.at + timedelta(hours=23)) == 0
        late = back.at + timedelta(hours=25)
        assert [tasks.chase_uncounted(at=late), tasks.chase_uncounted(at=late)] == [1, 0]
        assert as_the_house("SELECT party FROM notify_message WHERE template = 'goods_back'") == [(back.shop.merchant,)]
        assert self.on_hand() == [(19, 0)]

    def test_what_nobody_counts_in_for_a_week_is_written_off_and_the_shop_bears_it(self, back):
        tasks.chase_uncounted(at=back.at + timedelta(days=2))
        assert tasks.chase_uncounted(at=back.at + timedelta(days=6, hours=23)) == 0
        late = back.at + timedelta(days=7, hours=1)
        assert [tasks.chase_uncounted(at=late), tasks.chase_uncounted(at=late)] == [1, 0]
        assert (self.on_hand(), queries.came_back(back.shop.scope)) == ([(19, 0)], ())
        assert [kind for kind, _quantity, _why in self.book()] == ["sale", "return", "write_off"]
        with pytest.raises(actions.NothingCameBack):
            actions.count_in(back.shop.scope, order=back.id, sellable={back.lines[0].variant: 1}, at=late)

    def test_how_long_it_waits_is_the_communitys_to_say_and_counts_from_the_day_it_came_back(self, back):
        def says(hours, days, at):
            policies.set_policy(
                SYSTEM, word="orders", level="community", place=back.page.community,
                values={"count_in_hours": hours, "write_off_days": days}, start_at=at, at=at,
            )  # fmt: skip

        says(2, 1, back.at - timedelta(days=3))
        says(48, 9, back.at + timedelta(minutes=1))
        (shown,) = queries.came_back(back.shop.scope)
        assert (shown.due_at, shown.lost_at) == (back.at + timedelta(hours=2), back.at + timedelta(days=1))
        late, lost = back.at + timedelta(hours=3), back.at + timedelta(hours=25)
        assert [tasks.chase_uncounted(at=late), tasks.chase_uncounted(at=late)] == [1, 0]
        assert [tasks.chase_uncounted(at=lost), tasks.chase_uncounted(at=lost)] == [1, 0]
        with pytest.raises(Refusal):
            says(24, 1, lost)

    def test_the_doctor_finds_what_came_back_where_the_clock_overlooked_it(self, back):
        day, week = back.at + timedelta(hours=27), back.at + timedelta(days=7, hours=3)
        assert self.wrong(back.at + timedelta(hours=25)) == []
        (found,) = self.wrong(day)
        assert back.page.number in str(found[0])
        tasks.chase_uncounted(at=day)
        assert self.wrong(day) == []
        (found,) = self.wrong(week)
        assert back.page.number in str(found[0])
        tasks.chase_uncounted(at=week)
        assert self.wrong(week) == []

    def test_nobody_counts_in_more_than_came_back_or_what_is_anothers(self, back):
        variant = back.lines[0].variant
        with pytest.raises(Invalid):
            actions.count_in(back.shop.scope, order=back.id, sellable={variant: 2}, at=back.at)
        with pytest.raises(NotFound):
            actions.count_in(a_shop().scope, order=back.id, sellable={variant: 1}, at=back.at)
        assert queries.came_back(a_shop().scope) == ()
        assert self.on_hand() == [(19, 0)]

    def test_what_was_fetched_in_time_is_nobodys_to_bring_back(self, unfetched, desk):
        order = unfetched
        actions.hand_out_order(desk, order=order.id, code=order.page.code, at=order.at)
        assert tasks.run_out(at=order.at) == 0
        assert self.standing()[0][:2] == ("done", "buyer")


def test_what_is_told_of_several_orders_together_stands_at_each_of_them_with_its_own_moment():
    """A batch of facts once gave all its orders its last moment: a courier took goods after they had been left."""
    rice = a_listing(shop=a_shop().open_around_the_clock().pooling(), price="20.00", stock=20)
    a_zone(rice.shop.community)
    one, other = (an_order(rice, drop_off=DropOff.DESK).paid().accepted().ready() for _ in "12")
    taken, brought = one.at + timedelta(minutes=5), one.at + timedelta(minutes=20)
    late, task, courier = one.at + timedelta(hours=1), a_person(), a_person()
    told = ((one.id, taken), (other.id, late))
    reactions.note_taken([GoodsTaken(task=task, order=order, courier=courier, at=at) for order, at in told])
    told = ((one.id, brought), (other.id, late))
    reactions.note_done([TaskDone(task=task, order=order, courier=courier, proof="photo", at=at) for order, at in told])
    assert [(m.verb, m.at) for m in one.page.moments][-2:] == [("dispatch", taken), ("shelve", brought)]
    assert as_the_house("SELECT due_at FROM orders_order WHERE id = %s", one.id) == [(brought + timedelta(days=2),)]
