"""What a shop says of itself: holidays, the communities it serves, and who works there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT, a_community, a_person, a_shop
from builders.orders import an_order, climb
from builders.people import a_phone
from builders.pictures import a_picture
from harness.budget import budget
from linli.ground.people import queries as people
from linli.ground.places import actions as places
from linli.kernel.period import Period
from linli.kernel.refusals import NotFound
from linli.spine.scope import GUEST, SYSTEM, Role, Scope
from linli.trade.shops import actions
from linli.trade.shops import queries as shops

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(rice):
    return rice.shop


@pytest.fixture
def desk(visitor, shop):
    return visitor(shop.scope)


def text(response) -> str:
    return response.content.decode()


def kept(shop):
    return shops.shop(SYSTEM, shop=shop.id)


def a_neighbour(shop, *, north: float):
    """A community of the same city, so many degrees north of the shop's."""
    near = shop.community
    called = {"zh": "北岸新村", "en": "North Bank"}
    return places.add_community(
        SYSTEM, district=near.district, name=called, lat=near.lat + north, lon=near.lon, address="北岸路1号", at=AT
    )


def test_every_page_opens_in_both_languages_within_its_budget(visitor, shop):
    budgets = {"/m/settings/": 12, "/m/settings/zone/": 10, "/m/settings/staff/": 6, "/m/settings/picture/": 8}
    for locale, words in (("zh-CN", "店铺设置"), ("en", "Shop settings")):
        client = visitor(shop.scope, locale=locale)
        for where, statements in budgets.items():
            assert words in text(client.get(where))
            with budget(statements):
                assert client.get(where).status_code == 200, where


def test_a_suspended_merchant_reads_why_and_neighbours_read_that_nothing_is_on_the_shelf(desk, shop, visitor):
    assert "Pause 30 min" in text(desk.get("/m/settings/"))
    actions.suspend(SYSTEM, shop=shop.id, why="证照过期", at=AT)
    page = text(desk.get("/m/settings/"))
    assert "The platform has suspended this shop (证照过期)." in page
    assert "Pause 30 min" not in page
    outside = text(visitor(GUEST).get(f"/o/communities/{shop.community.id}/shops/{shop.id}/"))
    assert "Nothing is on the shelf now" in outside
    assert "Try a shorter word" not in outside


def test_a_picture_of_the_shop_is_put_up_seen_by_neighbours_and_taken_down(desk, shop, visitor):
    chosen = {"file": SimpleUploadedFile("front.jpg", a_picture())}
    assert desk.post("/m/settings/picture/", chosen).status_code == 303
    first = kept(shop).picture
    assert f"/pictures/{first}/" in text(desk.get("/m/settings/picture/"))
    assert f"/pictures/{first}/" in text(visitor(GUEST).get(f"/o/communities/{shop.community.id}/"))
    assert desk.post("/m/settings/picture/removal/").status_code == 303
    assert kept(shop).picture is None


def test_what_is_no_picture_is_refused_and_the_shop_keeps_its_own(desk, shop):
    desk.post("/m/settings/picture/", {"file": SimpleUploadedFile("front.jpg", a_picture())})
    before = kept(shop).picture
    answer = desk.post("/m/settings/picture/", {"file": SimpleUploadedFile("front.jpg", b"<svg onload='x'/>")})
    assert answer.status_code == 415
    assert kept(shop).picture == before


def test_the_picture_of_another_shop_is_left_alone(shop):
    other = a_shop()
    with pytest.raises(NotFound):
        actions.upload_picture(other.scope, shop=shop.id, file_name="x.jpg", content=a_picture(), at=AT)
    assert kept(shop).picture is None


def test_holidays_are_set_shown_and_taken_back(desk, shop):
    first = AT.date() + timedelta(days=10)
    form = {"first": f"{first}", "last": f"{first + timedelta(days=2)}"}
    assert desk.post("/m/settings/holidays/", form).status_code == 303
    assert kept(shop).hours.holidays == (Period(first, first + timedelta(days=3)),)
    again = desk.post("/m/settings/holidays/", {"first": f"{first + timedelta(days=1)}"})
    assert again.status_code == 422
    assert 'id="first-wrong"' in text(again)
    assert "Open after all" in text(desk.get("/m/settings/"))
    assert desk.post("/m/settings/holiday-ends/", {"first": f"{first}"}).status_code == 303
    assert kept(shop).hours.holidays == ()


@pytest.mark.parametrize(
    ("form", "field"), [({"first": "soon"}, "first"), ({"first": "2026-05-03", "last": "2026-05-01"}, "last")]
)
def test_days_that_make_no_holiday_are_asked_again(desk, shop, form, field):
    answer = desk.post("/m/settings/holidays/", form)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in text(answer)
    assert kept(shop).hours.holidays == ()


