"""The operators' team and their lost authenticators at the desk."""

from __future__ import annotations

import pytest

from builders import AT, a_city, a_person
from builders.people import a_phone
from harness.budget import statements_of_pages
from linli.ground.people import actions as people
from linli.ground.people import queries as who
from linli.kernel.ids import PartyId
from linli.reach.sign_in import queries as sign_in
from linli.spine.scope import SYSTEM, Role, Scope
from reach.sign_in.test_actions import PHONE, ask, redeem
from reach.sign_in.test_authenticators import protected

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_inbox(settings):
    settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.EmbeddedInbox"


def an_operator(name: str = "林站长", city=None, phone: str = "") -> Scope:
    person = people.appoint_operator(SYSTEM, name=name, phone=phone or a_phone(), city=city, at=AT)
    return Scope(role=Role.PLATFORM, person=person, city=city)


def text(response) -> str:
    return response.content.decode()


def team() -> dict[PartyId, bool]:
    from linli.faces.shell.clock import now

    return {each.party: each.is_everywhere for each in who.operators(SYSTEM, at=now())}


def test_the_pages_keep_their_budgets_in_both_languages(visitor):
    me, other = an_operator(), an_operator("何站长")
    for locale, word in (("zh-CN", "运营员"), ("en", "Operators")):
        desk = visitor(me, locale=locale)
        budget = {
            "/platform/team/": 3,
            f"/platform/team/{other.person}/": 3,
            "/platform/losses/": 2,
            f"/platform/losses/of/{other.person}/": 13,
        }
        assert statements_of_pages(desk, budget) == budget
        assert word in text(desk.get("/platform/team/"))


def test_an_operator_is_appointed_changed_and_removed(visitor):
    me, city = an_operator(), a_city("江城")
    desk = visitor(me)
    assert desk.post("/platform/team/", {"name": "何站长", "phone": "13900007001", "city": ""}).status_code == 303
    person = who.person_by_phone(SYSTEM, phone="13900007001")
    assert person is not None
    assert team() == {me.person: True, person: True}
    page = text(desk.get("/platform/team/"))
    assert "何站长" in page
    assert "139****7001" in page
    assert desk.post(f"/platform/team/{person}/", {"city": str(city.id)}).status_code == 303
    assert team() == {me.person: True, person: False}
    assert "江城" in text(desk.get("/platform/team/"))
    refused = desk.post(f"/platform/team/{me.person}/leaving/")
    assert (refused.status_code, "has to stay" in text(refused)) == (409, True)
    assert desk.post(f"/platform/team/{person}/leaving/").status_code == 303
    assert team() == {me.person: True}


def test_what_is_no_phone_is_said_at_its_field(visitor):
    me = an_operator()
    refused = visitor(me).post("/platform/team/", {"name": "He", "phone": "12"})
    assert (refused.status_code, 'id="phone-wrong"' in text(refused)) == (422, True)
    assert team() == {me.person: True}


def test_an_operator_of_one_city_appoints_for_it_and_sees_no_others(visitor):
    city, boss = a_city("江城"), an_operator("总站长")
    elsewhere = an_operator("别处站长", a_city().id)
    mine = an_operator("何站长", city.id)
    desk = visitor(mine)
    page = text(desk.get("/platform/team/"))
    assert "何站长" in page
    for unseen in ("总站长", "别处站长", "Lost authenticators", "The whole platform"):
        assert unseen not in page
    # A city that is smuggled into the form is not heard.
    assert desk.post("/platform/team/", {"name": "小何", "phone": "13900007002", "city": ""}).status_code == 303
    assert sum(team().values()) == 1
    for path in (f"/platform/team/{boss.person}/", f"/platform/team/{elsewhere.person}/", "/platform/losses/"):
        assert desk.get(path).status_code == 404
    assert desk.post(f"/platform/team/{boss.person}/leaving/").status_code == 404
    assert boss.person in team()


@pytest.fixture
def lost() -> Scope:
    """An operator who has an authenticator, and lost it."""
    scope = an_operator("丢失者", phone=PHONE)
    assert scope.person is not None
    protected(scope.person, redeem(ask()).session)
    return scope


def has_one(scope: Scope) -> bool:
    assert scope.person is not None
    return sign_in.has_authenticator(SYSTEM, person=scope.person)


def test_one_reports_another_confirms_and_it_is_taken_off(visitor, lost):
    first, second = visitor(an_operator()), visitor(an_operator("何站长"))
    found = first.post("/platform/losses/", {"phone": PHONE})
    assert found["Location"] == f"/platform/losses/of/{lost.person}/"
    assert "Take the authenticator off" in text(first.get(found["Location"]))
    done = first.post(found["Location"], {"why": "Called me from home"})
    assert (done.status_code, has_one(lost)) == (303, True)
    (card,) = sign_in.losses(SYSTEM)
    confirm = f"/platform/losses/{card.loss}/confirmation/"
    mine = text(first.get("/platform/losses/"))
    assert "Called me from home" in mine
    assert confirm not in mine
    assert first.post(confirm).status_code == 409
    assert has_one(lost)
    assert confirm in text(second.get("/platform/losses/"))
    assert second.post(confirm).status_code == 303
    assert not has_one(lost)


def test_a_report_needs_a_reason_and_can_be_stopped(visitor, lost):
    desk = visitor(an_operator())
    page = f"/platform/losses/of/{lost.person}/"
    refused = desk.post(page, {"why": ""})
    assert (refused.status_code, 'id="why-wrong"' in text(refused)) == (422, True)
    assert sign_in.losses(SYSTEM) == ()
    desk.post(page, {"why": "Called me"})
    (card,) = sign_in.losses(SYSTEM)
    assert "is taken off on" in text(desk.get(page))
    assert desk.post(f"/platform/losses/{card.loss}/stopping/").status_code == 303
    assert (sign_in.losses(SYSTEM), has_one(lost)) == ((), True)


def test_a_number_of_nobody_is_said_at_its_field(visitor):
    refused = visitor(an_operator()).post("/platform/losses/", {"phone": "13900007999"})
    assert (refused.status_code, 'id="phone-wrong"' in text(refused)) == (422, True)


def test_strangers_find_neither(visitor):
    for role in (Role.PROPERTY, Role.MERCHANT, Role.RESIDENT):
        client = visitor(Scope(role=role, person=a_person()))
        assert client.get("/platform/team/").status_code == 404
        assert client.get("/platform/losses/").status_code == 404


def test_the_first_one_of_a_house_without_a_city_is_led_to_its_places(visitor):
    desk = visitor(an_operator())
    assert desk.get("/platform/")["Location"] == "/platform/places/"
    a_city("江城")
    assert "江城" in text(desk.get("/platform/"))


def test_what_waits_for_a_second_word_stands_on_the_first_page(visitor, lost):
    a_city()
    helper = an_operator()
    assert "/platform/losses/" not in text(visitor(helper).get("/platform/"))
    visitor(helper).post(f"/platform/losses/of/{lost.person}/", {"why": "Called me"})
    assert "/platform/losses/" in text(visitor(an_operator("何站长")).get("/platform/"))
