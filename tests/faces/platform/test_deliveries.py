"""The dispatcher's board: five hundred at once in few statements, and a word that overrules everything."""

from __future__ import annotations

import pytest

from builders import AT, a_person
from builders.couriers import MINUTE, a_round, me
from harness.budget import budget
from harness.visitors import part
from linli.faces.shell import dispatch, doorway
from linli.spine.scope import Role, Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import actions, tasks
from linli.trade.delivery.rules import TaskState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch, tmp_path, settings):
    settings.HOME = tmp_path
    monkeypatch.setattr(dispatch, "now", lambda: AT + 10 * MINUTE)
    monkeypatch.setattr(doorway, "now", lambda: AT + 10 * MINUTE)


@pytest.fixture
def round_():
    return a_round()


@pytest.fixture
def desk(visitor):
    return visitor(Scope(role=Role.PLATFORM, person=a_person()))


def test_what_is_late_stands_on_top_and_is_sent_for(round_, desk):
    courier = round_.a_courier()
    later, late = round_.task(1, ready_in=30 * MINUTE, ready=False, number="B-2"), round_.task(number="A-1")
    tasks.keep_watch(at=AT + 10 * MINUTE)
    shown = desk.get("/platform/deliveries/").content.decode()
    assert shown.index("A-1") < shown.index("B-2")
    assert "B-2" not in desk.get("/platform/deliveries/?late=1", headers=part("tasks")).content.decode()
    sent = desk.post("/platform/deliveries/", {"task": [str(late), str(later)], "courier": str(me(courier))})
    assert sent.status_code == 303
    assert {round_.page(task).courier for task in (late, later)} == {me(courier)}


def test_what_goods_ask_for_stands_on_the_board_on_their_page_and_on_the_couriers_run(round_, desk, visitor):
    courier = round_.a_courier()
    task = round_.given(courier, care=frozenset({Care.FRAGILE, Care.ADULTS}))
    for where in ("/platform/deliveries/", f"/platform/deliveries/{task}/"):
        shown = desk.get(where).content.decode()
        assert ("fragile" in shown, "adults only" in shown) == (True, True), where
    phone = visitor(courier)
    assert "fragile" in phone.get("/c/").content.decode()
    assert "look at their age" in phone.get(f"/c/tasks/{task}/").content.decode()


@pytest.mark.parametrize(
    ("word", "sent", "state"),
    [
        ("recall", {"why": "别人更近"}, TaskState.TODO),
        ("cancellation", {"why": "买家不要了"}, TaskState.CALLED_OFF),
        ("failure", {"reason": "damaged"}, TaskState.FAILED),
    ],
)
def test_a_word_at_the_board_overrules(round_, desk, word, sent, state):
    task = round_.given(round_.a_courier())
    assert desk.get(f"/platform/deliveries/{task}/").status_code == 200
    assert desk.post(f"/platform/deliveries/{task}/{word}/", sent).status_code == 303
    assert round_.page(task).state is state


def test_without_a_reason_nothing_is_overruled(round_, desk):
    task = round_.given(round_.a_courier())
    assert desk.post(f"/platform/deliveries/{task}/recall/", {"why": " "}).status_code != 303
    assert round_.page(task).state is TaskState.ASSIGNED


def test_five_hundred_tasks_take_as_many_statements_as_five(round_, desk):
    courier = round_.a_courier()
    asked = [round_.asked(nth % 3, number=f"N-{nth:04d}") for nth in range(500)]
    made = actions.ask_delivery(round_.shop.scope, asked=asked, at=AT)
    actions.assign_tasks(Scope(role=Role.PLATFORM), tasks=made[:60], courier=me(courier), at=AT)
    desk.get("/platform/deliveries/")
    with budget(11):
        answer = desk.get("/platform/deliveries/", headers=part("tasks"))
    assert answer.content.decode().count('name="task"') == 500
