"""The courier's phone, in one hand: a shift, an offer, a parcel scanned, a door, a code; and what goes wrong."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT, a_picture
from builders.couriers import OPERATOR, a_round, me
from harness.budget import budget
from harness.visitors import part
from linli.faces.shell import dispatch, doorway
from linli.spine.scope import Role, Scope
from linli.trade.delivery import actions
from linli.trade.delivery.actions.running import plain_run
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import FailReason, TaskState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch, tmp_path, settings):
    settings.HOME = tmp_path
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


@pytest.fixture
def round_():
    return a_round()


@pytest.fixture(params=["en", "zh-CN"])
def locale(request) -> str:
    return str(request.param)


def offered(round_, courier, task):
    run = plain_run([Task.objects.within(OPERATOR).get(pk=task)], courier=None, at=AT)
    return actions.offer_run(OPERATOR, run=run, courier=me(courier), choice={"why": "nearest"}, at=AT)


def test_an_order_from_the_offer_to_the_code(round_, visitor, locale):
    courier = round_.a_courier(on_shift=False)
    (shift,) = actions.plan_shifts(
        OPERATOR, city=round_.community.city, starts_at=AT, ends_at=AT.replace(hour=6), at=AT
    )
    phone = visitor(courier, locale=locale)
    assert f"/c/shifts/{shift}/taking/" in phone.get("/c/shifts/").content.decode()
    for step in ("taking", "start"):
        assert phone.post(f"/c/shifts/{shift}/{step}/").status_code == 303
    task = round_.task(number="DD-260302-0007")
    offer = offered(round_, courier, task)
    home = phone.get("/c/").content.decode()
    assert f"/c/offers/{offer}/acceptance/" in home
    assert "¥2.39" in home
    assert " → " in home  # from which shop to which door, before anybody accepts
    assert phone.post(f"/c/offers/{offer}/acceptance/").status_code == 303
    actions.keep_way_in(OPERATOR, community=round_.community.id, code="2580#", note="东门", at=AT)
    phone.post("/c/arrivals/", {"kind": "collect", "task": str(task)})
    wrong = phone.post("/c/collections/", {"scanned": "DD-260302-0009"})
    assert wrong.status_code == 409 or wrong.status_code == 422
    assert "DD-260302-0007" in wrong.content.decode()
    assert round_.page(task).state is TaskState.ASSIGNED
    assert phone.post("/c/collections/", {"scanned": "dd2603020007"}).status_code == 303
    home = phone.get("/c/").content.decode()
    assert "2580#" in home
    phone.post("/c/arrivals/", {"kind": "drop", "task": str(task)})
    assert round_.page(task).state is TaskState.ARRIVED
    sent = {"code": round_.code(task), "once": "k1", "said_at": "2026-03-02T01:58:00+00:00"}
    for _ in range(2):
        assert phone.post(f"/c/tasks/{task}/hand-over/", sent).status_code == 303
    assert round_.page(task).state is TaskState.DONE
    assert "¥2.39" in phone.get("/c/earnings/").content.decode()


def test_a_picture_a_failure_and_the_way_back(round_, visitor, locale):
    courier = round_.a_courier()
    left, failed = round_.taken(courier), round_.taken(courier, 1)
    phone = visitor(courier, locale=locale)
    assert str(left) in phone.get("/c/", headers=part("run")).content.decode()
    picture = SimpleUploadedFile("door.jpg", a_picture(), content_type="image/jpeg")
    assert phone.post(f"/c/tasks/{left}/hand-over/", {"photo": picture}).status_code == 303
    assert phone.post(f"/c/tasks/{failed}/failure/", {"reason": FailReason.NOBODY_HOME.value}).status_code == 303
    assert f"/c/tasks/{failed}/" in phone.get("/c/").content.decode()
    assert phone.post(f"/c/tasks/{failed}/return/").status_code == 303
    assert [round_.page(task).goods.value for task in (left, failed)] == ["buyer", "shop"]


def test_neither_code_nor_picture_is_told_beside_the_field(round_, visitor):
    courier = round_.a_courier()
    task = round_.taken(courier)
    answer = visitor(courier).post(f"/c/tasks/{task}/hand-over/", {})
    assert "Please enter the buyer&#39;s code or take a picture." in answer.content.decode()
    assert round_.page(task).state is TaskState.EN_ROUTE


def test_the_worker_may_keep_the_pages_of_couriers_alone(round_, visitor):
    answer = visitor(round_.a_courier()).get("/c/worker/")
    assert answer["Service-Worker-Allowed"] == "/c/"
    assert answer["Content-Type"].startswith("text/javascript")
    assert re.search(r'"bundles": \["/a/linli\.\w+\.css"', answer.content.decode())


def test_who_wears_the_hat_and_carries_for_nobody_finds_no_run(round_, visitor):
    stranger = Scope(role=Role.COURIER, person=me(round_.a_courier(on_shift=False)), city=round_.community.city)
    actions.remove_courier(OPERATOR, person=me(stranger), at=AT)
    assert visitor(stranger).get("/c/").status_code == 404


def test_the_run_keeps_its_budget(round_, visitor):
    courier = round_.a_courier()
    for nth in range(3):
        round_.taken(courier, nth)
    phone = visitor(courier)
    phone.get("/c/")
    with budget(10):
        phone.get("/c/")
