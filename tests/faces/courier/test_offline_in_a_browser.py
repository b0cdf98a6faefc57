"""A courier's phone in a real browser that loses its network: what was pressed is done once, in order, and told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from builders.couriers import HOUR, MINUTE, OPERATOR, a_round, me
from harness.offline_phone import keeps
from harness.payments_words import as_the_house
from linli.trade.delivery import actions
from linli.trade.delivery.rules import Run, Stop, StopKind, TaskState

pytestmark = [pytest.mark.browser, pytest.mark.slow]


FORGOTTEN = """async (page) => {
    for (let tries = 0; tries < 200; tries += 1) {
        if (!(await (await caches.open("courier-pages")).match(page))) return true;
        await new Promise((go) => setTimeout(go, 100));
    }
    return false;
}"""
WATCHED = """async () => {
    for (let tries = 0; tries < 200; tries += 1) {
        if (navigator.serviceWorker.controller) return true;
        await new Promise((go) => setTimeout(go, 100));
    }
    return false;
}"""
QUEUED = """async () => (await new Promise((told) => {
    const asked = indexedDB.open("courier", 1);
    asked.onsuccess = () => { const all = asked.result.transaction("waiting").objectStore("waiting").getAll();
        all.onsuccess = () => told(all.result); };
})).length"""


def moves(task):
    return as_the_house("SELECT verb, said_at, moved_at FROM delivery_task_move WHERE of_id = %s ORDER BY id", task)


def test_what_is_pressed_in_a_lift_is_done_once_in_its_order_at_its_time_and_a_refusal_is_told(house, phone: Page):
    address, scopes = house
    now = datetime.now(UTC)
    round_ = a_round()
    courier = round_.a_courier(on_shift=False)
    round_.on_shift(courier, at=now - HOUR)
    carried = round_.taken(courier, at=now - 5 * MINUTE, ready_at=now, promised_at=now + HOUR)
    asked = round_.task(1, at=now, ready_at=now, promised_at=now + HOUR)
    stops = (
        Stop(StopKind.COLLECT, round_.shop.id, (asked,), now),
        Stop(StopKind.DROP, round_.community.id, (asked,), now + 9 * MINUTE),
    )
    run = Run(courier=None, stops=stops)
    offer = actions.offer_run(OPERATOR, run=run, courier=me(courier), choice={"why": "nearest"}, at=now)
    code, told_from = round_.code(carried), now - timedelta(seconds=5)
    scopes["me"] = courier
    phone.context.add_cookies([{"name": "who", "value": "me", "url": address}])
    phone.goto(address + "/c/")
    assert phone.evaluate(WATCHED)
    phone.goto(address + "/c/")
    assert keeps(phone, "courier-pages", "/c/", f"/c/tasks/{carried}/")

    phone.context.set_offline(True)
    phone.get_by_role("button", name="Accept").click()
    expect(phone.locator("work-queue")).to_contain_text("1")
    phone.get_by_role("button", name="I am there").click()
    expect(phone.locator("work-queue")).to_contain_text("2")
    phone.goto(f"{address}/c/tasks/{carried}/")
    phone.get_by_label("The buyer's code").fill(code)
    phone.get_by_role("button", name="Done").click()
    expect(phone.locator("work-queue")).to_contain_text("3")
    assert phone.evaluate(QUEUED) == 3
    assert round_.page(carried).state is TaskState.EN_ROUTE

    actions.withdraw_offer(OPERATOR, offer=offer, at=datetime.now(UTC))
    phone.wait_for_timeout(1500)
    back = datetime.now(UTC)
    phone.context.set_offline(False)
    expect(phone.locator("work-queue")).to_contain_text("This offer is gone")
    assert phone.evaluate(QUEUED) == 0
    page = round_.page(carried)
    assert (page.state, page.proof) == (TaskState.DONE, "code")
    assert round_.page(asked).state is TaskState.TODO
    done = moves(carried)
    assert [verb for verb, _said, _moved in done] == ["ask", "assign", "collect", "arrive", "finish"]
    ((_arrive, arrived, _at), (_finish, finished, moved)) = done[-2:]
    assert told_from < arrived <= finished < back <= moved
    assert as_the_house("SELECT count(*) FROM delivery_earning") == [(1,)]


def test_a_wrong_code_given_without_a_network_is_told_and_the_order_stays(house, phone: Page):
    address, scopes = house
    now = datetime.now(UTC)
    round_ = a_round()
    courier = round_.a_courier(on_shift=False)
    round_.on_shift(courier, at=now - HOUR)
    carried = round_.taken(courier, at=now - MINUTE, ready_at=now, promised_at=now + HOUR)
    wrong = "000000" if round_.code(carried) != "000000" else "111111"
    scopes["me"] = courier
    phone.context.add_cookies([{"name": "who", "value": "me", "url": address}])
    phone.goto(address + "/c/")
    assert phone.evaluate(WATCHED)
    phone.goto(f"{address}/c/tasks/{carried}/")
    phone.context.set_offline(True)
    phone.get_by_label("The buyer's code").fill(wrong)
    phone.get_by_role("button", name="Done").click()
    expect(phone.locator("work-queue")).to_contain_text("1")
    phone.context.set_offline(False)
    expect(phone.locator("work-queue")).to_contain_text("This is not the code")
    assert round_.page(carried).state is TaskState.EN_ROUTE


def test_who_signs_in_after_somebody_else_finds_nothing_of_theirs_on_the_phone(house, phone: Page):
    address, scopes = house
    now = datetime.now(UTC)
    round_ = a_round()
    scopes |= {"one": round_.a_courier(on_shift=False), "two": round_.a_courier(on_shift=False)}
    round_.on_shift(scopes["one"], at=now - HOUR)
    carried = round_.taken(scopes["one"], at=now - MINUTE, ready_at=now, promised_at=now + HOUR)
    phone.context.add_cookies([{"name": "who", "value": "one", "url": address}])
    phone.goto(address + "/c/")
    assert phone.evaluate(WATCHED)
    phone.goto(f"{address}/c/tasks/{carried}/")
    assert keeps(phone, "courier-pages", f"/c/tasks/{carried}/")
    phone.context.add_cookies([{"name": "who", "value": "two", "url": address}])
    phone.goto(address + "/c/")
    assert phone.evaluate(FORGOTTEN, f"/c/tasks/{carried}/")
