"""Being told in time, from the first tap to the basket, on the phone."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from builders import AT, a_home
from builders.orders import an_order, climb
from builders.replenish import a_good, bought
from builders.workorders import a_crew
from harness.budget import budget
from linli.estate.workorders import actions as work
from linli.estate.workorders.rules import Skill
from linli.insight.replenish import tasks
from linli.kernel.ids import WorkOrderId

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
    assert "Rice will probably run out around" in page
    yes = re.search(r'action="(/o/replenish/proposals/[\w-]{36}/yes/)"', page)[1]
    assert "Fill the bin" not in page
    answer = phone.post(yes, {})

    assert (answer.status_code, answer["Location"].split("?")[0]) == (303, "/o/basket/")
    assert "东北大米 5kg" in text(phone.get("/o/basket/"))
    assert phone.post(yes, {}).status_code == 409


def test_the_bin_is_filled_by_who_comes_for_the_price_that_was_shown(visitor, tmp_path, settings):
    settings.HOME = tmp_path
    crew = a_crew()
    worker = crew.a_worker(Skill.SERVICE)
    rice = a_good(community=crew.desk.community)
    bought(rice, crew.home, range(0, 160, 20))
    phone = visitor(crew.resident)
    phone.post(f"/o/replenish/{crew.home.id}/", {})
    tasks.propose_due(at=NOW)
    page = text(phone.get("/o/replenish/"))
    assert "Fill the bin and take the old away, for ¥8.00" in page
    yes = re.search(r'action="(/o/replenish/proposals/[\w-]{36}/yes/)"', page)[1]
    assert phone.post(yes, {"refill": "7.00"}).status_code == 409

    assert phone.post(yes, {"refill": "8.00"}).status_code == 303
    assert "The bin is filled for ¥8.00; somebody is sent" in text(phone.get("/o/replenish/"))
    an_order(rice, 1, home=crew.home, at=NOW).paid()

    page = text(phone.get("/o/replenish/"))
    assert "张** comes to fill the bin" in page
    job = re.search(r'href="(/o/work-orders/[\w-]{36}/)"', page)[1]
    assert phone.get(job).status_code == 200
    tools = visitor(worker)
    assert "Fill the bin, take the old away" in text(tools.get("/p/jobs/"))
    order = WorkOrderId(UUID(job.split("/")[3]))
    for step in (work.accept_work, work.arrive_at_work, work.finish_work):
        step(worker, order=order, at=NOW)
    climb(NOW)
    assert "Old taken away, bin filled" in text(phone.get("/o/replenish/"))
    with budget(exactly=13):
        phone.get("/o/replenish/")


def test_one_tap_ends_it_and_deletes_what_was_kept(phone, home):
    phone.post(f"/o/replenish/{home.id}/", {"shares": "1"})
    page = text(phone.get("/o/replenish/"))
    assert "You share with the others" in page
    assert "nothing finer has been learnt here yet" in page

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
    again = phone.post(f"/o/replenish/{home.id}/standing/", {"commodity": "rice", "every_days": "30"})
    assert (again.status_code, "There is a standing order for this already." in text(again)) == (409, True)
    assert "Between 2 and 180 days." in text(wrong)
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
    with budget(exactly=14):
        phone.get("/o/replenish/")
