"""A small town, and everybody in it at a browser: what each page weighs, and the main task of each who works there.

One demo serves the whole file, as a stranger starts it. Journeys begin with the sign-in; languages take turns.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from harness import by_touch
from harness.arrivals import sign_in, type_in, window
from harness.axe import faults
from harness.browser import DESK, PHONE
from harness.demos import Shown
from harness.every_page import found_along, names_of
from linli.works.gallery.views import PEOPLE, VIEWS
from linli.works.gallery.visitors import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("every_face"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]
ON_PHONES = ("guest", "owner", "technician", "courier")

MOST_KIB, MOST_KIB_OF_OPERATORS = 60, 260
MOST_SHIFT = 0.05
"""Half of what browsers call good."""
BUDGETS: dict[str, tuple[int, int]] = {
    "guest/front": (41, 6),
    "guest/sign-in": (41, 6),
    "owner/home": (47, 7),
    "owner/shelf": (46, 8),
    "owner/shop": (45, 8),
    "owner/listing": (43, 8),
    "owner/basket": (41, 7),
    "owner/orders": (41, 7),
    "owner/order": (46, 7),
    "owner/bills": (42, 8),
    "owner/property": (42, 7),
    "owner/me": (43, 7),
    "merchant/board": (52, 7),
    "merchant/order": (49, 7),
    "merchant/orders": (54, 7),
    "merchant/goods": (54, 7),
    "merchant/statement": (53, 7),
    "property/today": (52, 7),
    "property/bills": (55, 7),
    "property/arrears": (53, 7),
    "property/work-board": (54, 7),
    "property/work-orders": (52, 7),
    "property/settings": (52, 7),
    "technician/jobs": (50, 7),  # it carries what works on foot without a network
    "courier/run": (44, 7),
    "platform/to-do": (50, 7),
    "platform/sales": (52, 7),
    "platform/deliveries": (53, 7),
    "platform/books": (50, 7),
    "platform/policies": (50, 7),
    "platform/audit": (54, 7),
}
"""KiB on the wire before anybody touches the page, and requests, without pictures. Raise one only with a reason."""

_SHIFTED = """() => new Promise((told) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => told(sum), 400);
})"""


def weighed(page: Page, address: str) -> tuple[float, int, float]:
    """KiB and requests without pictures, and how much the page moved by itself."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    line.on("Network.responseReceived", lambda told: kinds.__setitem__(told["requestId"], told["type"]))
    line.on("Network.loadingFinished", lambda told: sizes.__setitem__(told["requestId"], told["encodedDataLength"]))
    page.goto(address)
    page.wait_for_timeout(500)
    moved: float = page.evaluate(_SHIFTED)
    counted = [request for request, kind in kinds.items() if kind not in ("Image", "EventSource")]
    return sum(sizes.get(request, 0) for request in counted) / 1024, len(counted), moved


def test_no_page_is_heavier_slower_to_come_or_jumpier_than_its_budget(
    town: tuple[Shown, str], let_in: Callable[[str], Visitor], chromium: Browser
):
    _, house = town
    over = []
    for view in VIEWS:
        if (budget := BUDGETS.get(f"{view.who}/{view.name}")) is None:
            continue
        visitor = let_in(view.who)
        where = visitor.finds(view)
        assert where is not None, view
        page = window(chromium, house, PHONE if view.who in ON_PHONES else DESK, "zh-CN", visitor)
        kib, requests, moved = weighed(page, house + where)
        page.context.close()
        if kib > budget[0] or requests > budget[1] or moved > MOST_SHIFT:
            over.append(f"{view.who}/{view.name}: {kib:.1f} KiB, {requests} requests, shifted {moved:.4f}")
    assert not over, "\n".join(over)


def test_the_table_of_budgets_keeps_to_the_houses_limits_and_names_pages_that_exist():
    named = {f"{view.who}/{view.name}" for view in VIEWS}
    assert set(BUDGETS) <= named
    for name, (kib, _requests) in BUDGETS.items():
        assert kib <= (MOST_KIB_OF_OPERATORS if name.startswith("platform/") else MOST_KIB), name
    assert {name.partition("/")[0] for name in BUDGETS} == set(PEOPLE)


