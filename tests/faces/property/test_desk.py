"""The property company's desk: its commission line by line, and who lives where."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from builders import AT, a_community, a_company, a_listing, a_person, a_shop
from builders.orders import an_order, climb
from harness.budget import budget
from harness.payments_words import as_the_house
from linli.ground.people import actions as people
from linli.kernel.ids import PartyId
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT + timedelta(hours=1))
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT + timedelta(hours=1))


def staff(company: PartyId, community) -> Scope:
    return Scope(role=Role.PROPERTY, person=a_person(), company=company, communities=(community.id,))


@pytest.fixture
def company() -> PartyId:
    return a_company()


@pytest.fixture
def sold(company):
    """58.00 of goods, of whose commission of 4.64 the company gets 1.86."""
    community = a_community()
    people.entrust_community(SYSTEM, community=community.id, company=company, start_on=AT.date(), at=AT)
    shop = a_shop(community=community).open_around_the_clock()
    done = an_order(a_listing(shop=shop, price="29.00", stock=10), 2).completed()
    climb(done.at)
    return done


@pytest.fixture
def desk(visitor, company, sold):
    return visitor(staff(company, sold.shop.community))


def text(response) -> str:
    return response.content.decode()


def pages(order):
    community = order.shop.community.id
    return {
        "/p/": 21,
        "/p/commission/": 4,
        f"/p/commission/?community={community}": 4,
        "/p/payouts/": 4,
        "/p/staff/": 7,
        "/p/residents/sheet/": 1,
        f"/p/residents/?community={community}": 2,
        f"/p/homes/{order.page.home}/": 6,
        f"/p/policies/?where=community:{community}": 6,
    }


def test_every_page_opens_in_both_languages_within_its_budget(visitor, company, sold):
    for locale in ("zh-CN", "en"):
        client = visitor(staff(company, sold.shop.community), locale=locale)
        for where, statements in pages(sold).items():
            assert client.get(where).status_code == 200, where
            with budget(statements):
                client.get(where)


def test_strangers_get_404_and_another_company_sees_its_own(visitor, sold):
    other = staff(a_company(), a_community())
    for scope in (sold.shop.scope, sold.buyer, Scope(role=Role.PLATFORM, person=a_person()), other):
        client = visitor(scope)
        for where in pages(sold):
            answer = client.get(where)
            if scope is other and where in ("/p/", "/p/commission/", "/p/payouts/", "/p/staff/", "/p/residents/sheet/"):
                assert answer.status_code == 200
                assert sold.page.number not in text(answer)
                assert "1.86" not in text(answer)
            else:
                assert answer.status_code == 404, (scope.role, where)


def test_the_commission_is_told_by_line_and_never_by_person(desk, sold):
    page = text(desk.get("/p/commission/"))
    assert sold.page.number in page
    for amount in ("¥58.00", "¥4.64", "¥1.86"):
        assert amount in page
    assert str(sold.buyer.person) not in page
    assert sold.page.number not in text(desk.get("/p/commission/?month=2026-02"))


def test_the_commission_is_sorted_by_its_headings_and_keeps_what_was_chosen(desk, sold):
    community = sold.shop.community.id
    page = text(desk.get(f"/p/commission/?community={community}&by=-sold"))
    assert sold.page.number in page
    for by in ("-completed", "sold", "-refunded"):
        assert re.search(rf"/p/commission/\?month=[^\"]*community={community}&amp;by={by}\"", page), by


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_commission_is_taken_away_as_a_file(desk, form):
    answer = desk.get(f"/p/commission/file/?form={form}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    if form == "csv":
        assert "1.86" in answer.content.decode("utf-8-sig")


def phone_of(person) -> str:
    return as_the_house("SELECT phone FROM people_contact WHERE party_id = %s", person)[0][0]


def looks(person) -> int:
    said = f"%{person}%"
    return as_the_house("SELECT count(*) FROM spine_audit WHERE action = 'read.contact' AND said::text LIKE %s", said)[
        0
    ][0]


def test_a_phone_is_masked_until_somebody_says_why_and_that_is_written_down(desk, sold):
    person, home = sold.buyer.person, f"/p/homes/{sold.page.home}/"
    phone, where, field = phone_of(person), f"{home}reveal/{person}/", f"why.{person}"
    page = text(desk.get(home))
    assert "****" in page
    refused = desk.post(where, {field: ""})
    assert refused.status_code == 422
    assert f'id="{field}-wrong"' in text(refused)
    assert phone not in page + text(refused)
    assert looks(person) == 0
    assert phone in text(desk.post(where, {field: "Water drips through the ceiling"}))
    assert looks(person) == 1
    assert phone not in text(desk.get(home))


def test_a_stranger_cannot_have_a_phone_shown(visitor, desk, sold):
    person, other = sold.buyer.person, a_person()
    for client, party in (
        (visitor(staff(a_company(), a_community())), person),
        (visitor(sold.shop.scope), person),
        (desk, other),
    ):
        answer = client.post(f"/p/homes/{sold.page.home}/reveal/{party}/", {f"why.{party}": "curious"})
        assert answer.status_code == 404
    assert looks(person) == looks(other) == 0
