"""Whoever works for the company finds on the first page what their duty needs, and no door that is closed to them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from builders import AT
from builders.billing import a_desk
from builders.metering import a_meter
from builders.people import a_phone
from linli.ground.people import actions as people
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/p/[^"#]*)"')


@pytest.mark.parametrize("of_a_community", [False, True], ids=["of all communities", "of one"])
@pytest.mark.parametrize("duty", list(Duty))
def test_every_place_of_the_first_page_and_of_its_menu_opens(visitor, duty: Duty, of_a_community: bool):
    desk = a_desk()
    a_meter(desk, desk.a_home())
    client = visitor(replace(desk.scope, duty=duty, of_a_community=of_a_community))
    page = client.get("/p/").content.decode()
    places = sorted({link.replace("&amp;", "&") for link in LINK.findall(page)})
    assert len(places) > 3
    assert {where: client.get(where, follow=True).status_code for where in places} == dict.fromkeys(places, 200)


def test_what_is_the_whole_companys_is_closed_to_the_manager_of_one_community(visitor):
    desk = a_desk()
    everywhere = replace(desk.scope, duty=Duty.MANAGER)
    for who, status in ((everywhere, 200), (replace(everywhere, of_a_community=True), 404)):
        client = visitor(who)
        for where in ("commission/", "commission/file/?form=csv", "payouts/", "payouts/receiver/", "bank/", "deeds/"):
            assert client.get(f"/p/{where}").status_code == status, where
        assert ("Earned of what was bought" in client.get("/p/").content.decode()) is (status == 200)


def test_the_team_of_one_community_is_kept_there_and_its_head_is_not(visitor):
    desk = a_desk()
    for name, communities in (("周经理", ()), ("老王", (desk.community.id,))):
        people.add_company_staff(
            desk.scope,
            company=desk.company,
            name=name,
            phone=a_phone(),
            duty=Duty.MANAGER,
            communities=communities,
            at=AT,
        )
    client = visitor(replace(desk.scope, of_a_community=True))
    page = client.get("/p/staff/").content.decode()
    assert (page.count(">Change<"), page.count(">Remove<")) == (1, 1)
    assert "none ticked means in all of them" not in page
    refused = client.post("/p/staff/", {"name": "新人", "phone": a_phone(), "duty": "manager"})
    assert (refused.status_code, "Please choose a community." in refused.content.decode()) == (422, True)


def test_what_the_company_earns_is_for_those_who_may_know_it(visitor):
    desk = a_desk()
    for duty, knows in ((Duty.MANAGER, True), (Duty.CASHIER, True), (Duty.TECHNICIAN, False), (Duty.GUARD, False)):
        page = visitor(replace(desk.scope, duty=duty)).get("/p/").content.decode()
        assert ("Earned of what was bought" in page) is knows, duty
        assert ("Charged" in page) is knows, duty
