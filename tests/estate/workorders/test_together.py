"""Many orders at once: as many as have room, the most urgent first; the others are named and stay as they were."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from builders.workorders import HOUR, a_crew
from harness.budget import budget
from linli.estate.workorders import actions
from linli.estate.workorders.rules import Skill, WorkState
from linli.kernel.refusals import Invalid

pytestmark = pytest.mark.django_db
GIVEN, CALLED_OFF = 13, 5
"""Statements, for however many orders."""


@pytest.fixture
def crew():
    return a_crew()


def why(together) -> dict[object, str]:
    return {each.of: each.why for each in together.refused}


def test_a_worker_is_given_as_many_as_they_have_room_for_the_most_urgent_first(crew):
    worker = crew.a_worker(most_open=2)
    late, later, latest = (crew.raised(at=AT + nth * HOUR) for nth in range(3))
    given = actions.give_many(crew.steward, orders=[latest, later, late], person=worker.person, at=AT + 3 * HOUR)
    assert given.done == (late, later)
    assert why(given) == {latest: "workorders.HandsFull"}
    assert [crew.page(each).state for each in (late, later, latest)] == [
        WorkState.ASSIGNED, WorkState.ASSIGNED, WorkState.RAISED,
    ]  # fmt: skip
    beyond = actions.give_many(crew.steward, orders=[latest], person=worker.person, beyond_limit=True, at=AT + 3 * HOUR)
    assert beyond.done == (latest,)


def test_who_has_it_who_cannot_do_it_and_what_is_over_are_each_told(crew):
    worker, other = crew.a_worker(), crew.a_worker(Skill.ELECTRICS)
    theirs, over, open_ = crew.given(worker), crew.raised(), crew.raised()
    actions.cancel_work(crew.resident, order=over, at=AT)
    given = actions.give_many(crew.steward, orders=[theirs, over, open_], person=worker.person, at=AT)
    assert given.done == (open_,)
    assert why(given) == {theirs: "kernel.Invalid", over: "kernel.WrongState"}
    refused = actions.give_many(crew.steward, orders=[theirs], person=other.person, at=AT)
    assert why(refused) == {theirs: "workorders.LacksSkill"}
    assert crew.page(theirs).assignee == worker.person


def test_an_order_is_handed_on_from_whoever_has_it(crew):
    first, second = crew.a_worker(), crew.a_worker()
    order = crew.given(first)
    assert actions.give_many(crew.steward, orders=[order], person=second.person, at=AT).done == (order,)
    assert crew.page(order).assignee == second.person


def test_another_companys_orders_are_not_there(crew):
    elsewhere = a_crew()
    order, worker = elsewhere.raised(), crew.a_worker()
    given = actions.give_many(crew.steward, orders=[order], person=worker.person, at=AT)
    assert (given.done, why(given)) == ((), {order: "kernel.NotFound"})
    assert actions.cancel_many(crew.steward, orders=[order], why="双方同意", at=AT).done == ()
    assert elsewhere.page(order).state is WorkState.RAISED


def test_many_are_called_off_for_one_reason_and_what_somebody_works_on_stays(crew):
    worker = crew.a_worker()
    raised, given, working = crew.raised(), crew.given(worker), crew.working(worker)
    done = actions.cancel_many(crew.steward, orders=[raised, given, working], why="停水检修", at=AT)
    assert (set(done.done), why(done)) == ({raised, given}, {working: "kernel.WrongState"})
    assert crew.page(working).state is WorkState.WORKING
    assert [move.why for move in crew.page(raised).moves][-1] == "停水检修"


def test_nothing_is_called_off_without_a_reason(crew):
    order = crew.raised()
    with pytest.raises(Invalid):
        actions.cancel_many(crew.steward, orders=[order], why=" ", at=AT)
    assert crew.page(order).state is WorkState.RAISED


@pytest.mark.parametrize("number", [2, 6])
def test_six_orders_take_as_many_statements_as_two(crew, number):
    worker, steward = crew.a_worker(most_open=20), crew.steward
    orders = [crew.raised(at=AT + timedelta(minutes=nth)) for nth in range(number)]
    actions.give_many(steward, orders=[crew.raised()], person=worker.person, at=AT + HOUR)
    with budget(GIVEN):
        actions.give_many(steward, orders=orders, person=worker.person, at=AT + HOUR)
    with budget(CALLED_OFF):
        actions.cancel_many(steward, orders=orders, why="停水检修", at=AT + HOUR)
