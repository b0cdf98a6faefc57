"""Two at once: real commits on two connections, and exactly one effect."""

from __future__ import annotations

from builders import AT
from builders.workorders import HOUR, a_crew
from harness.at_once import ends_at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.estate.workorders import actions
from linli.estate.workorders.rules import WorkState
from linli.ground.policies import actions as policies
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM


def a_grabbing_crew():
    crew = a_crew()
    policies.set_policy(
        SYSTEM, word="workorders", level="community", place=crew.desk.community.id, values={"way": "grab"},
        start_at=AT - HOUR, at=AT - HOUR,
    )  # fmt: skip
    return crew


def test_of_two_who_grab_the_same_order_one_gets_it(own_database: OwnDatabase):
    crew = a_grabbing_crew()
    one, two = crew.a_worker(), crew.a_worker()
    order = crew.raised()
    ends = ends_at_once(*(lambda w=worker: actions.grab_work(w, order=order, at=AT) for worker in (one, two)))
    assert ends == {"done": 1, "Gone": 1}
    page = crew.page(order)
    assert page.assignee in (one.person, two.person)
    assert [move.verb for move in page.moves] == ["raise", "grab"]


def test_who_grabs_two_at_once_does_not_pass_their_limit(own_database: OwnDatabase):
    crew = a_grabbing_crew()
    worker = crew.a_worker(most_open=1)
    orders = [crew.raised(), crew.raised()]
    ends = ends_at_once(*(lambda o=order: actions.grab_work(worker, order=o, at=AT) for order in orders))
    assert ends == {"done": 1, "HandsFull": 1}
    assert sorted(crew.page(order).state for order in orders) == [WorkState.ACCEPTED, WorkState.RAISED]


def test_the_house_gives_two_orders_at_once_within_the_limit(own_database: OwnDatabase):
    crew = a_crew()
    crew.a_worker(most_open=1)
    orders = [crew.raised(), crew.raised()]
    ends_at_once(*(lambda o=order: actions.give_by_house(SYSTEM, order=o, at=AT) for order in orders))
    assert sorted(crew.page(order).state for order in orders) == [WorkState.ASSIGNED, WorkState.RAISED]


def test_a_price_is_agreed_to_once_and_charged_once(own_database: OwnDatabase):
    crew = a_crew()
    worker = crew.a_worker()
    order = crew.working(worker)
    actions.quote_work(worker, order=order, labour=Money(30_00), at=AT)
    agree = [lambda: actions.agree_to_quote(crew.resident, order=order, amount=Money(30_00), at=AT)] * 2
    assert ends_at_once(*agree)["done"] == 1
    finish = [lambda: actions.finish_work(worker, order=order, at=AT)] * 2
    assert ends_at_once(*finish) == {"done": 1, "WrongState": 1}
    assert as_the_house("SELECT count(*) FROM billing_line") == [(1,)]
