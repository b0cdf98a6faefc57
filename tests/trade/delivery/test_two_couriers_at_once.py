"""Two hands at one thing at once: one shift, one order, one earning."""

from __future__ import annotations

import pytest

from builders import AT
from builders.couriers import HOUR, OPERATOR, a_round, me
from harness.at_once import ends_at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.trade.delivery import actions
from linli.trade.delivery.rules import TaskState


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path


def test_of_two_who_take_one_shift_one_gets_it(own_database: OwnDatabase):
    round_ = a_round()
    one, two = (round_.a_courier(on_shift=False) for _ in range(2))
    city = round_.community.city
    (shift,) = actions.plan_shifts(OPERATOR, city=city, starts_at=AT, ends_at=AT + HOUR, at=AT)
    ends = ends_at_once(*(lambda w=who: actions.take_shift(w, shift=shift, at=AT) for who in (one, two)))
    assert ends["done"] == 1


def test_an_order_handed_over_twice_at_once_is_done_and_paid_once(own_database: OwnDatabase):
    round_ = a_round()
    courier = round_.a_courier()
    task = round_.taken(courier)
    code = round_.code(task)
    ends = ends_at_once(*[lambda: actions.hand_over(courier, task=task, code=code, at=AT)] * 3)
    assert ends == {"done": 3}
    assert as_the_house("SELECT count(*) FROM delivery_earning") == [(1,)]
    assert as_the_house("SELECT count(*) FROM spine_fact WHERE kind = 'delivery.TaskDone'") == [(1,)]


def test_an_order_called_off_and_collected_at_once_ends_in_known_hands(own_database: OwnDatabase):
    round_ = a_round()
    courier = round_.a_courier()
    task = round_.given(courier)
    order = round_.page(task).order
    ends_at_once(
        lambda: actions.collect_goods(courier, task=task, at=AT),
        lambda: actions.call_off(round_.shop.scope, order=order, why="", at=AT),
    )
    page = round_.page(task)
    assert page.state is TaskState.CALLED_OFF
    assert (page.goods.value, page.due_at is not None) in {("shop", False), ("courier", True)}


def test_an_order_given_to_two_at_once_has_one_courier(own_database: OwnDatabase):
    round_ = a_round()
    couriers = [round_.a_courier() for _ in range(2)]
    task = round_.task()
    ends = ends_at_once(
        *(lambda w=who: actions.assign_tasks(OPERATOR, tasks=[task], courier=me(w), at=AT) for who in couriers)
    )
    assert ends["done"] >= 1
    assert round_.page(task).courier in {me(who) for who in couriers}
    assert as_the_house("SELECT count(*) FROM delivery_run WHERE state = 'given'") == [(1,)]
