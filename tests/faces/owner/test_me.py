"""Me: the name, the language, the devices, the data."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from builders import AT
from builders.corner import Corner, owner
from builders.orders import an_order, climb
from linli.ground.people import queries as people
from linli.spine.scope import SYSTEM
from linli.trust.reviews import actions as reviews

pytestmark = pytest.mark.django_db


def name_of(corner: Corner) -> str:
    return people.names(SYSTEM, parties=[corner.home.owner])[corner.home.owner]


def test_me_shows_the_homes_and_a_masked_number(resident: Client, corner: Corner):
    shown = resident.get(owner("me")).content.decode()
    assert "7-2-1203" in shown
    assert "王小明" in shown
    assert str(people.phone_of(SYSTEM, party=corner.home.owner)) not in shown


def test_a_page_of_another_role_is_not_here_and_says_where_roles_are_changed(resident: Client, corner: Corner):
    answer = resident.get("/p/bills/")
    assert answer.status_code == 404
    assert 'href="/hats/"' in answer.content.decode()


def test_the_name_is_changed_and_an_empty_one_is_not(resident: Client, corner: Corner):
    assert resident.post(owner("me", "name"), {"name": "  "}).status_code == 422
    assert name_of(corner) == "王小明"
    assert resident.post(owner("me", "name"), {"name": "Wang Min"}).status_code == 303
    assert name_of(corner) == "Wang Min"


def test_the_language_is_kept_for_messages_too(resident: Client, corner: Corner):
    assert resident.post(owner("me", "language"), {"locale": "en"}).status_code == 303
    assert people.locale_of(SYSTEM, party=corner.home.owner) == "en"
    assert resident.cookies["linli_language"].value == "en"


def test_everything_that_is_held_is_given_as_a_file(resident: Client, corner: Corner):
    order = an_order(corner.bread, home=corner.home, at=AT)
    answer = resident.get(owner("me", "data.json"))
    assert answer["Content-Disposition"] == 'attachment; filename="linli.json"'
    held = json.loads(answer.content)
    assert held["person"]["name"] == "王小明"
    assert [each["order"] for each in held["orders"]] == [str(order.id)]
    assert {name for name, kept in held.items() if kept == []} >= {"automatic_payments", "paid_ahead", "contracts"}


def test_the_file_holds_every_order_with_its_lines_and_every_review(resident: Client, corner: Corner):
    order = an_order(corner.bread, 2, home=corner.home, at=AT).completed()
    climb(order.at)
    reviews.write_review(corner.scope, order=order.id, stars=4, text="Still warm", at=order.at)
    for _nth in range(21):
        an_order(corner.tomatoes, home=corner.home, at=AT)
    held = json.loads(resident.get(owner("me", "data.json")).content)
    assert len(held["orders"]) == 22
    (line,) = held["orders"][-1]["lines"]
    assert (line["title"]["en"], line["quantity"], line["net"]["minor"]) == ("Loaf", 2, 2400)
    assert [each["text"] for each in held["reviews"]] == ["Still warm"]


def test_whoever_has_an_order_under_way_is_not_erased_yet(resident: Client, corner: Corner):
    order = an_order(corner.bread, home=corner.home, at=AT).paid()
    refused = resident.post(owner("me", "erasure"), {"sure": "1"})
    assert refused.status_code == 409
    assert 'id="sure-wrong"' in refused.content.decode()
    assert people.is_live(SYSTEM, party=corner.home.owner)
    order.accepted().ready().handed_over()
    assert resident.post(owner("me", "erasure"), {"sure": "1"}).status_code == 303
    assert not people.is_live(SYSTEM, party=corner.home.owner)


def test_erasing_needs_to_be_meant(resident: Client, corner: Corner):
    assert resident.post(owner("me", "erasure")).status_code == 422
    assert people.is_live(SYSTEM, party=corner.home.owner)
    assert resident.post(owner("me", "erasure"), {"sure": "1"}).status_code == 303
    assert not people.is_live(SYSTEM, party=corner.home.owner)
