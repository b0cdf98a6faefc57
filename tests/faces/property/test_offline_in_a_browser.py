"""Work on foot in a real browser that loses its network: what was typed is kept, sent once by itself, and told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from builders.billing import a_desk
from builders.metering import a_meter
from builders.patrols import some_rounds
from builders.workorders import a_crew
from harness.offline_phone import keeps
from harness.payments_words import as_the_house
from harness.served import Served, wears
from linli.estate.metering import queries as metering
from linli.estate.metering.rules import Source
from linli.estate.workorders.rules import Skill, WorkState

pytestmark = [pytest.mark.browser, pytest.mark.slow]


WATCHED = """async () => {
    for (let tries = 0; tries < 200 && !navigator.serviceWorker.controller; tries += 1) {
        await new Promise((go) => setTimeout(go, 100));
    }
    return Boolean(navigator.serviceWorker.controller);
}"""


def opens(phone: Page, house: Served, where: str, *kept: str) -> None:
    """This will open a page with a network, until the phone has it and what comes next."""
    phone.goto(house.address + where)
    assert phone.evaluate(WATCHED)
    phone.goto(house.address + where)
    assert keeps(phone, "on-foot-pages", where, *kept)


def waits(phone: Page) -> object:
    return phone.locator("work-queue")


def test_meters_are_read_one_after_the_other_in_a_cellar_and_each_reading_arrives_once(house, phone: Page):
    desk = a_desk()
    meters = [a_meter(desk, desk.a_home(f"1-1-10{nth}")) for nth in (1, 2, 3)]
    where = [f"/p/walk/{meter.id}/" for meter in meters]
    house.scopes["me"] = desk.scope
    wears(phone, house.address, "me")
    opens(phone, house, where[0], *where[1:])

    phone.context.set_offline(True)
    for nth, shown in enumerate(("12", "9999", "7")):
        assert phone.url == house.address + where[nth]
        phone.locator("[name=shown]").fill(shown)
        phone.get_by_role("button", name="Keep and go on").click()
        expect(waits(phone)).to_contain_text(f"by itself: {nth + 1}")
    expect(waits(phone)).to_contain_text("1-1-102")
    assert as_the_house("SELECT count(*) FROM metering_reading WHERE source = 'walk'") == [(0,)]

    phone.context.set_offline(False)
    expect(waits(phone)).to_be_hidden()
    for meter, shown in zip(meters, (12, 9999, 7), strict=True):
        first, *_before = metering.meter_page(desk.scope, meter=meter.id).readings
        assert (first.shown, first.source) == ((Decimal(shown),), Source.WALK)
    assert as_the_house("SELECT count(*) FROM metering_reading WHERE source = 'walk'") == [(3,)]


def test_the_lists_of_those_on_foot_are_at_hand_without_a_network_although_none_was_opened(house, phone: Page):
    desk = a_desk()
    house.scopes["me"] = desk.scope
    wears(phone, house.address, "me")
    lists = {"/p/jobs/": "My jobs", "/p/patrols/walk/": "My patrols", "/p/assets/walk/": "Assets on foot"}
    opens(phone, house, "/p/on-foot/", *lists)
    phone.context.set_offline(True)
    for where, heading in lists.items():
        phone.goto(house.address + where)
        expect(phone.locator("h1")).to_have_text(heading)


def test_reading_meters_begins_at_the_next_meter_without_a_network_although_no_meter_was_opened(house, phone: Page):
    desk = a_desk()
    first, second = (a_meter(desk, desk.a_home(f"1-1-10{nth}")) for nth in (1, 2))
    house.scopes["me"] = desk.scope
    wears(phone, house.address, "me")
    opens(phone, house, "/p/on-foot/", "/p/walk/", f"/p/walk/{first.id}/", f"/p/walk/{second.id}/")
    phone.context.set_offline(True)
    phone.get_by_role("main").get_by_role("link", name="Read meters").click()
    expect(phone.locator("h1")).to_have_text("1-1-101")
    phone.locator("[name=shown]").fill("12")
    phone.get_by_role("button", name="Keep and go on").click()
    expect(phone.locator("h1")).to_have_text("1-1-102")


def test_what_the_house_refuses_later_is_told_with_what_was_typed_until_it_was_seen(house, phone: Page):
    desk = a_desk()
    meter = a_meter(desk, desk.a_home("1-1-101"), first="50")
    house.scopes["me"] = desk.scope
    wears(phone, house.address, "me")
    opens(phone, house, f"/p/walk/{meter.id}/")
    phone.context.set_offline(True)
    phone.locator("[name=shown]").fill("999999999")
    phone.get_by_role("button", name="Keep and go on").click()
    expect(waits(phone)).to_contain_text("by itself: 1")
    phone.context.set_offline(False)
    expect(waits(phone)).to_contain_text("This was not done: 1-1-101")
    expect(waits(phone)).to_contain_text("You had written: 999999999")
    phone.get_by_role("button", name="I have seen it").click()
    expect(waits(phone)).to_be_hidden()


def test_a_guard_walks_below_the_ground_and_each_point_counts_at_its_own_time(house, phone: Page):
    now = datetime.now(UTC)
    rounds = some_rounds(least_minutes=0)
    guard = rounds.a_guard()
    patrol = rounds.sent(at=now)
    house.scopes["me"] = guard
    wears(phone, house.address, "me")
    marks = [row[0] for row in as_the_house("SELECT encode(sha256(secret::bytea), 'hex') FROM patrols_point")]
    opens(phone, house, f"/p/patrols/walk/{patrol}/", *(f"/p/patrols/walk/{patrol}/points/{m}/" for m in marks))
    assert rounds.secret(0) not in phone.content()

    phone.context.set_offline(True)
    for nth in (0, 1):
        phone.goto(f"{house.address}/p/patrols/scan/{rounds.secret(nth)}/")
        expect(phone.locator("h1")).to_have_text(f"泵房{nth + 1}")
        phone.locator("input[name='items.light'][value=ok]").check()
        phone.locator("input[name='items.pressure']").fill("0.4")
        phone.get_by_role("button", name="Point is checked").click()
        expect(waits(phone)).to_contain_text(f"by itself: {nth + 1}")
        phone.wait_for_timeout(1200)
    back = datetime.now(UTC)
    phone.context.set_offline(False)
    expect(waits(phone)).to_be_hidden()
    times = [
        row[0] for row in as_the_house("SELECT visited_at FROM patrols_check WHERE state = 'visited' ORDER BY nth")
    ]
    assert len(times) == 2
    assert now < times[0] < times[0] + timedelta(seconds=1) < times[1] < back


def test_an_engineer_arrives_and_finishes_in_a_machine_room(house, phone: Page):
    crew = a_crew()
    worker = crew.a_worker(Skill.PLUMBING)
    order = crew.given(worker, at=datetime.now(UTC))
    where = f"/p/jobs/{order}/"
    house.scopes["me"] = worker
    wears(phone, house.address, "me")
    opens(phone, house, "/p/jobs/", where, where + "?after=acceptance")
    phone.context.set_offline(True)
    phone.goto(house.address + where)
    phone.get_by_role("button", name="Accept").click()
    expect(waits(phone)).to_contain_text("by itself: 1")
    phone.context.set_offline(False)
    expect(waits(phone)).to_be_hidden()
    assert crew.page(order).state is WorkState.ACCEPTED

    opens(phone, house, where, where + "?after=arrival")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="I am there").click()
    expect(waits(phone)).to_contain_text("by itself: 1")
    phone.locator("[name=answer]").fill("Seal replaced.")
    phone.get_by_role("button", name="Done").click()
    expect(waits(phone)).to_contain_text("by itself: 2")
    phone.context.set_offline(False)
    expect(waits(phone)).to_be_hidden()
    page = crew.page(order)
    assert (page.state, page.answer) == (WorkState.DONE, "Seal replaced.")


def test_what_arrived_although_no_answer_came_back_is_not_done_twice(house, phone: Page):
    desk = a_desk()
    meter = a_meter(desk, desk.a_home("1-1-101"))
    house.scopes["me"] = desk.scope
    wears(phone, house.address, "me")
    where = f"/p/walk/{meter.id}/"
    opens(phone, house, where)
    body = {"shown": "12", "once": "5d2c1b34", "said_at": ""}
    for said in ("", datetime.now(UTC).isoformat()):
        answer = phone.request.post(
            house.address + where,
            form=body | {"said_at": said},
            headers={"sec-fetch-site": "same-origin"},
            max_redirects=0,
        )
        assert answer.status == 303
    assert as_the_house("SELECT shown[1] FROM metering_reading WHERE source = 'walk'") == [(Decimal(12),)]
