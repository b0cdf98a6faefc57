"""Policies at the desk: what holds where, what a change would do, and setting it with its day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_city, a_community, a_company, a_person
from harness.budget import budget
from linli.ground.people import actions as people
from linli.ground.places import actions as places
from linli.ground.policies import actions, queries
from linli.kernel.money import Money
from linli.money.payouts.rules import PayoutPolicy
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders.rules import OrderPolicy

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person("陈运营"))


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


@pytest.fixture
def community():
    found = a_community("幸福里")
    people.entrust_community(SYSTEM, community=found.id, company=a_company("安居物业"), start_on=AT.date(), at=AT)
    return found


def text(response) -> str:
    return response.content.decode()


def held(community, setting="accept_minutes") -> int:
    queries.forget()
    return getattr(queries.policy(SYSTEM, OrderPolicy, at=NOW, community=community.id), setting)


ACCEPT = "/platform/policies/orders/accept_minutes/"


def test_every_policy_opens_at_every_place_in_both_languages_within_its_budget(visitor, operator, community):
    building = places.add_building(SYSTEM, community=community.id, label="3", at=AT)
    company = people.register_organisation(SYSTEM, name="安居物业二", at=AT)
    other = a_community()
    people.entrust_community(SYSTEM, community=other.id, company=company, start_on=AT.date(), at=AT)
    where = {
        "": 6,
        f"city:{community.city}": 6,
        f"company:{company}": 6,
        f"community:{community.id}": 7,
        f"building:{building}": 9,
    }
    for locale in ("zh-CN", "en"):
        client = visitor(operator, locale=locale)
        for place, statements in where.items():
            with budget(statements):
                assert client.get(f"/platform/policies/?where={place}").status_code == 200, place
            assert client.get(f"{ACCEPT}?where={place}").status_code == 200, place
    assert "店铺" in text(visitor(operator, locale="zh-CN").get("/platform/policies/"))


def test_a_page_says_where_a_value_comes_from(desk, community):
    actions.set_policy(
        SYSTEM, word="orders", level="city", place=community.city, values={"accept_minutes": 25}, start_at=AT, at=AT
    )
    page = text(desk.get(f"/platform/policies/?where=community:{community.id}&about=orders"))
    row = page.partition("Minutes in which the shop accepts a paid order")[2].partition("</tr>")[0]
    assert ">25<" in row
    assert "(city)" in row
    assert "built in" in page


def test_a_preview_changes_nothing_and_names_those_who_keep_their_own(desk, community):
    actions.set_policy(
        SYSTEM, word="orders", level="community", place=community.id, values={"accept_minutes": 30}, start_at=AT, at=AT
    )
    page = text(desk.post(f"{ACCEPT}preview/?where=city:{community.city}", {"accept_minutes": "20"}))
    keeping = page.partition("Narrower places that keep their own value")[2].partition("</table>")[0]
    assert "幸福里" in keeping
    assert ">30<" in keeping
    assert held(community) == 30
    elsewhere = text(desk.post(f"{ACCEPT}preview/?where=city:{a_city().id}", {"accept_minutes": "20"}))
    assert "No narrower place has a value of its own." in elsewhere


def test_the_form_below_a_preview_still_holds_what_was_typed(desk, community):
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    typed = {"accept_minutes": "20", "start_at": tomorrow}
    page = text(desk.post(f"{ACCEPT}preview/?where=community:{community.id}", typed))
    below = page.partition("Set it here")[2]
    assert 'name="accept_minutes"' in below
    assert 'value="20"' in below
    assert f'value="{tomorrow}"' in below


def test_a_value_is_set_inherited_again_and_remembered_with_who_set_it(desk, community):
    where = f"{ACCEPT}?where=community:{community.id}"
    assert desk.post(where, {"accept_minutes": "40"}).status_code == 303
    assert held(community) == 40
    assert "陈运营" in text(desk.get(where)).partition("History at this place")[2]
    assert desk.post(where, {"inherit": "1"}).status_code == 303
    assert held(community) == 15
    history = text(desk.get(where)).partition("History at this place")[2]
    assert "inherited again" in history
    assert ">40<" in history


def test_a_value_of_a_later_day_waits_for_it(desk, community):
    where = f"{ACCEPT}?where=community:{community.id}"
    tomorrow = (NOW + timedelta(days=1)).date()
    assert desk.post(where, {"accept_minutes": "40", "start_at": tomorrow.isoformat()}).status_code == 303
    assert held(community) == 15
    queries.forget()
    later = queries.policy(SYSTEM, OrderPolicy, at=NOW + timedelta(days=2), community=community.id)
    assert later.accept_minutes == 40


def test_an_amount_is_written_as_money(desk, community):
    where = f"/platform/policies/payouts/minimum/?where=city:{community.city}"
    assert desk.post(where, {"minimum": "12.50"}).status_code == 303
    queries.forget()
    assert queries.policy(SYSTEM, PayoutPolicy, at=NOW, city=community.city).minimum == Money(1250)


@pytest.mark.parametrize(
    ("form", "field", "reason"),
    [
        ({"accept_minutes": "0"}, "accept_minutes", "At least 1 is needed."),
        ({"accept_minutes": "1441"}, "accept_minutes", "At most 1440 is allowed."),
        ({"accept_minutes": "soon"}, "accept_minutes", "Please write a whole number."),
        ({"accept_minutes": "20", "start_at": "2020-01-01"}, "start_at", "A policy may not begin in the past."),
    ],
)
@pytest.mark.parametrize("step", ["", "preview/"])
def test_a_bad_value_is_refused_at_its_field_and_nothing_is_set(desk, community, form, field, reason, step):
    answer = desk.post(f"{ACCEPT}{step}?where=community:{community.id}", form)
    assert answer.status_code == 422
    wrong = text(answer).partition(f'id="{field}-wrong"')[2].partition("</p>")[0]
    assert reason in wrong
    assert held(community) == 15


def test_places_and_settings_that_do_not_exist_are_not_found(desk, community):
    for where in (
        f"{ACCEPT}?where=community:{a_person()}",
        f"{ACCEPT}?where=nowhere",
        "/platform/policies/orders/candles/",
        "/platform/policies/cake/slices/",
    ):
        assert desk.get(where).status_code == 404, where


def test_strangers_see_and_set_nothing(visitor, community):
    for role in (Role.RESIDENT, Role.MERCHANT, Role.PROPERTY):
        client = visitor(Scope(role=role, person=a_person(), communities=(community.id,)))
        assert client.get("/platform/policies/").status_code == 404
        assert client.post(f"{ACCEPT}?where=community:{community.id}", {"accept_minutes": "40"}).status_code == 404
    assert held(community) == 15


def test_an_operator_of_one_city_sets_nothing_elsewhere(visitor, community):
    client = visitor(Scope(role=Role.PLATFORM, person=a_person(), city=a_city().id))
    assert client.post(f"{ACCEPT}?where=community:{community.id}", {"accept_minutes": "40"}).status_code == 404
    assert client.post(f"{ACCEPT}?where=platform:", {"accept_minutes": "40"}).status_code == 404
    assert held(community) == 15
