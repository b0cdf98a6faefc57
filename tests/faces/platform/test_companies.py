"""Property companies at the desk: registered, entrusted with communities, relieved, given managers."""

from __future__ import annotations

import pytest

from builders import AT, a_city, a_community, a_home, a_person
from harness.budget import statements_of_pages
from linli.ground.people import actions as people
from linli.ground.people import queries as who
from linli.kernel.ids import PartyId
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person())


def a_registered(name: str = "安居物业", phone: str = "13900008001") -> PartyId:
    return people.register_company(SYSTEM, name=name, manager="周经理", phone=phone, at=AT)


def text(response) -> str:
    return response.content.decode()


def test_the_pages_keep_their_budgets_in_both_languages(visitor, operator):
    company, community = a_registered(), a_community("东园")
    people.entrust_community(SYSTEM, community=community.id, company=company, start_on=AT.date(), at=AT)
    for locale, word in (("zh-CN", "物业公司"), ("en", "Companies")):
        desk, page = visitor(operator, locale=locale), f"/platform/companies/{company}/"
        assert word in text(desk.get("/platform/companies/"))
        assert "东园" in text(desk.get(page))
        assert "周**" in text(desk.get(page))
        assert statements_of_pages(desk, ["/platform/companies/", page]) == {"/platform/companies/": 5, page: 9}


def test_a_company_is_registered_with_its_manager_and_entrusted(visitor, operator):
    community = a_home(community=a_community("东园")).community
    desk = visitor(operator)
    assert "东园" in text(desk.get("/platform/companies/"))
    made = desk.post("/platform/companies/", {"name": "安居物业", "manager": "周经理", "phone": "13900008001"})
    page = made["Location"]
    assert "nobody looks after it" in text(desk.get(page))
    done = desk.post(page + "communities/", {"community": str(community.id), "start_on": "2026-01-01"})
    assert (done.status_code, done["Location"]) == (303, page)
    (care,) = who.stewardships(communities=(community.id,))
    assert (page.split("/")[-2], str(care.start_on), care.end_on) == (str(care.company), "2026-01-01", None)
    listed = text(desk.get("/platform/companies/"))
    assert "nobody" not in listed
    assert page in text(desk.get("/platform/places/"))
    assert page in text(desk.get("/platform/find/?words=安居"))
    assert desk.post(page + "endings/", {"left": str(community.id), "end_on": "2026-06-01"}).status_code == 303
    (care,) = who.stewardships(communities=(community.id,))
    assert str(care.end_on) == "2026-06-01"


def test_what_stands_in_the_way_is_named_at_its_field(visitor, operator):
    company, other, community = a_registered(), a_registered("旧物业", "13900008002"), a_community()
    people.entrust_community(SYSTEM, community=community.id, company=other, start_on=AT.date(), at=AT)
    desk, page = visitor(operator), f"/platform/companies/{company}/"
    refused = desk.post(page + "communities/", {"community": str(community.id), "start_on": "2026-01-01"})
    assert (refused.status_code, 'id="start_on-wrong"' in text(refused)) == (409, True)
    for theirs, shown in ((other, True), (company, False)):
        end = {"left": str(community.id), "end_on": "2020-01-01" if shown else "2027-01-01"}
        gone = desk.post(f"/platform/companies/{theirs}/endings/", end)
        assert (gone.status_code, 'id="end_on-wrong"' in text(gone)) == (409, shown)
    again = desk.post("/platform/companies/", {"name": "安居物业", "manager": "李", "phone": "13900008003"})
    assert (again.status_code, 'id="name-wrong"' in text(again)) == (409, True)
    assert [(each.company, each.end_on) for each in who.stewardships(communities=(community.id,))] == [(other, None)]
    assert len(who.companies(SYSTEM, at=AT)) == 2


def test_another_manager_is_named(visitor, operator):
    page = f"/platform/companies/{a_registered()}/"
    desk = visitor(operator)
    assert desk.post(page + "managers/", {"name": "李经理", "phone": "13900008009"}).status_code == 303
    assert "139****8009" in text(desk.get(page))
    refused = desk.post(page + "managers/", {"name": "李经理", "phone": "1"})
    assert (refused.status_code, 'id="phone-wrong"' in text(refused)) == (422, True)


def test_an_operator_of_one_city_keeps_its_communities_alone(visitor):
    city = a_city()
    here, elsewhere = a_community("东园", city=city), a_community("远园")
    company = a_registered()
    people.entrust_community(SYSTEM, community=elsewhere.id, company=company, start_on=AT.date(), at=AT)
    desk, page = visitor(Scope(role=Role.PLATFORM, person=a_person(), city=city.id)), f"/platform/companies/{company}/"
    for seen in (text(desk.get("/platform/companies/")), text(desk.get(page))):
        assert "东园" in seen
        assert "远园" not in seen
    assert "Lost authenticator" not in text(desk.get(page))
    assert desk.post(page + "communities/", {"community": str(here.id), "start_on": "2026-01-01"}).status_code == 303
    away = desk.post(page + "communities/", {"community": str(elsewhere.id), "start_on": "2027-01-01"})
    assert away.status_code == 404
    assert desk.post(page + "endings/", {"left": str(elsewhere.id), "end_on": "2027-01-01"}).status_code == 404
    assert desk.post(page + "managers/", {"name": "李经理", "phone": "13900008010"}).status_code == 404
    assert [each.end_on for each in who.stewardships(company=company)] == [None, None]


def test_strangers_find_no_companies(visitor):
    for role in (Role.PROPERTY, Role.MERCHANT, Role.RESIDENT):
        assert visitor(Scope(role=role, person=a_person())).get("/platform/companies/").status_code == 404
