"""Couriers at the operator's desk: let in, planned for as the last weeks were."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_person
from builders.couriers import HOUR, OPERATOR, a_round, me
from builders.people import a_phone
from harness.budget import budget
from linli.faces.shell import dispatch, doorway
from linli.spine.scope import Role, Scope
from linli.trade.delivery import actions, queries

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
def desk(visitor, request):
    return visitor(Scope(role=Role.PLATFORM, person=a_person()), locale=request.param)


def text(answer) -> str:
    return answer.content.decode()


def test_a_courier_is_let_in_and_go_and_a_shops_own_is_not_touched(round_, desk):
    city = {"city": str(round_.community.city)}
    sent = {"name": "李师傅", "phone": a_phone(), "vehicle": "trike", "skills": ["cold_box"]}
    assert desk.post(f"/platform/couriers/?city={city['city']}", sent).status_code == 303
    theirs = me(round_.a_courier(by=round_.shop.scope, on_shift=False))
    (mine,) = (one for one in queries.crew(OPERATOR, city=round_.community.city) if one.person != theirs)
    shown = text(desk.get("/platform/couriers/", city))
    assert f"/platform/couriers/{mine.person}/" in shown
    assert f"/platform/couriers/{theirs}/" not in shown
    assert desk.get(f"/platform/couriers/{mine.person}/").status_code == 200
    assert desk.post(f"/platform/couriers/{theirs}/leaving/").status_code == 404
    assert desk.post(f"/platform/couriers/{mine.person}/leaving/").status_code == 303
    assert [one.person for one in queries.crew(OPERATOR, city=round_.community.city)] == [theirs]


def test_shifts_are_proposed_from_the_last_weeks_and_taken_over_whole(round_, desk):
    noon = AT.replace(hour=4)
    for week in (1, 2, 3, 4):
        at = noon - timedelta(weeks=week)
        orders = [round_.asked(nth % 3, promised_at=at, ready_at=at) for nth in range(12)]
        actions.ask_delivery(round_.shop.scope, asked=orders, at=at)
    expected = queries.expected_orders(OPERATOR, city=round_.community.city, on=noon.date(), timezone="Asia/Shanghai")
    assert (sum(expected), expected[48]) == (12, 12)
    where = f"/platform/courier-shifts/?city={round_.community.city}"
    shown = text(desk.get(where + f"&on={noon.date()}&minutes=4"))
    assert "12" in shown
    sent = {"on": str(noon.date()), "minutes": "4"}
    assert desk.post(f"/platform/courier-shifts/proposal/?city={round_.community.city}", sent).status_code == 303
    shifts = queries.rota(OPERATOR, city=round_.community.city, since=AT - 12 * HOUR, until=AT + 24 * HOUR)
    assert len(shifts) == 4
    assert all(shift.starts_at <= noon < shift.ends_at for shift in shifts)


def test_pages_keep_their_budgets(round_, visitor):
    round_.a_courier()
    desk = visitor(Scope(role=Role.PLATFORM, person=a_person()))
    for where, most in (("/platform/couriers/", 7), ("/platform/courier-shifts/", 7)):
        address = f"{where}?city={round_.community.city}"
        desk.get(address)
        with budget(most):
            assert desk.get(address).status_code == 200, where
