"""A home of the resident's: who lives there, whom they add, who goes; and what was written to them."""

from __future__ import annotations

import pytest
from django.test import Client

from builders import AT, a_home
from builders.corner import Corner, owner
from harness.budget import budget
from harness.visitors import Visitor
from linli.ground.people import queries as people
from linli.reach.notify import actions as notify
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
PHONE = "13700137001"


def living_in(corner: Corner) -> list[str]:
    return [each.kind for each in people.household(SYSTEM, home=corner.home.id, at=AT)]


def test_a_family_member_is_added_seen_masked_and_taken_out(resident: Client, corner: Corner):
    home = owner("homes", corner.home.id)
    said = resident.post(home + "family/", {"name": "王小红", "phone": PHONE}, follow=True).content.decode()
    assert living_in(corner) == ["owner", "family"]
    assert "王**" in said
    assert "王小红" not in said
    assert PHONE not in said
    person = people.person_by_phone(SYSTEM, phone=PHONE)
    assert resident.post(f"{home}family/{person}/end/").status_code == 303
    assert living_in(corner) == ["owner"]


@pytest.mark.parametrize(
    ("name", "phone", "field"), [("", PHONE, "name"), ("王小红", "12", "phone"), ("王" * 81, PHONE, "name")]
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    resident: Client, corner: Corner, name: str, phone: str, field: str
):
    refused = resident.post(owner("homes", corner.home.id) + "family/", {"name": name, "phone": phone})
    assert refused.status_code == 422
    said = refused.content.decode()
    assert f'id="{field}-wrong"' in said
    assert said.count(" autofocus") == 1  # the page opens there, however long it is
    assert f'value="{phone}"' in said
    assert living_in(corner) == ["owner"]


def test_the_home_of_others_is_not_there(resident: Client, corner: Corner):
    assert resident.get(owner("homes", a_home().with_owner().id)).status_code == 404


def test_messages_are_read_again_with_the_way_to_what_they_are_about(resident: Client, corner: Corner):
    assert "LO-260302-0001" not in resident.get(owner("me", "messages")).content.decode()
    values = {"shop": "阿婆面馆", "number": "LO-260302-0001"}
    notify.queue_message(SYSTEM, to=corner.home.owner, template="order_ready", values=values, at=AT)
    shown = resident.get(owner("me", "messages")).content.decode()
    assert "LO-260302-0001" in shown
    assert 'href="/o/orders/"' in shown


def test_query_budgets(corner: Corner, visitor: Visitor):
    me = visitor(corner.scope)
    for address, statements in ((owner("me", "messages"), 2), (owner("homes", corner.home.id), 7)):
        me.get(address)
        with budget(statements):
            assert me.get(address).status_code == 200
