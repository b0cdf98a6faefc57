"""Two clocks and two engineers at the same moment: one task for a date, one who ends it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from builders.assets import OK, TODAY, a_stock
from builders.clock import AT
from linli.estate.assets import actions, queries
from linli.kernel.life import WrongState
from linli.spine.scope import SYSTEM


def test_two_clocks_at_the_same_moment_open_one_task_with_one_work_order(own_database):
    stock = a_stock()
    lift = stock.an_asset()
    plan = stock.a_plan(lift)

    def opens(_nth: int) -> bool:
        try:
            return actions.open_task(SYSTEM, plan=plan, asset=lift, at=AT) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as clocks:
        opened = sorted(clocks.map(opens, range(3)))
    assert opened == [False, False, True]
    (task,) = queries.tasks(stock.scope, today=TODAY)
    assert task.order is not None


def test_one_checklist_sent_twice_at_the_same_moment_is_answered_once(own_database):
    stock = a_stock()
    stock.an_asset()
    stock.a_plan()
    engineer = stock.an_engineer()
    (task,) = stock.opened()
    stock.given_to(engineer, task)

    def answers(_nth: int) -> str:
        try:
            actions.complete_task(engineer, task=task.task, given=[OK, OK], at=AT)
        except WrongState:
            return "over"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as phones:
        told = sorted(phones.map(answers, range(2)))
    assert told == ["done", "over"]
    page = queries.task_page(stock.scope, task=task.task, today=TODAY, at=AT)
    assert [answer.item for answer in page.answers] == ["门锁", "制动器"]
    assert queries.tasks(stock.scope, today=TODAY) == ()
