"""The page of counters: what the community offers, what waits, and nothing of what is switched off."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from builders import AT
from builders.billing import a_desk
from harness.budget import statements
from linli.estate.billing import actions
from linli.faces.owner.counters import nothing_waits
from linli.faces.owner.property_counters import COUNTERS
from linli.ground.policies import actions as policies
from linli.ground.policies.rules import Level
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    made = a_desk()
    home = made.a_home("3-1-501")
    made.charged(made.priced(made.an_item("property_fee"), price="2.85"), home)
    actions.draft_month(made.scope, community=made.community.id, first_on=date(2026, 3, 1), at=AT)
    actions.issue_month(made.scope, community=made.community.id, first_on=date(2026, 3, 1), at=AT)
    return made, home


@pytest.fixture(params=["en", "zh-CN"])
def resident(request, desk, visitor) -> Client:
    _desk, home = desk
    return visitor(home.scope, locale=request.param)


def switched_off(community) -> None:
    policies.set_policy(
        SYSTEM, word="billing", level=Level.COMMUNITY, place=community, values={"is_offered": False}, start_at=AT, at=AT
    )


def test_a_resident_finds_the_counters_and_what_waits(resident: Client):
    with statements() as seen:
        shown = resident.get("/o/property/").content.decode()
    assert len(seen) <= 3 + 4 * sum(each.waits is not nothing_waits for each in COUNTERS)
    assert 'href="/o/bills/"' in shown
    assert "¥254.70" in shown


def test_a_counter_that_is_switched_off_is_not_shown_and_its_page_is_not_there(resident: Client, desk):
    assert resident.get("/o/bills/").status_code == 200
    switched_off(desk[0].community.id)
    assert 'href="/o/bills/"' not in resident.get("/o/property/").content.decode()
    assert resident.get("/o/bills/").status_code == 404


def test_who_has_no_home_is_told_so(visitor, desk):
    person = desk[1].scope.person
    shown = visitor(Scope(role=Role.RESIDENT, person=person)).get("/o/property/")
    assert shown.status_code == 200
    assert "/o/visitors/" not in shown.content.decode()


def test_who_had_a_home_finds_its_bills_where_they_are_on_the_phone(visitor, desk):
    former = visitor(Scope(role=Role.RESIDENT, person=desk[1].scope.person))
    assert 'href="/o/bills/"' in former.get("/o/property/").content.decode()
    switched_off(desk[0].community.id)
    assert 'href="/o/bills/"' not in former.get("/o/property/").content.decode()
    assert former.get("/o/bills/").status_code == 404