def test_a_community_within_reach_is_ticked_hidden_and_shown_again(desk, shop):
    north = a_neighbour(shop, north=0.01)
    page = text(desk.get("/m/settings/zone/"))
    assert "North Bank" in page
    assert "no terms yet" in page
    mine = shop.community.id
    assert desk.post("/m/settings/zone/", {"communities": [mine, north]}).status_code == 303
    assert {(each.community, each.visible) for each in kept(shop).zone} == {(mine, True), (north, True)}
    assert desk.post("/m/settings/zone/", {"communities": [mine]}).status_code == 303
    assert {(each.community, each.visible) for each in kept(shop).zone} == {(mine, True), (north, False)}
    assert "North Bank" in text(desk.get("/m/settings/zone/"))


def test_what_is_too_far_away_or_elsewhere_is_refused_and_the_zone_stays(desk, shop):
    before = kept(shop).zone
    far, elsewhere = a_neighbour(shop, north=0.05), a_community().id
    for wrong, words in ((far, "farther than 3000 metres"), (elsewhere, "no such community")):
        answer = desk.post("/m/settings/zone/", {"communities": [shop.community.id, wrong]})
        assert answer.status_code in (409, 422)
        assert words in text(answer)
        assert kept(shop).zone == before


def test_staff_are_added_by_phone_and_wear_the_shops_hat(desk, shop):
    phone = a_phone()
    assert desk.post("/m/settings/staff/", {"name": "李小店", "phone": phone}).status_code == 303
    person = people.person_by_phone(SYSTEM, phone=phone)
    (hat, _resident) = people.hats(SYSTEM, person=person, at=AT)
    assert (hat.role, hat.scope.shop, hat.scope.company) == (Role.MERCHANT, shop.id, shop.merchant)
    page = text(desk.get("/m/settings/staff/"))
    assert "李**" in page
    assert "李小店" not in page
    assert phone not in page
    assert desk.post(f"/m/settings/staff/{person}/leaving/").status_code == 303
    assert [hat.role for hat in people.hats(SYSTEM, person=person, at=AT + timedelta(1))] == [Role.RESIDENT]


@pytest.mark.parametrize(
    ("form", "field"), [({"name": "", "phone": "13912345678"}, "name"), ({"name": "李", "phone": "12"}, "phone")]
)
def test_staff_without_a_name_or_a_phone_are_asked_again(desk, shop, form, field):
    answer = desk.post("/m/settings/staff/", form)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in text(answer)
    assert len(shops.staff(SYSTEM, shop=shop.id, at=AT).people) == 1


@pytest.fixture
def helper(desk, visitor):
    """A browser of somebody who works at the shop and is not its merchant."""
    phone = a_phone()
    desk.post("/m/settings/staff/", {"name": "李小店", "phone": phone})
    person = people.person_by_phone(SYSTEM, phone=phone)
    return people.hats(SYSTEM, person=person, at=AT)[0].scope


def test_staff_do_not_decide_about_staff(visitor, helper, shop):
    client = visitor(helper)
    assert "Only who applied" in text(client.get("/m/settings/staff/"))
    assert client.post("/m/settings/staff/", {"name": "王", "phone": a_phone()}).status_code == 403
    assert client.post(f"/m/settings/staff/{helper.person}/leaving/").status_code == 403
    assert len(shops.staff(SYSTEM, shop=shop.id, at=AT).people) == 2


def test_the_merchant_cannot_be_removed(desk, shop):
    assert desk.post(f"/m/settings/staff/{shop.merchant}/leaving/").status_code == 404
    assert len(shops.staff(SYSTEM, shop=shop.id, at=AT).people) == 1


def test_staff_read_the_statement_of_the_shops_merchant_and_of_nobody_else(visitor, helper, rice):
    earned = an_order(rice, 2).completed()
    climb(earned.at)
    month = f"/m/statement/?month={earned.at:%Y-%m}"
    assert earned.page.number in text(visitor(helper).get(month))
    other = a_shop()
    stranger = Scope(role=Role.MERCHANT, person=a_person(), shop=other.id, company=other.merchant)
    assert earned.page.number not in text(visitor(stranger).get(month))


def test_strangers_change_no_settings(visitor, shop, strangers):
    before = kept(shop), shops.staff(SYSTEM, shop=shop.id, at=AT)
    for scope in strangers:
        client = visitor(scope)
        expected = 200 if scope.role is Role.MERCHANT else 404
        for where in ("/m/settings/", "/m/settings/zone/", "/m/settings/staff/"):
            assert client.get(where).status_code == expected
        assert client.post(f"/m/settings/staff/{shop.merchant}/leaving/").status_code == 404
        if scope.role is not Role.MERCHANT:
            assert client.post("/m/settings/holidays/", {"first": f"{date(2026, 5, 1)}"}).status_code == 404
    assert (kept(shop), shops.staff(SYSTEM, shop=shop.id, at=AT)) == before
