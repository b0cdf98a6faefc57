"""Couriers at the gate: a pass follows from the task, is good for its time, and ends with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_community, a_company, a_person
from builders.couriers import HOUR, MINUTE, OPERATOR, a_round, me
from harness.payments_words import as_the_house
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import actions, queries
from linli.trade.delivery.actions import PassOver
from linli.trade.delivery.rules import FailReason, PassNo, StopKind, pass_code, read_pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return a_round()


def guard_of(community):
    return Scope(
        role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(community,), duty=Duty.GUARD
    )  # fmt: skip


@pytest.fixture
def guard(round_):
    return guard_of(round_.community.id)


@pytest.fixture
def courier(round_):
    return round_.a_courier()


def shown(courier, *, at=AT):
    day = queries.my_day(courier, since=AT - HOUR, at=at)
    return {task.task: task.gate_pass for stop in day.stops if stop.kind is StopKind.DROP for task in stop.tasks}


def why_not(guard, task, *, at=AT):
    return queries.courier_pass(guard, task=task, at=at).why_not


def test_who_rides_with_goods_shows_figures_that_the_guard_knows(round_, guard, courier):
    task = round_.given(courier)
    assert set(shown(courier).values()) == {""}
    actions.collect_goods(courier, task=task, at=AT)
    code = shown(courier)[task]
    assert code == queries.task_page(courier, task=task).gate_pass
    assert read_pass(f" k{code[1:4]} {code[4:]}") == code
    assert actions.check_courier_pass(guard, community=round_.community.id, code=code, at=AT) == task
    seen = queries.courier_pass(guard, task=task, at=AT)
    assert (seen.door, seen.why_not) == ("3-2-501", None)
    actions.let_courier_in(guard, task=task, gate="东门", at=AT)
    assert [(move.verb, move.why) for move in round_.page(task).moves][-1] == ("let_in", "东门")
    assert queries.task_page(OPERATOR, task=task).gate_pass == ""


@pytest.mark.parametrize("end", ["done", "failed", "called_off", "handed_on"])
def test_a_pass_ends_with_the_task(round_, guard, courier, end):
    task = round_.taken(courier)
    code = shown(courier)[task]
    if end == "done":
        actions.hand_over(courier, task=task, code=round_.code(task), at=AT)
    elif end == "failed":
        actions.fail_task(courier, task=task, reason=FailReason.REFUSED, at=AT)
    elif end == "called_off":
        actions.call_off(SYSTEM, order=round_.page(task).order, why="", at=AT)
    else:
        actions.pass_on_task(OPERATOR, task=task, courier=me(round_.a_courier()), why="sick", at=AT + MINUTE)
    assert actions.check_courier_pass(guard, community=round_.community.id, code=code, at=AT) is None
    if end != "handed_on":
        assert why_not(guard, task) is PassNo.OVER
        with pytest.raises(PassOver):
            actions.let_courier_in(guard, task=task, at=AT)


def test_a_pass_is_good_until_half_an_hour_beyond_its_deadline(round_, guard, courier):
    task = round_.taken(courier)
    ends_at = queries.courier_pass(guard, task=task, at=AT).ends_at
    assert ends_at == AT + 75 * MINUTE
    assert why_not(guard, task, at=ends_at - timedelta(seconds=1)) is None
    assert why_not(guard, task, at=ends_at) is PassNo.OVER


def test_a_guard_turns_away_with_a_reason_and_the_board_is_told(round_, guard, courier):
    task = round_.taken(courier)
    with pytest.raises(Invalid):
        actions.turn_courier_away(guard, task=task, why=" ", at=AT)
    assert why_not(guard, task) is None
    actions.turn_courier_away(guard, task=task, why="不是本人", at=AT)
    assert why_not(guard, task) is PassNo.TURNED_AWAY
    assert round_.page(task).escalated_at == AT
    with pytest.raises(PassOver):
        actions.let_courier_in(guard, task=task, at=AT)
    actions.pass_on_task(OPERATOR, task=task, courier=me(round_.a_courier()), why="sick", at=AT + MINUTE)
    assert why_not(guard, task, at=AT + MINUTE) is None


def test_strangers_see_and_open_nothing(round_, courier):
    task = round_.taken(courier)
    code = shown(courier)[task]
    other = guard_of(a_community().id)
    with pytest.raises(NotFound):
        actions.check_courier_pass(other, community=round_.community.id, code=code, at=AT)
    for ask in (lambda: why_not(other, task), lambda: actions.let_courier_in(other, task=task, at=AT)):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(Denied):
        actions.let_courier_in(round_.homes[0].scope, task=task, at=AT)
    assert as_the_house("SELECT count(*) FROM delivery_task_move WHERE verb = 'let_in'") == [(0,)]


def test_a_pass_says_nothing_of_another_task_courier_or_moment(round_):
    task, other, person = round_.task(), round_.task(1), a_person()
    code = pass_code(b"s", task=task, courier=person, since=AT)
    assert read_pass(code) == code
    others = {
        pass_code(b"s", task=other, courier=person, since=AT),
        pass_code(b"s", task=task, courier=a_person(), since=AT),
        pass_code(b"s", task=task, courier=person, since=AT + MINUTE),
        pass_code(b"t", task=task, courier=person, since=AT),
    }
    assert code not in others
    assert [read_pass(typed) for typed in ("482107", "K12", "K1234567", "")] == [None] * 4


def test_a_courier_reads_that_the_platform_gave_the_task_and_not_which_operator(round_, courier):
    operator = Scope(role=Role.PLATFORM, person=a_person("周岚"))
    task = round_.task()
    actions.assign_tasks(operator, tasks=[task], courier=me(courier), at=AT)
    assert operator.person not in queries.task_page(courier, task=task).names
    assert queries.task_page(operator, task=task).names[operator.person] == "周**"
