"""Automatic payment from the phone that signs it to the desk that sees what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from builders.billing import a_desk
from harness.budget import statements_of_pages
from harness.withholding_words import SaidWithholder
from linli.estate.billing import actions, tasks
from linli.estate.billing.models import Line, Mandate, Round
from linli.money.payments.gateways.registry import serving
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture(autouse=True)
def provider():
    with serving("embedded", SaidWithholder()) as said:
        yield said


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    home = desk.a_home("2-1-301")
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="100"), home)
    return home


def text(answer) -> str:
    return answer.content.decode()


def set_up(owner, home) -> str:
    asked = owner.post("/o/mandates/", {"home": str(home.id), "channel": "wechat", "most": "150", "wallet_first": "1"})
    assert asked.status_code == 303
    return asked["Location"]


def test_an_owner_signs_sees_what_comes_pauses_and_ends_it_and_the_desk_sees_it(visitor, desk, home):
    office, owner = visitor(desk.scope), visitor(home.scope)
    for wrong in ({"most": "0"}, {"most": "100000"}, {"most": "9", "month_most": "8"}):
        assert owner.post("/o/mandates/", {"home": str(home.id), "channel": "wechat"} | wrong).status_code == 422
    where = set_up(owner, home)
    sent_to = owner.post(f"{where}signature/")
    assert sent_to.status_code == 303
    assert sent_to["Location"].startswith("https://pay.example/sign/")
    assert "Nothing is taken before you have signed" in text(owner.get(where))
    in_desk = in_force_after(desk)
    assert "100.00" in text(owner.get(where))
    assert owner.post(f"{where}limits/", {"most": "120"}).status_code == 303
    assert owner.post(f"{where}limits/", {"most": "151"}).status_code == 409
    assert owner.post(f"{where}pause/").status_code == 303
    assert owner.post(f"{where}pause/").status_code == 409
    assert owner.post(f"{where}resumption/").status_code == 303
    listed = text(office.get("/p/mandates/"))
    assert "2-1-301" in listed
    assert "120.00" in listed
    assert "100.00" in text(office.get(in_desk))
    assert "2-1-301" in text(office.get("/p/mandates/file/?form=csv"))
    assert owner.post(f"{where}end/").status_code == 303
    assert Round.objects.inside().get().state == "called_off"
    assert "2-1-301" not in text(office.get("/p/mandates/?state=active"))


def in_force_after(desk) -> str:
    mandate = Mandate.objects.inside().get().pk
    actions.record_signature(SYSTEM, mandate=mandate, at=AT)
    month = {"community": desk.community.id, "first_on": AT.date().replace(day=1), "at": AT}
    actions.draft_month(desk.scope, **month)
    actions.issue_month(desk.scope, **month)
    due_on = Line.objects.inside().get().due_on
    tasks.plan_deductions(at=AT + timedelta(days=(due_on - AT.date()).days - 2))
    return f"/p/mandates/{mandate}/"


def test_every_page_opens_in_both_languages_within_its_budget_and_to_no_stranger(visitor, desk, home):
    where = set_up(visitor(home.scope), home)
    of_desk_page = in_force_after(desk)
    of_desk = {"/p/mandates/": 5, of_desk_page: 12}
    of_owner = {"/o/mandates/": 5, where: 10}
    for locale in ("en", "zh-CN"):
        assert statements_of_pages(visitor(desk.scope, locale=locale), of_desk) == of_desk
        assert statements_of_pages(visitor(home.scope, locale=locale), of_owner) == of_owner
    stranger = visitor(desk.a_home("2-1-302").scope)
    assert stranger.get(where).status_code == 404
    for tap in ("signature", "pause", "resumption", "end"):
        assert stranger.post(f"{where}{tap}/").status_code == 404
    assert visitor(a_desk().scope).get(of_desk_page).status_code == 404
