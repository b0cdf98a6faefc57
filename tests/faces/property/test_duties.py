"""Whoever works for the company finds on the first page what their duty needs, and no door that is closed to them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from builders.billing import a_desk
from builders.metering import a_meter
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/p/[^"#]*)"')


@pytest.mark.parametrize("duty", list(Duty))
def test_every_place_of_the_first_page_and_of_its_menu_opens(visitor, duty: Duty):
    desk = a_desk()
    a_meter(desk, desk.a_home())
    client = visitor(replace(desk.scope, duty=duty))
    page = client.get("/p/").content.decode()
    places = sorted({link.replace("&amp;", "&") for link in LINK.findall(page)})
    assert len(places) > 3
    assert {where: client.get(where, follow=True).status_code for where in places} == dict.fromkeys(places, 200)


def test_what_the_company_earns_is_for_those_who_may_know_it(visitor):
    desk = a_desk()
    for duty, knows in ((Duty.MANAGER, True), (Duty.CASHIER, True), (Duty.TECHNICIAN, False), (Duty.GUARD, False)):
        page = visitor(replace(desk.scope, duty=duty)).get("/p/").content.decode()
        assert ("Earned this month" in page) is knows, duty
        assert ("Charged" in page) is knows, duty
