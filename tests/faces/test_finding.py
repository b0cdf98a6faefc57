"""The palette of the desks: everybody finds what they may open, and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import AT, a_community, a_listing, a_person, a_shop
from builders.billing import a_desk
from builders.orders import an_order
from builders.workorders import a_crew
from harness.budget import budget
from harness.visitors import part
from linli.faces.shell import dispatch, doorway
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders import queries as orders
from linli.trade.orders import rules
from linli.trade.orders.queries import finding
from linli.trade.shops import queries as shops

pytestmark = pytest.mark.django_db
OPTIONS = part("palette_found")


@pytest.fixture(autouse=True)
def now(monkeypatch, tmp_path, settings):
    settings.HOME = tmp_path
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


@pytest.fixture
def order():
    shop = a_shop().open_around_the_clock().delivering(fee="4.00")
    rice = a_listing("东北大米", en="Rice", shop=shop, price="29.00", stock=10)
    return an_order(rice, 2, fulfilment=rules.Fulfilment.PICK_UP).paid()


def test_a_merchant_finds_pages_orders_and_goods(visitor, order):
    desk = visitor(order.shop.scope)
    tail = order.page.number[-6:]
    assert f'href="/m/orders/{order.id}/"' in desk.get(f"/m/find/?words={tail}").content.decode()
    assert "Rice" in desk.get("/m/find/?words=rice", headers=OPTIONS).content.decode()
    options = desk.get("/m/find/?words=revi", headers=OPTIONS).content.decode()
    assert options.count('role="option"') == 1
    assert 'href="/m/reviews/"' in options
    assert "no such thing" in desk.get("/m/find/?words=no such thing", headers=OPTIONS).content.decode()


def test_one_letter_finds_pages_only_and_costs_no_statement(visitor, order):
    desk = visitor(order.shop.scope)
    with budget(0):
        desk.get("/m/find/?words=r", headers=OPTIONS)
    with budget(3):  # begin, orders, goods
        desk.get("/m/find/?words=re", headers=OPTIONS)


def test_a_shop_finds_no_orders_of_another(visitor, order):
    other = a_shop().scope
    tail = order.page.number[-6:]
    assert orders.orders_numbered(other, number=tail) == ()
    assert str(order.id) not in visitor(other).get(f"/m/find/?words={tail}").content.decode()
    resident = Scope(role=Role.RESIDENT, person=a_person())
    assert orders.orders_numbered(resident, number=tail) == ()


def test_pages_are_found_in_both_languages(visitor, order):
    chinese = visitor(order.shop.scope, locale="zh-CN")
    for words in ("评价", "reviews"):
        assert 'href="/m/reviews/"' in chinese.get(f"/m/find/?words={words}", headers=OPTIONS).content.decode()


def test_the_company_finds_homes_people_by_masked_names_and_work_by_number(visitor):
    crew = a_crew()
    order = crew.raised()
    number = crew.page(order).number
    desk = visitor(crew.desk.scope)
    assert f'href="/p/homes/{crew.home.id}/"' in desk.get("/p/find/?words=3-2-501").content.decode()
    assert f'href="/p/work-orders/{order}/"' in desk.get(f"/p/find/?words={number[-8:]}").content.decode()
    (resident,) = people.household(SYSTEM, home=crew.home.id, at=AT)
    found = people.residents_called(
        crew.desk.scope, communities=[crew.desk.community.id], words=resident.name[:2], at=AT
    )
    assert [home for _name, home in found] == [crew.home.id]
    assert found[0][0].endswith("**")
    shown = desk.get(f"/p/find/?words={resident.name[:2]}", headers=OPTIONS).content.decode()
    assert found[0][0] in shown
    assert f"{resident.name}<" not in shown


def test_a_guard_is_shown_neither_people_nor_pages_that_are_closed_to_them(visitor):
    crew = a_crew()
    guard = visitor(replace(crew.desk.scope, duty=Duty.GUARD))
    page = guard.get("/p/find/?words=3-2-501").content.decode()
    assert str(crew.home.id) not in page
    pages = guard.get("/p/find/").content.decode()
    assert 'href="/p/gate/"' in pages
    assert 'href="/p/bills/"' not in pages


def test_another_companys_homes_and_people_are_not_found(visitor):
    crew, elsewhere = a_crew(), a_desk()
    reach = [crew.desk.community.id]
    name = people.household(crew.desk.scope, home=crew.home.id, at=AT)[0].name
    assert people.residents_called(elsewhere.scope, communities=reach, words=name, at=AT) == ()
    assert str(crew.home.id) not in visitor(elsewhere.scope).get("/p/find/?words=3-2-501").content.decode()


def test_wildcards_are_letters_like_others():
    crew = a_crew()
    for words in ("%", "_", "\\"):
        found = people.residents_called(crew.desk.scope, communities=[crew.desk.community.id], words=words, at=AT)
        assert found == ()
    assert places.find_homes(words="3-2-501") == ()


def test_operators_find_shops_of_their_city(visitor, order):
    operator = Scope(role=Role.PLATFORM, person=a_person())
    (name,) = shops.names(shops=[order.shop.id]).values()
    part_of_it = name["zh"][:3]
    assert order.shop.id in {one.shop for one in shops.shops_called(operator, words=part_of_it)}
    assert shops.shops_called(order.shop.scope, words=part_of_it) == ()
    shown = visitor(operator).get(f"/platform/find/?words={part_of_it}").content.decode()
    assert f"/platform/shops/{order.shop.id}/" in shown


def test_operators_find_an_order_by_its_number_and_see_how_it_went(visitor, order):
    desk = visitor(Scope(role=Role.PLATFORM, person=a_person()), locale="en")
    number = order.page.number
    for words in (number, number.lower(), number[-6:]):
        assert f'href="/platform/orders/{order.id}/"' in desk.get(f"/platform/find/?words={words}").content.decode()
    page = desk.get(f"/platform/orders/{order.id}/").content.decode()
    assert number in page
    assert "58.00" in page
    (door,) = places.homes([order.page.home]).values()
    assert door.door not in page


def test_a_whole_number_is_found_among_all_orders_and_its_end_among_the_latest(order, monkeypatch):
    monkeypatch.setattr(finding, "_AMONG_LATEST", finding._AMONG_LATEST.replace(f"LIMIT {finding.LATEST})", "LIMIT 0)"))
    number, shop, operator = order.page.number, order.shop.scope, Scope(role=Role.PLATFORM, person=a_person())
    for scope in (shop, operator):
        assert [one.order for one in orders.orders_numbered(scope, number=number.lower())] == [order.id]
        assert orders.orders_numbered(scope, number=number[-6:]) == ()


def test_operators_of_a_city_find_orders_of_that_city_only(visitor, order):
    number, city = order.page.number, order.shop.community.city
    here = Scope(role=Role.PLATFORM, person=a_person(), city=city)
    elsewhere = replace(here, city=a_community().city)
    assert [one.order for one in orders.orders_numbered(here, number=number)] == [order.id]
    assert orders.orders_numbered(elsewhere, number=number) == ()
    assert visitor(here).get(f"/platform/orders/{order.id}/").status_code == 200
    assert visitor(elsewhere).get(f"/platform/orders/{order.id}/").status_code == 404


def test_the_palette_finds_pages_that_stand_behind_others(visitor, order):
    desk = visitor(order.shop.scope, locale="en")
    assert 'href="/m/carry/"' in desk.get("/m/find/?words=what to carry", headers=OPTIONS).content.decode()
    operator = Scope(role=Role.PLATFORM, person=a_person())
    shown = visitor(operator, locale="en").get("/platform/find/?words=bills", headers=OPTIONS).content.decode()
    assert 'href="/platform/bills/"' in shown
    of_a_city = replace(operator, city=order.shop.community.city)
    shown = visitor(of_a_city, locale="en").get("/platform/find/?words=bills", headers=OPTIONS).content.decode()
    assert 'href="/platform/bills/"' not in shown
    (name,) = [card.name["zh"] for card in places.communities(ids=[order.shop.community.id])]
    community = visitor(operator).get("/platform/find/", {"words": name}).content.decode()
    assert f'href="/platform/figures/{order.shop.community.id}/"' in community
