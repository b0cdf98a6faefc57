"""The usual basket on the phone: asked for, ticked, in the basket, and off with one tap."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from builders import AT, a_home
from builders.replenish import a_good, bought
from harness.budget import budget

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=70)


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
    bought(rice, home, [0, 34, 68])
    return visitor(home.scope)


def text(response) -> str:
    return response.content.decode()


def test_a_home_asks_ticks_and_finds_it_in_the_basket(phone, home, rice):
    assert "What you usually take, in one tap" in text(phone.get("/o/next-basket/"))
    assert phone.post(f"/o/next-basket/{home.id}/wish/", {}).status_code == 303

    page = text(phone.get("/o/next-basket/"))
    assert "You buy it about every 34 days" in page
    assert "Show me the ordinary list" in page
    assert re.search(rf'value="{rice.variant}" checked', page)

    taken = phone.post(f"/o/next-basket/{home.id}/", {"variant": str(rice.variant)})
    assert (taken.status_code, taken["Location"].split("?")[0]) == (303, "/o/basket/")
    assert "东北大米 5kg" in text(phone.get("/o/basket/"))


def test_what_is_usual_more_than_once_stands_with_its_whole_price(phone, home, rice):
    """12.80 apiece."""
    bought(rice, home, [69], quantity=2)
    phone.post(f"/o/next-basket/{home.id}/wish/", {})
    page = text(phone.get("/o/next-basket/"))
    assert "× 2" in page
    assert '25<span class="money-cents">.60' in page
    assert "nothing finer has been learnt for it yet" in page


def test_nothing_ticked_puts_nothing_into_the_basket(phone, home):
    phone.post(f"/o/next-basket/{home.id}/wish/", {})
    taken = phone.post(f"/o/next-basket/{home.id}/", {})
    assert taken["Location"].split("?")[0] == "/o/next-basket/"
    assert "东北大米 5kg" not in text(phone.get("/o/basket/"))


def test_one_tap_ends_it(phone, home):
    phone.post(f"/o/next-basket/{home.id}/wish/", {})
    assert phone.post(f"/o/next-basket/{home.id}/end/", {}).status_code == 303
    assert "about every 34 days" not in text(phone.get("/o/next-basket/"))


def test_a_home_of_others_is_not_found(phone, rice):
    other = a_home(community=rice.shop.community).with_owner()
    assert phone.get(f"/o/next-basket/?home={other.id}").status_code == 404
    assert phone.post(f"/o/next-basket/{other.id}/", {}).status_code == 404


def test_the_page_keeps_its_budget(phone, home):
    phone.post(f"/o/next-basket/{home.id}/wish/", {})
    phone.get("/o/next-basket/")
    with budget(exactly=14):
        phone.get("/o/next-basket/")
