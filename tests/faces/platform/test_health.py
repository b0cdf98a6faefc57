"""The page of health: what the doctor found and when, asked again as a job that the page follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_person
from harness.budget import budget
from linli.faces.platform.parts import PARTS
from linli.spine import findings
from linli.spine.findings import Finding
from linli.spine.scope import SYSTEM, Role, Scope
from linli.works.doctor import examination, tasks

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person())


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


def text(response) -> str:
    return response.content.decode()


def test_the_page_names_every_part_that_the_doctor_knows():
    assert set(PARTS) == set(examination.PARTS)


def test_the_page_keeps_its_budget_in_both_languages(visitor, operator):
    for locale in ("zh-CN", "en"):
        client = visitor(operator, locale=locale)
        client.get("/platform/health/")
        with budget(5):
            assert client.get("/platform/health/").status_code == 200


def test_the_doctor_is_asked_and_the_page_follows_until_it_has_looked(desk):
    assert "never seen" in text(desk.get("/platform/health/"))
    assert desk.post("/platform/health/examination/").status_code == 303
    assert set(findings.asked_parts(SYSTEM)) == set(PARTS)
    waiting = text(desk.get("/platform/health/"))
    assert f"0 of {len(PARTS)} parts" in waiting
    assert 'hx-get="/platform/health/"' in waiting
    assert tasks.examine_asked(at=NOW) == len(PARTS)
    assert tasks.examine_asked(at=NOW) == 0
    after = text(desk.get("/platform/health/"))
    assert "sound" in after
    assert "hx-get" not in after.partition('id="examined"')[2].partition("</table>")[0]


def test_what_is_broken_is_named(desk):
    broken = (Finding("Every line is in one payout only", False, ("Line 7 is in 2 payouts.",)),)
    findings.keep(SYSTEM, part="payouts", found=broken, at=NOW)
    page = text(desk.get("/platform/health/"))
    assert "Line 7 is in 2 payouts." in page
    assert "broken" in page


def test_once_a_day_everything_is_asked():
    assert tasks.ask_daily(at=NOW) == len(PARTS)
    assert set(findings.asked_parts(SYSTEM)) == set(PARTS)


def test_strangers_ask_nothing(visitor):
    for role in (Role.RESIDENT, Role.MERCHANT, Role.PROPERTY):
        client = visitor(Scope(role=role, person=a_person()))
        assert client.get("/platform/health/").status_code == 404
        assert client.post("/platform/health/examination/").status_code == 404
        assert findings.examined(Scope(role=role, person=a_person())) == ()
    assert findings.asked_parts(SYSTEM) == ()
