"""A complaint: somebody looks into it and answers, from a phone or from the desk; nobody is sent and nobody comes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from builders import AT
from builders.workorders import a_crew
from harness.looking import rows_of
from linli.estate.workorders import actions
from linli.estate.workorders.rules import Skill
from linli.faces.shell import dispatch, doorway
from linli.reach.notify.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


@pytest.fixture
def crew():
    return a_crew()


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_complaint_is_looked_into_and_answered_and_speaks_of_no_engineer(crew, visitor):
    worker = crew.a_worker(Skill.ANSWERING)
    order = crew.raised("noise")
    resident, desk = visitor(crew.resident, locale="zh-CN"), visitor(crew.steward, locale="zh-CN")
    address = f"/o/work-orders/{order}/"
    waiting = text(resident, address)
    actions.give_work(crew.desk.scope, order=order, person=worker.person, at=AT)
    given = text(resident, address)
    actions.accept_work(worker, order=order, at=AT)
    accepted = text(resident, address)
    assert crew.page(order).due_at == crew.page(order).finish_due_at
    job = text(visitor(worker, locale="zh-CN"), f"/p/jobs/{order}/")
    assert ("我已到达" in job, job.index("完成") < job.index("先到现场看看")) == (False, True)
    actions.finish_work(worker, order=order, answer="已提醒楼上", at=AT)
    answered = text(resident, address)
    for shown in (waiting, given, accepted, answered):
        assert not re.search("接单|到达|修好|返修|派给|在路上|对师傅", shown)
    assert "物业受理" in waiting
    assert "前答复您" in accepted
    assert "对答复不满意" in answered
    assert list(rows_of(Message).filter(template="complaint_answered").values_list("party", flat=True)) == [
        crew.home.owner
    ]
    at_the_desk = text(desk, f"/p/work-orders/{order}/")
    assert not re.search("到达|返修", at_the_desk)
    assert "重新办理" in at_the_desk


def test_the_desk_answers_a_complaint_that_nobody_has_in_hand(crew, visitor):
    order, repair = crew.raised("noise"), crew.raised()
    desk = visitor(crew.steward)
    answers = f"/p/work-orders/{order}/answer/"
    assert answers in text(desk, f"/p/work-orders/{order}/")
    assert "/answer/" not in text(desk, f"/p/work-orders/{repair}/")
    empty = desk.post(answers, {"answer": " "})
    assert (empty.status_code, "aria-invalid" in empty.content.decode()) == (422, True)
    assert desk.post(answers, {"answer": "已提醒楼上"}).status_code == 303
    assert "已提醒楼上" in text(visitor(crew.resident), f"/o/work-orders/{order}/")
    assert answers not in text(desk, f"/p/work-orders/{order}/")


@pytest.mark.parametrize(("locale", "said"), [("en", "This is late: "), ("zh-CN", "已超过承诺时间")])
def test_who_complained_reads_that_the_answer_is_late(crew, visitor, monkeypatch, locale, said):
    order = crew.raised("noise")
    address = f"/o/work-orders/{order}/"
    resident = visitor(crew.resident, locale=locale)
    assert said not in text(resident, address)
    monkeypatch.setattr(dispatch, "now", lambda: AT + timedelta(days=4))
    monkeypatch.setattr(doorway, "now", lambda: AT + timedelta(days=4))
    assert said in text(resident, address)
