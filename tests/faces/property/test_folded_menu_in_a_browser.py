"""The menu of a desk on a phone: one line of the group where one is, unfolded by a press and folded by another."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from builders.billing import a_desk
from harness.served import wears

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOWN = (
    "() => document.documentElement.scrollWidth <= innerWidth && document.querySelector('.desk-side').scrollLeft === 0"
)


def test_the_menu_of_a_desk_takes_one_line_of_a_phone_until_it_is_asked_for(house, phone: Page):
    house.scopes["me"] = a_desk().scope
    wears(phone, house.address, "me")
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(house.address + "/p/contracts/")
    menu = phone.locator(".desk-side nav")
    beside, elsewhere = menu.get_by_role("link", name="Venues"), menu.get_by_role("link", name="Today")
    expect(beside).to_be_visible()
    expect(elsewhere).to_be_hidden()
    assert phone.evaluate(SHOWN)
    menu.get_by_role("link", name="Menu").click()
    expect(elsewhere).to_be_visible()
    menu.get_by_role("link", name="Menu").click()
    expect(elsewhere).to_be_hidden()
    expect(beside).to_be_visible()
    phone.set_viewport_size({"width": 1280, "height": 900})
    expect(elsewhere).to_be_visible()
    expect(menu.get_by_role("link", name="Menu")).to_have_count(0)
