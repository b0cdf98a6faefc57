"""Visitors from end to end: a resident invites, the guest opens the link, guards check, the home is asked, the desk
looks at the log."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from builders import AT, a_person
from builders.visits import a_gate
from harness.budget import budget
from harness.visitors import part
from linli.estate.visits.rules import VisitPolicy
from linli.ground.policies import actions as policies
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture
def gate():
    made = a_gate()
    set_policy(made, gates=["南门", "北门"])
    return made


@pytest.fixture
def resident(visitor, gate):
    return visitor(gate.home.scope)


@pytest.fixture
def guard(visitor, gate):
    return visitor(gate.guard)


def set_policy(gate, **values):
    place, word = gate.home.community.id, VisitPolicy.word
    policies.set_policy(SYSTEM, word=word, level="community", place=place, values=values, start_at=AT, at=AT)


def text(response) -> str:
    return response.content.decode()


ONCE = {"kind": "once", "first_on": "2026-03-02", "entries": "1", "guest_name": "李四", "plate": "浙A·12345"}


def invited(resident, **given) -> str:
    answer = resident.post("/o/visitors/new/", ONCE | given)
    assert answer.status_code == 303, text(answer)
    return str(answer.url)


def code_on(page: str) -> str:
    return re.search(r'code-digits">(\d{6})<', page)[1]


def link_on(page: str) -> str:
    return re.search(r'href="http://testserver(/v/[\w-]+/)"', page)[1]


def test_a_guest_is_invited_opens_the_link_and_is_let_in_once(resident, guard, visitor):
    mine = text(resident.get(invited(resident)))
    shared = text(visitor().get(link_on(mine)))
    assert code_on(mine) in shared
    assert "3-1-502" not in shared
    assert "李四" not in shared
    checked = guard.post("/p/gate/check/", {"code": code_on(mine), "gate": "北门"})
    found = text(guard.get(checked.url))
    assert "3-1-502" in found
    assert "浙A12345" in found
    assert "李四" not in found
    entry = checked.url.partition("?")[0] + "entries/"
    assert guard.post(entry, {"gate": "北门"}).status_code == 303
    again = guard.post(entry, {"gate": "南门"})
    assert "Used already" in text(guard.get(again.url))
    assert "Used already" in text(visitor().get(link_on(mine)))
    log = text(guard.get("/p/visits/log/"))
    assert "北门" in log
    assert "turned away" in log
    assert guard.post(checked.url.partition("?")[0] + "exits/", {}).status_code == 303


def test_a_guard_who_scans_the_link_is_led_to_the_pass_and_a_stranger_sees_what_the_guest_sees(
    resident, guard, visitor
):
    link = link_on(text(resident.get(invited(resident))))
    scanned = guard.get(link)
    assert scanned.url.startswith("/p/gate/scan/")
    assert "Valid" in text(guard.get(guard.get(scanned.url).url))
    assert guard.post("/p/gate/check/", {"code": "http://testserver" + link}).status_code == 303
    elsewhere = visitor(a_gate().guard)
    assert elsewhere.get(link).status_code == 200
    assert elsewhere.get(scanned.url).status_code == 404


def test_a_scanned_pass_opens_with_the_gate_at_which_the_guard_stands(resident, guard, gate):
    link = link_on(text(resident.get(invited(resident))))
    scanned = guard.get(link).url
    assert 'name="gate" value="南门"' in text(guard.get(guard.get(scanned).url))
    guard.get(f"/p/gate/?community={gate.home.community.id}&gate=北门")
    assert 'name="gate" value="北门"' in text(guard.get(guard.get(scanned).url))
    assert 'name="gate" value="北门"' in text(guard.get("/p/gate/"))
    set_policy(gate, gates=["南门", "东门"])
    assert 'name="gate" value="南门"' in text(guard.get(guard.get(scanned).url))


def test_a_pass_that_is_taken_back_stops_at_once_for_everybody(resident, guard, visitor):
    where = invited(resident)
    page = text(resident.get(where))
    assert resident.post(where + "revocation/").status_code == 303
    assert "Taken back by the host" in text(visitor().get(link_on(page)))
    found = guard.post("/p/gate/check/", {"code": code_on(page)})
    assert "Taken back by the host" in text(guard.get(found.url))
    assert visitor().get("/v/" + "A" * 43 + "/").status_code == 404


def test_a_pass_for_some_days_offers_more_than_one_entry_and_more_than_one_day(visitor, gate):
    resident = visitor(gate.home.scope)

    def offered(kind: str, name: str) -> str:
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', text(resident.get(f"/o/visitors/new/?kind={kind}")))
        assert field is not None
        return re.search(r'value="([^"]*)"', field[0])[1]  # type: ignore[index]

    assert (offered("once", "entries"), offered("days", "entries")) == ("1", "6")
    assert offered("days", "last_on") > offered("days", "first_on")


def test_a_guard_finds_the_way_to_goods_that_leave_and_who_may_not_let_them_out_does_not(guard, visitor, gate):
    assert 'href="/p/gate/goods/"' in text(guard.get("/p/gate/"))
    assert guard.get("/p/gate/goods/").status_code == 200
    engineer = visitor(replace(gate.guard, duty=Duty.TECHNICIAN))
    assert engineer.get("/p/gate/goods/").status_code == 404


def test_a_wrong_code_is_told_on_the_page_of_the_gate(guard):
    assert "Nobody knows this code." in text(guard.post("/p/gate/check/", {"code": "123456"}))


def test_what_is_wrong_with_an_invitation_is_told_at_its_field(resident):
    answer = resident.post("/o/visitors/new/", ONCE | {"first_on": "2026-03-01"})
    assert answer.status_code == 422
    assert 'id="first_on-wrong"' in text(answer)
    assert "李四" in text(answer)


def test_the_board_of_the_gate_keeps_itself_up_to_date_after_somebody_passed(guard):
    guard.post("/p/gate/check/", {"code": "123456"})
    board = guard.get("/p/gate/", headers=part("gate_board"))
    assert board.status_code == 200
    assert "Unknown code" in text(board)
    assert "<main" not in text(board)


def test_who_passed_yesterday_did_not_pass_today(guard, monkeypatch):
    guard.post("/p/gate/check/", {"code": "123456", "gate": "南门"})
    assert "today" in text(guard.get("/p/gate/")).partition("Passed lately")[2]
    for clock in ("dispatch", "doorway"):
        monkeypatch.setattr(f"linli.faces.shell.{clock}.now", lambda: NOW + timedelta(days=1))
    assert "yesterday" in text(guard.get("/p/gate/")).partition("Passed lately")[2]


def test_the_home_is_asked_about_somebody_without_a_pass_and_the_guard_sees_the_answer(visitor, resident, guard, gate):
    found = text(guard.get("/p/gate/arrivals/new/?words=3-1-502"))
    assert str(gate.home.id) in found
    asked = {"home": str(gate.home.id), "purpose": "guest", "guest_name": "赵六", "gate": "南门"}
    waiting = guard.post("/p/gate/arrivals/", asked).url
    assert "waiting" in text(guard.get(waiting))
    listed = text(resident.get("/o/visitors/"))
    where = re.search(r'href="(/o/visitors/arrivals/[\w-]+/)"', listed)[1]
    told = text(visitor(gate.home.scope, locale="zh-CN").get("/o/visitors/"))
    assert ("门岗" in told, "门岗通行码" in told) == (True, False)  # somebody stands at a place, not at a code
    assert "赵六" in text(resident.get(where))
    assert "1 at the gate" in text(resident.get("/o/property/"))
    assert resident.post(where, {"answer": "allow"}).status_code == 303
    assert "Let in" in text(guard.get(waiting))
    assert guard.post(waiting + "entry/").status_code == 303
    assert "entered" in text(guard.get(waiting))


def test_the_desk_finds_passes_ends_one_and_takes_the_log_away(resident, guard):
    invited(resident)
    listed = text(guard.get("/p/visits/?state=open&kind=once&words=3-1-502"))
    assert "3-1-502" in listed
    assert "李四" not in listed
    where = re.search(r'action="(/p/visits/[\w-]+/revocation/)"', listed)[1]
    guard.post(where)
    assert "No pass is like this." in text(guard.get("/p/visits/?state=open"))
    guard.post("/p/gate/check/", {"code": "123456", "gate": "南门"})
    sheet = guard.get("/p/visits/log/file/?form=csv").content.decode("utf-8-sig")
    assert "南门" in sheet


def test_the_desk_follows_one_pass_from_the_invitation_to_its_end(resident, guard, visitor):
    mine = text(resident.get(invited(resident, kind="days", last_on="2026-03-04", entries="3")))
    guard.post("/p/gate/check/", {"code": code_on(mine), "gate": "北门"})
    where = re.search(r'href="(/p/visits/[\w-]{36}/)"', text(guard.get("/p/visits/")))[1]
    guard.post(where.replace("/visits/", "/gate/passes/") + "entries/", {"gate": "北门"})
    shown = text(guard.get(where))
    assert "3-1-502" in shown
    assert "北门" in shown
    assert "李*" in shown
    assert "李四" not in shown
    ended = guard.post(where + "revocation/")
    assert ended.url.startswith(where)
    assert "Taken back by the host" in text(guard.get(where))
    assert "3-1-502" in guard.get("/p/visits/file/?form=csv").content.decode("utf-8-sig")
    stranger = visitor(a_gate().guard)
    assert stranger.get(where).status_code == 404
    assert stranger.post(where + "revocation/").status_code == 404


def test_a_guard_who_presses_twice_lets_one_guest_in_and_one_out(resident, guard):
    where = "/p/gate/passes/" + invited(resident, kind="days", last_on="2026-03-04", entries="3").split("/")[3] + "/"
    for way in ("entries", "exits"):
        shown = text(guard.get(where))
        once = re.search(rf'{way}/".*?name="once" value="([^"]+)"', shown, re.DOTALL)[1]
        for _press in range(2):
            guard.post(where + way + "/", {"gate": "南门", "once": once})
    assert "1 of 3 entries used" in text(guard.get(where))
    assert guard.get("/p/visits/log/file/?form=csv").content.decode().count("南门") == 2


def test_every_page_opens_in_both_languages_within_its_budget(visitor, resident, gate):
    where = invited(resident)
    visit_pass = where.split("/")[3]
    mine = {"/o/visitors/": 4, "/o/visitors/new/": 4, where: 7}
    staffs = {
        "/p/gate/": 5,
        "/p/gate/arrivals/new/?words=502": 2,
        f"/p/gate/passes/{visit_pass}/": 4,
        "/p/visits/": 5,
        "/p/visits/log/": 3,
    }
    for locale in ("zh-CN", "en"):
        for scope, pages in ((gate.home.scope, mine), (gate.guard, staffs)):
            client = visitor(scope, locale=locale)
            for page, statements in pages.items():
                assert client.get(page).status_code == 200, page
                with budget(statements):
                    client.get(page)


def test_strangers_find_nothing(visitor, resident, gate):
    where = invited(resident)
    neighbour = visitor(gate.desk.a_home("3-1-503").scope)
    assert neighbour.get(where).status_code == 404
    assert neighbour.post(where + "revocation/").status_code == 404
    cashier = visitor(Scope(role=Role.MERCHANT, person=a_person()))
    assert cashier.get("/p/gate/").status_code == 404
    elsewhere = visitor(a_gate().guard)
    assert elsewhere.get("/p/gate/passes/" + where.split("/")[3] + "/").status_code == 404


def test_where_the_counter_is_closed_there_is_none(resident, gate):
    set_policy(gate, is_offered=False)
    assert resident.get("/o/visitors/").status_code == 404
    assert resident.get("/o/visitors/new/").status_code == 404
    assert "/o/visitors/" not in text(resident.get("/o/property/"))
