"""What the company's people did, for its managers: who, what, when; not another company's, nor for every duty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from builders import AT
from builders.billing import a_desk
from builders.people import a_person
from linli.estate.billing import actions
from linli.estate.billing.rules import Channel
from linli.kernel.money import Money
from linli.spine import audit
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def manager(desk, visitor) -> Client:
    return visitor(desk.scope, locale="en")


def test_a_manager_reads_what_was_done_for_the_company_with_filters_and_a_sheet(manager: Client, desk):
    home = desk.a_home("3-1-501")
    actions.take_payment(
        desk.scope, subject=home.id, amount=Money.parse("60"), channel=Channel.CASH, payer=home.owner, at=AT
    )
    colleague = replace(desk.scope, person=a_person())
    desk_of_colleague = replace(desk, scope=colleague)
    desk_of_colleague.an_item("lift")
    shown = manager.get("/p/deeds/").content.decode()
    assert "Take payment" in shown
    assert "¥60.00" in shown
    assert "Add item" in shown
    only = manager.get(f"/p/deeds/?person={colleague.person}").content.decode()
    assert "Add item" in only
    assert "Take payment" not in only
    none = manager.get("/p/deeds/?part=parcels").content.decode()
    assert "Take payment" not in none
    assert "Nothing of this kind was done." in none
    assert shown.index("Add item") < shown.index("Take payment")
    oldest = manager.get("/p/deeds/?by=when").content.decode()
    assert oldest.index("Take payment</td>") < oldest.index("Add item</td>")
    assert "saved-views" in oldest
    sheet = manager.get("/p/deeds/file/?form=csv&part=billing").content.decode("utf-8-sig")
    assert "Take payment" in sheet


def test_another_company_a_community_not_ones_own_and_the_platform_are_left_out(desk):
    other = a_desk()
    other.an_item("lift")
    desk.an_item("property_fee")
    mine = audit.entries_of_company(desk.scope)
    assert [one.action for one in mine] == ["billing.add_item"]
    actions.draft_month(desk.scope, community=desk.community.id, first_on=AT.date().replace(day=1), at=AT)
    elsewhere = replace(desk.scope, communities=(other.community.id,))
    assert "billing.draft_month" in {one.action for one in audit.entries_of_company(desk.scope)}
    assert "billing.draft_month" not in {one.action for one in audit.entries_of_company(elsewhere)}


@pytest.mark.parametrize("duty", [Duty.CASHIER, Duty.STEWARD, Duty.TECHNICIAN, Duty.GUARD])
def test_only_managers_read_it(desk, visitor, duty: Duty):
    assert visitor(replace(desk.scope, duty=duty)).get("/p/deeds/").status_code == 404
