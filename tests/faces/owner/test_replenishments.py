"""Being told in time, from the first tap to the basket, on the phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from builders import AT, a_home
from builders.replenish import a_good, bought
from harness.budget import budget
from linli.insight.replenish import tasks

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=157)


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture
def rice():
    return a_good()


@pytest.fixture
def home(rice):
    return a_home(community=rice.shop.community).with_owner()


@pytest.fixture
def phone(visitor, home, rice):
    bought(rice, home, range(0, 160, 20))
    return visitor(home.scope)


def text(response) -> str:
    return response.content.decode()


def test_a_home_asks_is_told_says_yes_and_finds_the_rice_in_the_basket(phone, home):
    assert "Never out of rice" in text(phone.get("/o/replenish/"))
    assert phone.post(f"/o/replenish/{home.id}/", {}).status_code == 303
    assert "you buy it about every 20 days" in text(phone.get("/o/replenish/"))
    assert tasks.propose_due(at=NOW) == 1

    page = text(phone.get("/o/replenish/"))
    assert "Rice is likely to run out around" in page
    yes = re.search(r'action="(/o/replenish/proposals/[\w-]{36}/yes/)"', page)[1]
    answer = phone.post(yes, {"wants_refill": "1"})

    assert (answer.status_code, answer["Location"].split("?")[0]) == (303, "/o/basket/")
    assert "东北大米 5kg" in text(phone.get("/o/basket/"))
    assert "with the bin filled" in text(phone.get("/o/replenish/"))
    assert phone.post(yes, {}).status_code == 409


def test_one_tap_ends_it_and_deletes_what_was_kept(phone, home):
    phone.post(f"/o/replenish/{home.id}/", {"shares": "1"})
    assert "You share with the others" in text(phone.get("/o/replenish/"))

    assert phone.post(f"/o/replenish/{home.id}/end/", {}).status_code == 303

    page = text(phone.get("/o/replenish/"))
    assert "Never out of rice" in page
    assert "about every 20 days" not in page


def test_a_standing_order_is_begun_skipped_and_ended(phone, home):
    phone.post(f"/o/replenish/{home.id}/", {})
    wrong = phone.post(f"/o/replenish/{home.id}/standing/", {"commodity": "rice", "every_days": "1"})
    assert wrong.status_code == 422
    begun = phone.post(f"/o/replenish/{home.id}/standing/", {"commodity": "rice", "every_days": "30"})
    assert begun.status_code == 303
    page = text(phone.get("/o/replenish/"))
    where = re.search(r'action="(/o/replenish/standing/[\w-]{36}/)"', page)[1]
    assert phone.post(where, {"verb": "skip"}).status_code == 303
    assert phone.post(where, {"verb": "end"}).status_code == 303
    assert "Standing orders" not in text(phone.get("/o/replenish/"))


def test_a_standing_order_that_orders_itself_is_on_the_page_with_its_way_to_pay(phone, home):
    phone.post(f"/o/replenish/{home.id}/", {})
    form = {"commodity": "rice", "every_days": "3", "pays": "ask"}
    assert phone.post(f"/o/replenish/{home.id}/standing/", form).status_code == 303
    assert "orders itself, and you are told to pay" in text(phone.get("/o/replenish/"))

    assert tasks.place_standing(at=NOW) == 1

    page = text(phone.get("/o/replenish/"))
    assert "Ordered on" in page
    assert "Pay now" in page


def test_bought_elsewhere_is_one_tap_and_counts(phone, home):
    phone.post(f"/o/replenish/{home.id}/", {})
    tasks.propose_due(at=NOW)
    assert "Bought it elsewhere" in text(phone.get("/o/replenish/"))
    today = {"commodity": "rice", "bought_on": NOW.date().isoformat()}
    assert phone.post(f"/o/replenish/{home.id}/elsewhere/", today).status_code == 303
    assert "Nothing runs out soon" in text(phone.get("/o/replenish/"))


def test_the_page_keeps_its_budget(phone, home):
    phone.post(f"/o/replenish/{home.id}/", {})
    tasks.propose_due(at=NOW)
    phone.get("/o/replenish/")
    with budget(exactly=12):
        phone.get("/o/replenish/")
