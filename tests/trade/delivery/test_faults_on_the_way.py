"""What goes wrong on the way: late news about what is over, clocks that differ, processes that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from builders import AT
from builders.couriers import HOUR, MINUTE, OPERATOR, a_round, me
from builders.delivery import a_zone
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.kernel.life import WrongState
from linli.kernel.refusals import Refusal
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries, tasks
from linli.trade.delivery.actions.answering import OfferGone
from linli.trade.delivery.actions.running import plain_run
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import FailReason, Kind, TaskState
from linli.trade.delivery.rules.waves import simple


@pytest.fixture
def round_(tmp_path, settings):
    settings.HOME = tmp_path
    return a_round()


def standing(task):
    return as_the_house(
        "SELECT state, goods, courier, proof, ended_at,"
        " (SELECT count(*) FROM delivery_task_move m WHERE m.of_id = t.id),"
        " (SELECT count(*) FROM delivery_earning) FROM delivery_task t WHERE id = %s",
        task,
    )


@pytest.mark.django_db
class TestLateNews:
    """The phone was without a network while the order was cancelled."""

    @pytest.fixture
    def cancelled(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier)
        code = round_.code(task)
        actions.call_off(round_.shop.scope, order=round_.page(task).order, why="买家取消", at=AT + MINUTE)
        return courier, task, code

    @pytest.mark.parametrize("late", ["collect", "arrive", "hand over", "fail"])
    def test_a_late_success_never_revives_a_cancelled_order(self, cancelled, late):
        courier, task, code = cancelled
        before, at = standing(task), AT + 9 * MINUTE
        told = {
            "collect": lambda: actions.collect_goods(courier, task=task, said_at=AT, at=at),
            "arrive": lambda: actions.arrive_at_door(courier, tasks=[task], said_at=AT, at=at),
            "hand over": lambda: actions.hand_over(courier, task=task, code=code, said_at=AT, at=at),
            "fail": lambda: actions.fail_task(courier, task=task, reason=FailReason.NOBODY_HOME, said_at=AT, at=at),
        }
        with pytest.raises((WrongState, Refusal)):
            told[late]()
        assert standing(task) == before
        assert before[0][0] == "called_off"

    def test_its_goods_go_back_and_that_is_all(self, cancelled):
        courier, task, _code = cancelled
        actions.return_goods(courier, task=task, at=AT + 9 * MINUTE)
        assert standing(task)[0][:2] == ("called_off", "shop")

    def test_an_offer_accepted_after_the_order_was_cancelled_is_gone(self, round_):
        courier, task = round_.a_courier(), round_.task()
        run = plain_run([Task.objects.within(OPERATOR).get(pk=task)], courier=None, at=AT)
        offer = actions.offer_run(OPERATOR, run=run, courier=me(courier), choice={"why": "nearest"}, at=AT)
        actions.call_off(round_.shop.scope, order=round_.page(task).order, why="", at=AT)
        before = standing(task)
        with pytest.raises(OfferGone):
            actions.accept_offer(courier, offer=offer, at=AT)
        assert standing(task) == before

    def test_a_late_packing_note_wakes_nothing(self, round_, cancelled):
        _courier, task, _code = cancelled
        before = standing(task)
        actions.goods_ready(round_.shop.scope, order=round_.page(task).order, at=AT + HOUR)
        assert standing(task) == before


@pytest.mark.django_db
@pytest.mark.parametrize("off", [timedelta(hours=-3), timedelta(hours=3)])
class TestClocksThatDiffer:
    def test_the_phones_time_is_written_down_and_the_servers_decides(self, round_, off):
        courier = round_.a_courier()
        task = round_.given(courier)
        at = AT + MINUTE
        actions.collect_goods(courier, task=task, said_at=at + off, at=at)
        actions.arrive_at_door(courier, tasks=[task], said_at=at + off, at=at)
        assert (round_.page(task).state, round_.page(task).due_at) == (TaskState.ARRIVED, at + 10 * MINUTE)
        told = as_the_house("SELECT said_at, moved_at FROM delivery_task_move WHERE verb = 'arrive'")
        assert told == [(at + off, at)]

    def test_a_position_is_never_of_the_future_and_the_next_one_counts(self, round_, off):
        courier = round_.a_courier()
        actions.tell_position(courier, lat=30.25, lon=120.16, accuracy_m=5, said_at=AT + off, at=AT)
        actions.tell_position(courier, lat=30.26, lon=120.16, accuracy_m=5, said_at=AT + MINUTE + off, at=AT + MINUTE)
        ((lat, told_at, seen_at),) = as_the_house("SELECT lat, told_at, seen_at FROM delivery_position")
        assert (lat, seen_at) == (30.26, AT + MINUTE)
        assert told_at == min(AT + MINUTE, AT + MINUTE + off)


PLANNER = """
import os, sys, time
import django
django.setup()
from datetime import datetime
from uuid import UUID
from linli.trade.delivery import actions
class Hanging:
    def solve(self, problem, **told):
        print("planning", flush=True)
        time.sleep(600)
actions.plan_slot(slot=UUID(sys.argv[1]), at=datetime.fromisoformat(sys.argv[2]), solver=Hanging())
"""


class Quick:
    def solve(self, problem, **_told):
        return simple(problem)


def test_a_worker_killed_while_it_plans_loses_no_order(own_database: OwnDatabase, tmp_path, settings):
    settings.HOME = tmp_path
    round_ = a_round()
    a_zone(round_.community)
    slot = queries.offered(community=round_.community.id, at=AT).slots[0]
    wanted = {round_.task(nth, kind=Kind.POOLED, slot=slot.slot, ready=False) for nth in (0, 1, 2, 0)}
    at = slot.cut_off_at + MINUTE
    tasks.close_slots(at=at)
    with subprocess.Popen(
        [sys.executable, "-c", PLANNER, str(slot.slot), at.isoformat()],
        env={**os.environ, **own_database.environment("worker")},
        stdout=subprocess.PIPE,
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"planning\n"
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(timeout=30) == -signal.SIGKILL
    assert as_the_house("SELECT count(*) FROM delivery_run") == [(0,)]
    assert queries.slots_to_plan(SYSTEM, at=at + MINUTE, limit=9) == ()
    later = at + 11 * MINUTE
    assert queries.slots_to_plan(SYSTEM, at=later, limit=9) == (slot.slot,)
    assert actions.plan_slot(slot=slot.slot, at=later, solver=Quick()) is True
    dropped = as_the_house("SELECT unnest(tasks) FROM delivery_run_stop WHERE kind = 'drop'")
    assert sorted(task for (task,) in dropped) == sorted(wanted)
    assert as_the_house("SELECT DISTINCT state FROM delivery_task") == [("todo",)]
