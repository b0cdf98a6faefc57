"""A property company's couriers: let in for its communities, planned for, sent on its own board."""

from __future__ import annotations

import pytest

from builders import AT, a_community, a_person
from builders.couriers import a_round, me
from builders.people import a_phone
from harness.budget import budget
from linli.faces.shell import dispatch, doorway
from linli.kernel import ids
from linli.kernel.ids import PartyId
from linli.spine.may import Duty
from linli.spine.scope import Role, Scope
from linli.trade.delivery import queries
from linli.trade.delivery.rules import Employment, TaskState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch, tmp_path, settings):
    settings.HOME = tmp_path
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


@pytest.fixture
def round_():
    return a_round()


@pytest.fixture
def company(round_):
    return Scope(
        role=Role.PROPERTY, person=a_person(), company=PartyId(ids.new()), communities=(round_.community.id,),
        duty=Duty.MANAGER,
    )  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_courier_is_let_in_changed_and_let_go(round_, company, visitor, locale):
    desk = visitor(company, locale=locale)
    mine = str(round_.community.id)
    sent = {"name": "王师傅", "phone": a_phone(), "vehicle": "bike", "skills": ["heavy"], "communities": [mine]}
    assert desk.post("/p/couriers/", sent).status_code == 303
    (one,) = queries.crew(company)
    assert (one.employment, one.capacity, one.skills) == (Employment.COMPANY, 15, ("heavy",))
    assert f"/p/couriers/{one.person}/" in text(desk.get("/p/couriers/"))
    changed = {"vehicle": "trike", "capacity": "40", "skills": ["cold_box", "nonsense"], "communities": [mine]}
    assert desk.post(f"/p/couriers/{one.person}/", changed).status_code == 303
    (one,) = queries.crew(company)
    assert (one.capacity, one.skills) == (40, ("cold_box",))
    assert desk.get(f"/p/couriers/{one.person}/").status_code == 200
    assert desk.post(f"/p/couriers/{one.person}/leaving/").status_code == 303
    assert queries.crew(company) == ()


def test_nobody_is_let_in_for_communities_of_others(round_, company, visitor):
    elsewhere = str(a_community().id)
    sent = {"name": "王师傅", "phone": a_phone(), "vehicle": "bike", "communities": [elsewhere]}
    assert visitor(company).post("/p/couriers/", sent).status_code != 303
    assert queries.crew(company) == ()


def test_its_shifts_are_its_own(round_, company, visitor):
    desk = visitor(company)
    sent = {"day": "2026-03-03", "from": "17:00", "until": "01:00", "people": "2"}
    assert desk.post("/p/courier-shifts/", sent).status_code == 303
    assert f"/p/courier-shifts/{_shifts(round_, company)[0].shift}/withdrawal/" in text(desk.get("/p/courier-shifts/"))
    assert [(each.ends_at - each.starts_at).total_seconds() / 3600 for each in _shifts(round_, company)] == [8, 8]
    stranger = visitor(Scope(**{**_values(company), "company": PartyId(ids.new()), "person": a_person()}))
    (first, second) = _shifts(round_, company)
    assert stranger.post(f"/p/courier-shifts/{first.shift}/withdrawal/").status_code == 404
    assert desk.post(f"/p/courier-shifts/{first.shift}/withdrawal/").status_code == 303
    assert [each.shift for each in _shifts(round_, company)] == [second.shift]
    assert "withdrawal" not in text(
        visitor(Scope(role=Role.PLATFORM, person=a_person())).get("/platform/courier-shifts/")
    )


def _values(scope: Scope) -> dict:
    return {"role": scope.role, "communities": scope.communities, "duty": scope.duty}


def _shifts(round_, company):
    return queries.rota(company, city=round_.community.city, since=AT, until=AT.replace(month=4))


def test_its_board_sends_its_own_courier_in_its_communities(round_, company, visitor):
    courier = round_.a_courier(by=company)
    task = round_.task(number="A-1")
    other = a_round()
    other.task(number="Z-9")
    desk = visitor(company)
    shown = text(desk.get("/p/deliveries/"))
    assert "A-1" in shown
    assert "Z-9" not in shown
    assert desk.post("/p/deliveries/", {"task": [str(task)], "courier": str(me(courier))}).status_code == 303
    assert round_.page(task).courier == me(courier)
    assert desk.post(f"/p/deliveries/{task}/recall/", {"why": "别人更近"}).status_code == 303
    assert round_.page(task).state is TaskState.TODO
    assert desk.get(f"/p/deliveries/{task}/").status_code == 200


def test_ways_in_are_kept_for_gates_and_buildings_and_for_its_own_communities_only(round_, company, visitor):
    desk, mine = visitor(company), str(round_.community.id)
    shown = text(desk.get("/p/ways-in/"))
    building = shown.split('name="building" value="')[1].split('"')[0]
    assert desk.post("/p/ways-in/", {"of": mine, "code": "2580#", "note": "东门"}).status_code == 303
    assert desk.post("/p/ways-in/", {"of": mine, "building": building, "code": "77"}).status_code == 303
    kept = {way.building: (way.code, way.note) for way in queries.ways_in(company, community=round_.community.id)}
    assert {way for building, way in kept.items() if building is None} == {("2580#", "东门")}
    assert len(kept) == 2
    elsewhere = str(a_community().id)
    assert desk.post("/p/ways-in/", {"of": elsewhere, "code": "1"}).status_code == 404
    here = {"lat": [round_.community.lat, "x"], "lon": [round_.community.lon, ""]}
    assert desk.post("/p/ways-in/gates/", {"of": mine, "label": ["东门", ""], **here}).status_code == 303
    assert desk.post("/p/ways-in/gates/", {"of": mine, "label": ["东门", "西门"], **here}).status_code == 422
    assert 'value="东门"' in text(desk.get("/p/ways-in/"))


def test_pages_keep_their_budgets(round_, company, visitor):
    round_.a_courier(by=company)
    desk = visitor(company)
    for where, most in (("/p/couriers/", 6), ("/p/courier-shifts/", 9), ("/p/ways-in/", 5), ("/p/deliveries/", 8)):
        desk.get(where)
        with budget(most):
            assert desk.get(where).status_code == 200, where
