"""Sheets of the platform's lists: what a list shows, narrowed and masked as it is there, in rows to take away."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from builders import AT, a_city, a_community, a_company, a_listing, a_person, a_shop, an_application
from builders.orders import an_order, climb
from linli.ground.people import actions as people
from linli.kernel.ids import PartyId
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT + timedelta(hours=1))
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT + timedelta(hours=1))


@pytest.fixture
def desk(visitor):
    return visitor(Scope(role=Role.PLATFORM, person=a_person("陈运营")), locale="en")


@pytest.fixture
def sold():
    """58.00 of goods and 4.00 of delivery, completed, of which a company earned."""
    community = a_community()
    people.entrust_community(SYSTEM, community=community.id, company=a_company(), start_on=AT.date(), at=AT)
    shop = a_shop(community=community).open_around_the_clock().delivering(fee="4.00")
    done = an_order(a_listing(shop=shop, price="29.00", stock=10), 2).completed()
    climb(done.at)
    return done


def rows(desk, where: str, **asked: object) -> list[list[str]]:
    answer = desk.get(f"/platform/{where}", {"form": "csv", **asked})
    assert answer.status_code == 200, where
    assert "attachment" in answer["Content-Disposition"], where
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_book_as_a_sheet_sums_to_zero(desk, sold):
    heading, *found = rows(desk, "trial-balance-file/", city=sold.shop.community.city)
    assert heading == ["Class", "Code", "Account", "Accounts", "Debit", "Credit", "Balance"]
    assert any(Decimal(row[4]) for row in found)
    assert sum(Decimal(row[6]) for row in found) == 0


def test_the_accounts_of_a_kind_and_the_lines_of_one_of_them_agree(desk, sold):
    city = sold.shop.community.city
    heading, *found = rows(desk, "trial-balance/merchant_pending/file/", city=city)
    assert heading == ["Account", "Address", "Balance"]
    [(_name, address, balance)] = [row for row in found if str(sold.shop.merchant) in row[1]]
    _heading, *lines = rows(desk, "account/file/", city=city, address=address)
    assert sum(Decimal(line[4]) for line in lines) == Decimal(lines[-1][5]) == Decimal(balance) != 0


def test_the_audit_as_a_sheet_is_narrowed_and_masked_as_the_list_is(desk):
    someone = a_person()
    reader = Scope(role=Role.PLATFORM, person=a_person("陈运营"))
    people.reveal_contact(reader, party=someone, why="张三 says 13912345678 is not hers", at=AT)
    heading, *found = rows(desk, "audit/file/", action="read.contact")
    assert heading == ["When", "Who", "As", "Kind of work", "What was done", "Verb", "With"]
    assert {row[5] for row in found} == {"read.contact"}
    assert found[0][1] == "陈**"
    assert "13912345678" not in str(found)
    assert "张三" not in str(found)
    assert rows(desk, "audit/file/", action="orders.accept_order") == [heading]


def test_shops_are_taken_away_in_the_state_that_is_looked_at(desk, sold):
    applied = an_application(kind="other")
    heading, *found = rows(desk, "shops/file/")
    assert heading == ["Shop", "Kind", "City", "Applied", "Papers", "State"]
    assert len(found) == 1
    assert found[0][5] == "applied"
    assert {row[5] for row in rows(desk, "shops/file/", state="approved")[1:]} == {"approved"}
    assert applied


def test_operators_are_taken_away_with_masked_phones(desk):
    people.appoint_operator(SYSTEM, name="林远", phone="13812345678", city=a_city().id, at=AT)
    found = rows(desk, "team/file/")
    assert "13812345678" not in str(found)
    assert ["林远" in str(row) for row in found].count(True) == 1


def test_sales_are_taken_away_day_by_day(desk, sold):
    heading, *found = rows(desk, "sales/file/", city=sold.shop.community.city)
    assert heading == ["Day", "Orders", "Turnover", "To merchants", "To property companies", "To the platform"]
    assert len(found) == 28
    assert sum(int(row[1]) for row in found) == 1
    assert found[-1][2] == "62.00"
    elsewhere = a_community()
    other = desk.get("/platform/sales/file/", {"city": sold.shop.community.city, "community": elsewhere.id})
    assert other.status_code == 404


@pytest.mark.parametrize(
    "where",
    [
        *("differences/file/", "differences/bank/file/", "bills/file/", "cash/file/", "commodities-file/"),
        *("commodities-file/listings/", "companies/file/", "disputes/file/", "payouts/payees/file/", "places/file/"),
        *("policies/file/", "zones/file/", "waves/file/", "health/facts/file/", "health/jobs/file/"),
        "health/clocks/file/",
    ],
)
def test_every_other_list_comes_with_its_heading_and_whole_rows(desk, sold, where):
    heading, *found = rows(desk, where)
    assert all(heading)
    assert all(len(row) == len(heading) for row in found)


def test_the_figures_of_a_community_come_with_its_neighbours_and_its_buyers(desk, sold):
    community = sold.shop.community.id
    assert rows(desk, f"figures/{community}/neighbours/")[0][0] == "Neighbour"
    heading, *found = rows(desk, f"figures/{community}/buyers/")
    assert heading[0] == "Shop"
    assert {cell for row in found for cell in row[1:]} <= {"", "0"}  # one home is too few to be told of


def test_an_operator_of_a_city_takes_no_books_away(visitor, sold):
    here = visitor(Scope(role=Role.PLATFORM, person=PartyId(a_person()), city=sold.shop.community.city))
    for where in (
        "trial-balance-file/",
        "differences/file/",
        "cash/file/",
        "payouts/payees/file/",
        "health/jobs/file/",
    ):
        assert here.get(f"/platform/{where}").status_code == 404, where