def read_by_axe(page: Page) -> None:
    assert faults(page) == []


def test_an_engineer_repairs_on_the_phone(town: tuple[Shown, str], chromium: Browser):
    _, house = town
    page = window(chromium, house, PHONE, "zh-CN")
    sign_in(page, house, "technician")
    page.goto(house + "/p/jobs/")
    page.locator("a[href^='/p/jobs/0']").first.click()
    read_by_axe(page)
    for press in ("接单", "我已到达"):
        button = page.get_by_role("button", name=press)
        if button.count():
            with page.expect_navigation():
                button.first.click()
    expect(page.get_by_role("button", name="完成").first).to_be_visible()


def test_an_operator_closes_a_difference_and_finds_it_written_down(
    town: tuple[Shown, str], let_in: Callable[[str], Visitor], chromium: Browser
):
    _, house = town
    page = window(chromium, house, DESK, "en-GB")
    sign_in(page, house, "platform")
    expect(page.locator("h1")).to_have_text("To do")
    page.get_by_role("link", name="Differences").first.click()
    reason = page.get_by_label("Why it may be closed")
    if reason.count():
        reason.first.fill("The provider rounds up by one fen")
        page.get_by_role("button", name="Close", exact=True).first.click()
        page.wait_for_load_state()
        page.get_by_role("link", name="Audit").click()
        expect(page.locator(".table tbody tr").first).to_contain_text("payments")
    read_by_axe(page)


IN_BETWEEN = {
    "owner": {
        *("basket-bar", "manifest", "offline", "worker"),  # parts and programs, not pages that are opened
        *("checkout", "payment", "payment-return", "bill-payment", "bill-payment-return", "parking-payment"),
        *(
            "listing-sign-in",
            "personal-data",
            "bill-receipt-invoice",
            "parking-voucher",
        ),  # a step to the door, files, a shop's QR
        "visitor-arrival",  # nobody here has one just now
        *("space-booking", "space-payment", "space-payment-back"),  # a neighbour's hours that were booked
    },
    "courier": {"worker"},
    "technician": {"walk-stop", "patrol-walk"},  # the one stands behind `walk`, the other is planned for others
    "property": {"gate-arrival", "gate-courier"},  # nobody stands at the gate just now
}
"""What no link leads to: the journeys walk through the payments."""
ON_FOOT = {"on-foot", "jobs", "job", "walk", "walk-stop", "patrol-walks", "patrol-walk", "asset-walk"}
AT_THE_GATE = {"gate", "gate-pass", "gate-arrival-new", "gate-arrival", "gate-courier", "gate-goods", "release"}
AT_THE_GATE |= {"barrier", "lot-barrier", "parcels-new"}
NAMES = {"technician": ON_FOOT, "property": AT_THE_GATE}
ON_THE_WAY = {"visits", "visit"}
"""Pages of a desk that lead to those."""


@pytest.mark.parametrize(
    ("who", "face", "first"),
    [
        ("owner", "owner", ("/o/", "/o/call/", "/o/communities/")),
        ("courier", "courier", ("/c/",)),
        ("technician", "property", ("/p/on-foot/",)),
        (
            "property",
            "property",
            ("/p/gate/", "/p/gate/goods/", "/p/parking/barrier/", "/p/parcels/new/", "/p/visits/"),
        ),
    ],
)
def test_every_page_of_a_phone_is_for_thumbs_old_eyes_and_screen_readers(
    town: tuple[Shown, str], let_in: Callable[[str], Visitor], chromium: Browser, who: str, face: str, first: tuple[str]
):
    """Both languages and both themes; in large text on the narrowest phone nothing breaks, sticks out or is small."""
    _, house = town
    visitor = let_in(who)
    wanted = NAMES.get(who) or names_of(face)
    found = found_along(visitor, face, *first, of=wanted | ON_THE_WAY)
    assert wanted - set(found) <= IN_BETWEEN[who]
    wrong = []
    for locale in ("zh-CN", "en-GB"):
        page = window(chromium, house, PHONE, locale, visitor)
        for name in sorted(wanted & set(found) - IN_BETWEEN[who]):
            page.goto(house + found[name])
            wrong += faults(page)
            page.emulate_media(color_scheme="dark")
            wrong += faults(page, only=("color-contrast",))
            page.emulate_media(color_scheme="light")
            wrong += by_touch.faults_on_narrow_glass(page)
        page.context.close()
    assert not wrong, "\n".join(wrong)


