"""Orders that go now find couriers by themselves: asked one at a time, passed on when refused, explained."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import AT, a_community
from builders.couriers import HOUR, MINUTE, OPERATOR, a_round, me
from builders.places import City
from harness.payments_words import as_the_house
from linli.trade.delivery import actions, queries, tasks
from linli.trade.delivery.actions.held import NotYourCourier
from linli.trade.delivery.rules import Kind, Skill, TaskState, Vehicle, ready_at


def offers():
    return as_the_house("SELECT id, courier, state, choice ->> 'why' FROM delivery_offer ORDER BY id")


@pytest.fixture
def round_(tmp_path, settings):
    settings.HOME = tmp_path
    return a_round()


@pytest.mark.django_db
class TestDispatching:
    def test_a_ready_order_is_offered_to_the_courier_who_is_near(self, round_):
        near, far = round_.a_courier(), round_.a_courier()
        for courier, lat in ((near, 30.252), (far, 30.29)):
            actions.tell_position(courier, lat=lat, lon=120.16, accuracy_m=5, said_at=AT, at=AT)
        task = round_.task()
        assert tasks.dispatch_now(at=AT) == 1
        ((offer, asked, state, why),) = offers()
        assert (asked, state, why) == (me(near), "open", "nearest")
        assert tasks.dispatch_now(at=AT) == 0
        actions.accept_offer(near, offer=offer, at=AT)
        assert round_.page(task).courier == me(near)

    def test_who_refused_is_not_asked_again(self, round_):
        one, two = round_.a_courier(), round_.a_courier()
        task = round_.task()
        asked = []
        for minute in (0, 1):
            assert tasks.dispatch_now(at=AT + minute * MINUTE) == 1
            offer, courier, _state, _why = offers()[-1]
            asked.append(courier)
            actions.refuse_offer(one if courier == me(one) else two, offer=offer, at=AT + minute * MINUTE)
        assert set(asked) == {me(one), me(two)}
        assert tasks.dispatch_now(at=AT + 2 * MINUTE) == 0
        assert round_.page(task).state is TaskState.TODO
        assert tasks.keep_watch(at=AT + 5 * MINUTE) == 1

    def test_what_is_cooked_for_another_half_hour_waits(self, round_):
        round_.a_courier()
        round_.task(ready=False, ready_in=30 * MINUTE)
        assert tasks.dispatch_now(at=AT) == 0

    def test_pooled_orders_and_what_shops_carry_are_left_alone(self, round_):
        round_.a_courier()
        round_.task(kind=Kind.POOLED)
        round_.task(1, by_shop=True)
        assert tasks.dispatch_now(at=AT) == 0

    def test_nobody_off_shift_is_asked(self, round_):
        round_.a_courier(on_shift=False)
        round_.task()
        assert tasks.dispatch_now(at=AT) == 0

    def test_orders_of_one_shop_go_together(self, round_):
        courier = round_.a_courier()
        made = [round_.task(), round_.task(1)]
        assert tasks.dispatch_now(at=AT) == 1
        ((offer, _who, _state, why),) = offers()
        assert why == "goes_together"
        actions.accept_offer(courier, offer=offer, at=AT)
        assert {round_.page(task).courier for task in made} == {me(courier)}

    def test_a_dispatcher_is_faster_than_the_house(self, round_):
        asked, sent = round_.a_courier(), round_.a_courier()
        task = round_.task()
        actions.assign_tasks(OPERATOR, tasks=[task], courier=me(sent), at=AT)
        assert tasks.dispatch_now(at=AT) == 0
        assert (offers(), round_.page(task).courier != me(asked)) == ([], True)


def test_a_shop_nobody_knows_is_believed_and_a_known_one_by_what_it_takes():
    told = AT + 10 * MINUTE
    assert ready_at(asked_at=AT, told_at=told, seen=0, usual_s=0.0) == told
    assert ready_at(asked_at=AT, told_at=told, seen=8, usual_s=1200.0) == AT + 15 * MINUTE
    assert ready_at(asked_at=AT, told_at=told, seen=24, usual_s=1200.0) == AT + timedelta(minutes=17.5)


@given(seen=st.integers(0, 10_000), usual=st.floats(0, 14_400), told=st.floats(0, 14_400))
def test_a_belief_lies_between_what_was_told_and_what_is_usual(seen, usual, told):
    found = ready_at(asked_at=AT, told_at=AT + timedelta(seconds=told), seen=seen, usual_s=usual)
    assert AT + timedelta(seconds=min(usual, told) - 1) <= found <= AT + timedelta(seconds=max(usual, told) + 1)
    assert found - AT <= 4 * HOUR + MINUTE


@pytest.mark.django_db
class TestHardFilters:
    def test_what_needs_a_cold_box_waits_for_who_has_one(self, round_):
        plain = round_.a_courier()
        task = round_.task(needs=frozenset({Skill.COLD_BOX}))
        assert tasks.dispatch_now(at=AT) == 0
        with pytest.raises(NotYourCourier):
            actions.assign_tasks(OPERATOR, tasks=[task], courier=me(plain), at=AT)
        assert round_.page(task).state is TaskState.TODO
        skilled = round_.a_courier()
        actions.keep_courier(
            OPERATOR, person=me(skilled), city=round_.community.city, vehicle=Vehicle.TRIKE, skills=["cold_box"], at=AT
        )
        assert tasks.dispatch_now(at=AT) == 1
        assert [courier for _id, courier, *_rest in offers()] == [me(skilled)]

    def test_who_carries_in_other_communities_only_is_not_asked(self, round_):
        other, here = round_.a_courier(), round_.community
        elsewhere = a_community(city=City(here.city, here.district))
        actions.keep_courier(
            OPERATOR, person=me(other), city=here.city, vehicle=Vehicle.TRIKE, communities=[elsewhere.id], at=AT
        )
        round_.task()
        assert tasks.dispatch_now(at=AT) == 0
        ours = round_.a_courier()
        assert tasks.dispatch_now(at=AT) == 1
        assert [courier for _id, courier, *_rest in offers()] == [me(ours)]


@pytest.mark.django_db
def test_who_has_nothing_to_do_is_told_where_orders_come_from(round_):
    busy, idle = round_.a_courier(), round_.a_courier()
    for courier, lat in ((busy, 30.25), (idle, 30.262)):
        actions.tell_position(courier, lat=lat, lon=120.16, accuracy_m=5, said_at=AT, at=AT)
    for nth in range(6):
        round_.taken(busy, nth % 3)
    assert tasks.dispatch_now(at=AT) == 0
    assert queries.my_day(idle, since=AT - HOUR, at=AT).hint == round_.shop.id
    assert queries.my_day(busy, since=AT - HOUR, at=AT).hint is None
    assert queries.my_day(idle, since=AT - HOUR, at=AT + 11 * MINUTE).hint is None
    assert offers() == []


@pytest.mark.django_db
def test_an_order_never_waits_unseen(round_):
    """Nobody is there: the clock of the state runs out, the board has it on top, and again for every state after."""
    task = round_.task()
    assert tasks.dispatch_now(at=AT) == 0
    assert tasks.keep_watch(at=AT + 2 * MINUTE) == 0
    assert tasks.keep_watch(at=AT + 3 * MINUTE) == 1
    board = queries.board(OPERATOR, wanted=queries.Wanted(), at=AT + 3 * MINUTE)
    assert [(each.task, each.is_escalated) for each in board.tasks] == [(task, True)]
    courier = round_.a_courier()
    actions.assign_tasks(OPERATOR, tasks=[task], courier=me(courier), at=AT + 4 * MINUTE)
    later = AT + 20 * MINUTE
    actions.tell_position(courier, lat=30.25, lon=120.16, accuracy_m=5, said_at=later, at=later)
    assert tasks.keep_watch(at=later) == 1
    assert queries.board(OPERATOR, wanted=queries.Wanted(is_late=True), at=later).tasks[0].is_escalated
