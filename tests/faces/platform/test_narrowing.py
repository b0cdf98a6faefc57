"""The platform's lists narrowed and sorted by their addresses: over all pages, and in the sheet as on the page."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from builders import AT, a_city, a_community, a_company, a_listing, a_person, a_shop, an_application
from builders.orders import an_order, climb
from harness.payments_words import as_the_house
from linli.faces.platform import payouts as payouts_page
from linli.faces.platform import shops as shops_page
from linli.ground.people import actions as people
from linli.kernel.money import Money
from linli.money.payouts import actions as leaving
from linli.money.payouts import queries as payouts
from linli.money.payouts.queries import PayoutSort, PayoutsWanted
from linli.money.payouts.rules import PayoutState
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)


@pytest.fixture(autouse=True)
def when_everything_is_free(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: LATER)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: LATER)


@pytest.fixture
def desk(visitor) -> Client:
    return visitor(Scope(role=Role.PLATFORM, person=a_person("陈运营")), locale="en")


def taken_away(desk: Client, where: str) -> list[list[str]]:
    answer = desk.get(where)
    assert answer.status_code == 200, where
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def named(page: str, what: str) -> list[str]:
    return re.findall(rf'<a href="/platform/{what}/([0-9a-f-]{{36}})/">', page)


def following(desk: Client, page: str) -> str:
    more = re.search(r'href="([^"]+)" rel="next"', page)
    assert more is not None
    return desk.get(more[1].replace("&amp;", "&")).content.decode()


@pytest.fixture
def paid():
    """Three shops of one community that are paid out: 29.00, 58.00 and 87.00 of goods. Gives the city."""
    community = a_community()
    for units in (2, 1, 3):
        shop = a_shop(community=community).open_around_the_clock()
        climb(an_order(a_listing(shop=shop, price="29.00", stock=10), units).completed().at)
    leaving.release_holds(SYSTEM, at=LATER)
    for merchant in as_the_house("SELECT DISTINCT payee FROM payouts_line"):
        leaving.set_receiver(SYSTEM, payee=merchant[0], name="周", account="6222000011112222", bank="ICBC", at=LATER)
    leaving.draw_payouts(SYSTEM, city=community.city, at=LATER)
    return community.city


def test_payouts_are_sorted_by_what_was_sent_over_all_pages(desk, paid, monkeypatch):
    monkeypatch.setattr(payouts_page, "A_PAGE", 2)
    by_amount = payouts.payouts(SYSTEM, city=paid, order=PayoutSort.AMOUNT)
    assert [each.amount for each in by_amount] == sorted((each.amount for each in by_amount), reverse=True)
    assert len(by_amount) >= 3
    page = desk.get(f"/platform/payouts/?city={paid}&by=-amount").content.decode()
    assert named(page, "payouts") == [str(each.id) for each in by_amount[:2]]
    assert named(following(desk, page), "payouts")[0] == str(by_amount[2].id)
    rows = taken_away(desk, f"/platform/payouts/file/?city={paid}&by=amount&form=csv")
    assert [row[4] for row in rows] == [f"{each.amount.minor / 100:.2f}" for each in reversed(by_amount)]


def test_payouts_are_found_by_how_they_stand_and_when_they_were_drawn(desk, paid):
    (first, *_others) = payouts.payouts(SYSTEM, city=paid)
    leaving.call_off_payout(SYSTEM, payout=first.id, why="Wrong account", at=LATER)
    ended = payouts.payouts(SYSTEM, city=paid, wanted=PayoutsWanted(state=PayoutState.FAILED))
    assert [each.id for each in ended] == [first.id]
    assert named(desk.get(f"/platform/payouts/?city={paid}&state=failed").content.decode(), "payouts") == [
        str(first.id)
    ]
    assert len(taken_away(desk, f"/platform/payouts/file/?city={paid}&state=failed&form=csv")) == 1
    after = (LATER + timedelta(days=1)).date()
    nothing = desk.get(f"/platform/payouts/?city={paid}&first={after}").content.decode()
    assert "No payout is like this." in nothing
    assert payouts.payouts(SYSTEM, city=paid, wanted=PayoutsWanted(until=LATER)) == ()
    assert Money.total(each.amount for each in payouts.payouts(SYSTEM, city=paid)) > Money.zero


def test_shops_are_found_by_a_part_of_their_name_and_sorted_over_all_pages(desk, monkeypatch):
    monkeypatch.setattr(shops_page, "A_PAGE", 2)
    applied = [str(an_application(kind="other").id) for _nth in range(3)]
    page = desk.get("/platform/shops/").content.decode()
    assert named(page, "shops") == applied[:2]
    assert named(following(desk, page), "shops") == applied[2:]
    latest = desk.get("/platform/shops/?by=-applied").content.decode()
    assert sorted(named(latest, "shops") + named(following(desk, latest), "shops")) == sorted(applied)
    assert named(desk.get("/platform/shops/?words=%25").content.decode(), "shops") == []
    assert "No shop of this state is called so." in desk.get("/platform/shops/?words=nosuch").content.decode()
    assert taken_away(desk, "/platform/shops/file/?words=nosuch&form=csv") == []


def test_communities_and_companies_are_found_by_a_part_of_their_name(desk):
    community, company = a_community(), a_company()
    people.entrust_community(SYSTEM, community=community.id, company=company, start_on=AT.date(), at=AT)
    assert len(taken_away(desk, "/platform/places/file/?form=csv")) >= 1
    assert taken_away(desk, "/platform/places/file/?words=nosuch&form=csv") == []
    assert "No community is called so." in desk.get("/platform/places/?words=nosuch").content.decode()
    (name,) = people_names(company)
    assert [row[0] for row in taken_away(desk, f"/platform/companies/file/?words={name[1:3]}&form=csv")].count(name)
    page = desk.get("/platform/companies/?words=nosuch").content.decode()
    assert "No company is called so." in page
    assert "nobody&#39;s care yet" not in page


def people_names(party: object) -> list[str]:
    return [row[0] for row in as_the_house("SELECT name FROM people_party WHERE id = %s", party)]


def test_differences_are_narrowed_by_kind_and_by_provider(desk):
    assert a_city().id
    page = desk.get("/platform/differences/?kind=AMOUNT_MISMATCH").content.decode()
    assert "Nothing of this kind. Take a filter away." in page
    assert "No differences" in desk.get("/platform/differences/?kind=by_mule&source=nosuch").content.decode()


def test_a_view_of_payouts_is_kept_and_found_again(desk, paid):
    kept = {"page": "/platform/payouts/", "name": "Failed", "query": f"city={paid}&state=failed"}
    answer = desk.post("/views/", kept)
    assert answer.status_code == 303
    assert "Failed</a>" in desk.get("/platform/payouts/").content.decode()
