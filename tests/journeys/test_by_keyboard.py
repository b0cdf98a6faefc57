"""The main task of each role without a mouse, in the demo that serves the other journeys.

At every stop the focus is seen; where a page refuses, the focus stands at the field that is wrong, which says so.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from builders.pictures import a_picture
from harness.arrivals import sign_in, window
from harness.axe import faults
from harness.browser import DESK, PHONE
from harness.demos import Shown
from harness.keyboard import Keyboard
from linli.works.gallery.visitors import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("every_face"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]
HERE = {"Sec-Fetch-Site": "same-origin"}
LetIn = Callable[[str], Visitor]


def pay_at_the_provider(page: Page, hands: Keyboard) -> None:
    hands.presses(page.get_by_role("button", name="WeChat Pay"))
    hands.presses(page.locator("button.go"))
    hands.presses(page.locator("a.back"))
    page.locator(".paid-mark").wait_for()


def wrong_field(page: Page, name: str) -> None:
    """A field that is wrong is said to be, and by which words."""
    box = page.locator(f"[name='{name}']:visible").first
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"[id='{name}-wrong']")).not_to_be_empty()
    assert f"{name}-wrong" in (box.get_attribute("aria-describedby") or "")


def test_a_merchant_takes_an_order_on(town: tuple[Shown, str], chromium: Browser):
    """The sign-in, too, is walked by keys here."""
    _, house = town
    page = window(chromium, house, DESK, "en-GB")
    sign_in(page, house, "merchant", keys=True)
    hands = Keyboard(page)
    expect(page.locator("h1")).to_have_text("Order board")
    hands.presses(page.get_by_role("button", name=re.compile("^(Accept|Prepare|Ready|Send out)$")).first)
    expect(page.get_by_role("status").first).not_to_be_empty()
    page.keyboard.press("Control+k")
    page.keyboard.type("goods")
    expect(page.get_by_role("option").first).to_contain_text("Goods and stock")
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/goods/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/m/goods/[0-9a-f-]{36}/"))
    assert faults(page) == []
    assert hands.faults == []


def test_a_resident_pays_a_bill_and_orders_from_a_shop(town: tuple[Shown, str], let_in: LetIn, chromium: Browser):
    _, house = town
    page = window(chromium, house, PHONE, "en-GB", let_in("owner"))
    hands = Keyboard(page)
    page.goto(house + "/o/bills/")
    hands.presses(page.get_by_role("button", name=re.compile("^Pay ¥")).first)
    pay_at_the_provider(page, hands)

    page.goto(house + "/o/")
    hands.writes(page.get_by_role("searchbox"), "料酒")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    hands.presses(page.locator(".product-card h2 a").first)
    basket = page.get_by_role("complementary", name="Basket").get_by_role("link")
    put = page.get_by_role("button", name="Put it into the basket")
    hands.chooses(put)
    expect(page.locator(".basket-bar-count")).to_be_visible()
    hands.presses(basket)
    fetch = page.get_by_role("button", name="I fetch it").first
    hands.chooses(fetch)
    expect(fetch).to_have_attribute("aria-pressed", "true")
    hands.stands_at(fetch)  # the part that came new has left the focus where it was
    hands.presses(page.get_by_role("button", name="To the checkout"))
    hands.presses(page.get_by_role("button", name="Place the order"))
    pay_at_the_provider(page, hands)
    assert hands.faults == []


def test_a_cashier_takes_money_over_the_counter(town: tuple[Shown, str], let_in: LetIn, chromium: Browser):
    _, house = town
    page = window(chromium, house, DESK, "en-GB", let_in("property"))
    hands = Keyboard(page)
    page.goto(house + "/p/cashier/")
    hands.writes(page.get_by_label("Door, such as 3-2-501"), "1-1-101")
    page.keyboard.press("Enter")
    page.wait_for_url("**words=1-1-101*")
    hands.presses(page.locator("main a[href$='/payment/']").first)
    amount = page.locator("input[name=amount]")
    hands.writes(amount, "-3")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    hands.stands_at(amount)
    wrong_field(page, "amount")
    hands.writes(amount, "12.50")
    hands.presses(page.get_by_role("button", name="Receive it"))
    expect(page.locator("main")).to_contain_text("¥12.50")
    assert hands.faults == []


def test_a_courier_delivers(town: tuple[Shown, str], let_in: LetIn, chromium: Browser):
    """The parcel in the bag is set down at the door; a code that is none is asked again."""
    _, house = town
    page = window(chromium, house, PHONE, "en-GB", let_in("courier"))
    hands = Keyboard(page)
    page.goto(house + "/c/")
    if (there := page.get_by_role("button", name="I am there")).count():
        hands.presses(there)
    scanned = page.locator("input[name=scanned]")
    while scanned.count():  # what is packed at this shop
        number = page.locator(".run-next .list-row-link").first.inner_text()
        hands.writes(scanned, "LO-000000-0000")
        hands.presses(page.get_by_role("button", name="Collect the parcel"))
        hands.stands_at(scanned)
        wrong_field(page, "scanned")
        hands.writes(scanned, number)
        hands.presses(page.get_by_role("button", name="Collect the parcel"))
    tasks = [link.get_attribute("href") for link in page.locator("main a[href^='/c/tasks/']").all()]
    for task in dict.fromkeys(tasks):
        page.goto(f"{house}{task}")
        if page.get_by_role("button", name="Done", exact=True).count():
            break
    code = page.locator("input[name=code]")
    hands.writes(code, "000000")
    hands.presses(page.get_by_role("button", name="Done", exact=True))
    hands.stands_at(code)
    wrong_field(page, "code")
    assert hands.faults == []


def test_a_technician_finishes_a_repair(town: tuple[Shown, str], let_in: LetIn, chromium: Browser):
    _, house = town
    page = window(chromium, house, PHONE, "en-GB", let_in("technician"))
    hands = Keyboard(page)
    page.goto(house + "/p/jobs/")
    hands.presses(page.locator("a[href^='/p/jobs/0']").nth(1))
    for press in ("Accept", "I am there"):
        button = page.get_by_role("button", name=press, exact=True)
        if button.count():
            hands.presses(button)
    hands.writes(page.get_by_label("What was done"), "Greased, and tried for ten minutes")
    hands.presses(page.get_by_role("button", name="Done", exact=True))
    expect(page.get_by_role("status").first).not_to_be_empty()
    assert hands.faults == []


def application(page: Page, house: str) -> None:
    """Somebody applies with both papers, in this browser: how that is done is tested elsewhere."""
    page.goto(house + "/shop-applications/new/")
    community = page.locator("[name=community] option, input[name=community]").last.get_attribute("value") or ""
    said = {"name.zh": "键盘面馆", "name.en": "Keyboard Noodles", "kind": "restaurant", "community": community}
    applied = page.context.request.post(page.url, form=said | {"address": "滨江路6号"}, headers=HERE)
    for kind in ("business", "food"):
        picture = {"name": "licence.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
        paper = {"number": "91330100MA0000000X", "expires_on": "2036-01-01", "file": picture}
        assert page.context.request.post(f"{applied.url}licences/{kind}/", multipart=paper, headers=HERE).ok  # type: ignore[arg-type]


def test_an_operator_approves_a_shop(town: tuple[Shown, str], let_in: LetIn, chromium: Browser):
    """What is still missing is said first; then each paper is accepted, and the shop approved."""
    _, house = town
    applicant = window(chromium, house, PHONE, "en-GB", let_in("owner"))
    application(applicant, house)
    page = window(chromium, house, DESK, "en-GB", let_in("platform"))
    hands = Keyboard(page)
    page.goto(house + "/platform/shops/")
    hands.presses(page.get_by_role("link", name="Keyboard Noodles"))
    for _paper in range(2):
        hands.presses(page.get_by_role("button", name="Accept").first)
    hands.presses(page.get_by_role("button", name="Approve"))
    expect(page.locator("main")).to_contain_text("approved")
    assert hands.faults == []
