"""Asking to sell here, from a sign-in without any role to an approved shop, as a browser does it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT, a_community, a_person, a_shop
from builders.pictures import a_picture
from harness.budget import budget
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.shops import actions, queries, rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return a_community("滨江花园")


@pytest.fixture
def neighbour():
    """Somebody who is signed in and has no role at all."""
    return Scope(role=Role.RESIDENT, person=a_person())


@pytest.fixture
def desk(visitor, neighbour):
    return visitor(neighbour)


def text(response) -> str:
    return response.content.decode()


def form(community, **changes) -> dict[str, str]:
    said = {
        "name.zh": "老王面馆", "name.en": "Wang's Noodles", "kind": "restaurant", "community": str(community.id),
        "address": "滨江路6号",
    }  # fmt: skip
    return said | changes


@pytest.fixture
def applied(desk, community):
    answer = desk.post("/shop-applications/new/", form(community))
    assert answer.status_code == 303
    return answer["Location"]


def shop_of(neighbour):
    (summary,) = queries.my_shops(neighbour)
    return queries.shop(SYSTEM, shop=summary.shop)


def paper(name="licence.pdf", content=b"%PDF-1.7 a licence"):
    return SimpleUploadedFile(name, content)


def licence(**changes) -> dict[str, object]:
    return {"number": "91330100MA0000000X", "expires_on": "2030-01-01", "file": paper()} | changes


def test_whoever_is_signed_in_applies_with_a_form(desk, neighbour, community, applied):
    shop = shop_of(neighbour)
    assert (shop.name, shop.kind, shop.address) == (
        {"zh": "老王面馆", "en": "Wang's Noodles"}, rules.ShopKind.RESTAURANT, "滨江路6号",
    )  # fmt: skip
    assert (shop.lat, shop.lon) == (community.lat, community.lon)
    assert [each.community for each in shop.zone] == [community.id]
    page = text(desk.get(applied))
    assert "2 licences are still missing" in page
    assert "You applied" in page
    assert "Noodles" in text(desk.get("/shop-applications/"))


def test_the_exact_place_may_be_said_by_coordinates(desk, neighbour, community):
    assert desk.post("/shop-applications/new/", form(community, lat="30.2510", lon="120.1620")).status_code == 303
    shop = shop_of(neighbour)
    assert (shop.lat, shop.lon) == (30.251, 120.162)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name.zh": ""}, "name.zh"), ({"kind": "magic"}, "kind"), ({"address": " "}, "address"),
        ({"lat": "91", "lon": "1"}, "lat"), ({"lat": "31.9", "lon": "120"}, "lat"), ({"community": "x"}, "community"),
    ],
)  # fmt: skip
def test_a_mistaken_application_is_asked_again_at_its_field_with_what_was_typed(
    desk, neighbour, community, change, field
):
    answer = desk.post("/shop-applications/new/", form(community) | change)
    assert answer.status_code in (409, 422)
    assert f'id="{field}-wrong"' in text(answer)
    assert "Wang&#39;s Noodles" in text(answer)
    assert queries.my_shops(neighbour) == ()


def test_licences_are_shown_judged_and_refused_with_reasons_that_stand_on_the_page(desk, neighbour, applied):
    for kind in ("business", "food"):
        assert desk.post(f"{applied}licences/{kind}/", licence()).status_code == 303
    page = text(desk.get(applied))
    assert "Everything is there" in page
    assert "/files/" in page
    food = next(each for each in shop_of(neighbour).licences if each.kind is rules.LicenceKind.FOOD)
    actions.judge_licence(SYSTEM, licence=food.id, accepted=False, why="The stamp cannot be read", at=AT)
    assert "The stamp cannot be read" in text(desk.get(applied))
    assert "The stamp cannot be read" in text(desk.get(f"{applied}licences/food/"))
    again = licence(file=paper("photo.jpg", a_picture()))
    assert desk.post(f"{applied}licences/food/", again).status_code == 303
    assert "The stamp cannot be read" not in text(desk.get(applied))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": ""}, "number"), ({"expires_on": "2020-01-01"}, "expires_on"), ({"file": ""}, "file"),
        ({"file": paper("licence.exe", b"MZ\x00\x01 a program")}, "file"),
    ],
)  # fmt: skip
def test_a_licence_that_cannot_be_used_is_refused_at_its_field(desk, neighbour, applied, change, field):
    answer = desk.post(f"{applied}licences/business/", licence() | change)
    assert answer.status_code in (415, 422)
    assert f'id="{field}-wrong"' in text(answer)
    assert shop_of(neighbour).licences == ()


def test_after_a_refusal_what_was_entered_is_kept_changed_and_sent_again(desk, neighbour, community, applied):
    shop = shop_of(neighbour)
    actions.refuse(SYSTEM, shop=shop.shop, why="The address is not a shop", at=AT)
    page = text(desk.get(applied))
    assert "The address is not a shop" in page
    assert 'value="滨江路6号"' in text(desk.get(f"{applied}details/"))
    assert desk.post(f"{applied}details/", form(community, address="滨江路16号")).status_code == 303
    missing = desk.post(f"{applied}renewal/", {"why": ""})
    assert missing.status_code == 422
    assert shop_of(neighbour).state is rules.ShopState.REFUSED
    assert desk.post(f"{applied}renewal/", {"why": "We have moved"}).status_code == 303
    shop = shop_of(neighbour)
    assert (shop.state, shop.address) == (rules.ShopState.APPLIED, "滨江路16号")
    assert "You applied again" in text(desk.get(applied))


def test_an_approved_shop_leads_to_its_desk_and_its_application_cannot_be_changed(visitor, community):
    shop = a_shop(community=community)
    desk = visitor(Scope(role=Role.RESIDENT, person=shop.merchant))
    where = f"/shop-applications/{shop.id}/"
    page = text(desk.get(where))
    assert f'value="merchant|shop|{shop.id}"' in page
    assert "Name the bank account" in page
    before = queries.shop(SYSTEM, shop=shop.id)
    assert desk.post(f"{where}details/", form(community)).status_code == 409
    assert queries.shop(SYSTEM, shop=shop.id) == before


def test_strangers_find_no_application_and_change_none(visitor, neighbour, community, applied):
    before = shop_of(neighbour)
    for stranger in (Scope(role=Role.RESIDENT, person=a_person()), a_shop().scope):
        client = visitor(stranger)
        for where in ("", "details/", "licences/food/"):
            assert client.get(applied + where).status_code == 404, where
        assert client.post(f"{applied}details/", form(community, address="x")).status_code == 404
        assert client.post(f"{applied}licences/food/", licence()).status_code == 404
        assert client.post(f"{applied}renewal/", {"why": "x"}).status_code == 404
    assert shop_of(neighbour) == before


def test_a_guest_is_asked_to_sign_in_first(visitor, community, applied):
    client = visitor()
    for where in ("/shop-applications/", "/shop-applications/new/", applied):
        answer = client.get(where)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, "/sign-in/")
    assert client.post("/shop-applications/new/", form(community)).status_code == 404


def test_the_pages_open_in_both_languages_within_their_budgets(visitor, desk, neighbour, applied):
    desk.post(f"{applied}licences/food/", licence())
    budgets = {
        "/shop-applications/": 2,
        "/shop-applications/new/": 1,
        applied: 9,
        f"{applied}details/": 8,
        f"{applied}licences/food/": 7,
    }
    for locale, words in (("zh-CN", "食品经营许可"), ("en", "good until")):
        client = visitor(neighbour, locale=locale)
        assert words in text(client.get(applied))
        for where, statements in budgets.items():
            client.get(where)
            with budget(statements):
                assert client.get(where).status_code == 200, where


def test_an_operator_of_the_platform_asks_for_a_shop_of_their_own_as_anybody_does(visitor, community):
    operator = Scope(role=Role.PLATFORM, person=a_person())
    client = visitor(operator)
    answer = client.post("/shop-applications/new/", form(community))
    assert answer.status_code == 303
    assert client.get(answer["Location"]).status_code == 200
    (mine,) = queries.my_shops(replace(operator, role=Role.RESIDENT))
    assert queries.shop(SYSTEM, shop=mine.shop).merchant == operator.person