def staff_signed_in(chromium: Browser, house: str, manager: Page, duty: str, phone: str, locale: str) -> Page:
    """This will have the manager take somebody on, who then signs in with the telephone that was written down."""
    manager.goto(house + "/p/staff/")
    manager.locator("input[name=name]").fill("Zhao Min")
    manager.locator("input[name=phone]").fill(phone)
    manager.locator(f"input[name=duty][value={duty}]").check()
    manager.get_by_role("button", name="Add", exact=True).click()
    manager.wait_for_load_state()
    page = window(chromium, house, PHONE if duty in ("guard", "steward") else DESK, locale)
    type_in(page, house, phone, PEOPLE["property"].answer)
    if "/hats/" in page.url:
        page.locator("button[name=hat][value^='property|']").first.click()
    page.wait_for_url("**/p/**")
    return page


def test_a_company_takes_on_a_cashier_a_steward_and_a_guard_who_do_their_work(
    town: tuple[Shown, str], chromium: Browser
):
    _, house = town
    manager = window(chromium, house, DESK, "en-GB")
    sign_in(manager, house, "property")

    cashier = staff_signed_in(chromium, house, manager, "cashier", "19900077001", "zh-CN")
    cashier.goto(house + "/p/cashier/?words=1-1-101")
    cashier.locator("main a[href^='/p/accounts/']").first.click()
    expect(cashier.locator("main")).to_contain_text("¥")
    read_by_axe(cashier)

    guard = staff_signed_in(chromium, house, manager, "guard", "19900077002", "zh-CN")
    guard.goto(house + "/p/gate/")
    guard.locator("input[name=code]").fill("000000")
    with guard.expect_navigation():
        guard.locator("input[name=code]").press("Enter")
    expect(guard.locator("main")).to_contain_text("没有这个通行码")
    guard.goto(house + "/p/gate/")
    guard.wait_for_timeout(1500)  # the board looks again by itself, now that somebody stands on it
    assert guard.locator("main").count() == 1
    read_by_axe(guard)
    assert guard.goto(house + "/p/bills/").status == 404  # type: ignore[union-attr]

    steward = staff_signed_in(chromium, house, manager, "steward", "19900077003", "en-GB")
    steward.goto(house + "/p/work-orders/")
    steward.locator("main a[href^='/p/work-orders/0']").first.click()
    steward.locator("textarea[name=say], input[name=say]").first.fill("We come this afternoon.")
    steward.get_by_role("button", name="Send", exact=False).first.click()
    steward.wait_for_load_state()
    expect(steward.locator("main")).to_contain_text("We come this afternoon.")
    read_by_axe(steward)


def test_sessions_are_listed_and_ended_and_roles_switched_on_every_desk(
    town: tuple[Shown, str], let_in: Callable[[str], Visitor], chromium: Browser
):
    _, house = town
    for who in ("owner", "merchant", "property", "courier", "platform"):
        visitor = let_in(who)
        page = window(chromium, house, DESK, "en-GB", visitor)
        page.goto(house + "/hats/")
        expect(page.get_by_text("this device")).to_be_visible()
        page.locator(f"button[name=hat][value^='{PEOPLE[who].role}|']").first.click()
        page.wait_for_url(re.compile(r"/(o|m|p|c|platform)/"))
        expect(page.locator("h1")).not_to_be_empty()
        page.context.close()
