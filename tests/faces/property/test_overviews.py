"""The desk's first page: what came in so far against the month before, and each community with its trouble first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders import AT
from builders.billing import a_desk
from builders.workorders import a_crew
from linli.estate.billing import actions
from linli.estate.billing.rules import Channel
from linli.kernel.money import Money
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
NOW = AT.replace(year=2026, month=4, day=20)


@pytest.fixture(autouse=True)
def a_month_later(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that has owed 100.00 since the 28th of March."""
    return desk.a_home_owing("100", since=MARCH, door="3-1-501")


def pay(desk, home, amount: str, at) -> None:
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse(amount), channel=Channel.CASH, at=at)


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().replace('<span class="money-cents">', "")


def test_a_community_says_its_trouble_and_one_without_says_that_too(desk, home, visitor):
    page = text(visitor(desk.scope).get("/p/"))
    assert "1 home is late with its fees" in page
    pay(desk, home, "100", NOW)
    page = text(visitor(desk.scope).get("/p/"))
    assert "late with" not in page
    assert "No trouble" in page


def test_what_came_in_is_added_up_by_day_and_ends_today(desk, home, visitor):
    pay(desk, home, "30", NOW.replace(day=2))
    pay(desk, home, "20", NOW.replace(day=5))
    pay(desk, home, "50", NOW.replace(month=3, day=30))
    rows = (
        text(visitor(desk.scope).get("/p/"))
        .partition("<figcaption")[2]
        .partition("<table")[2]
        .partition("</figure>")[0]
    )
    assert rows.count("<tr>") == 20
    assert rows.count("¥0.00") == 1
    assert rows.count("¥30.00") == 3
    assert rows.count("¥50.00") == 16


def test_only_what_a_duty_opens_is_counted(desk, home, visitor):
    page = text(visitor(replace(desk.scope, duty=Duty.GUARD)).get("/p/"))
    assert "late with" not in page
    assert "No trouble" not in page
    assert "<figcaption" not in page


@pytest.mark.parametrize("duty", [Duty.GUARD, Duty.TECHNICIAN, Duty.STEWARD])
def test_whoever_works_on_foot_finds_their_places_on_foot_from_the_first_page(desk, visitor, duty):
    assert 'href="/p/on-foot/"' in text(visitor(replace(desk.scope, duty=duty)).get("/p/"))


def test_work_past_its_time_is_trouble(visitor):
    crew = a_crew()
    crew.raised(at=NOW - timedelta(days=9))
    assert "1 work order is past its time" in text(visitor(crew.steward).get("/p/"))
