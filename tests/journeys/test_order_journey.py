"""A neighbour's evening, in a browser on a phone: from signing in to saying how it was, with everything real around."""

from __future__ import annotations

import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from builders.pictures import a_picture
from harness.axe import Trail
from harness.browser import DESK, PHONE, a_tab
from harness.databases import OwnDatabase
from harness.demos import Shown, own_environment
from harness.persons import SECOND_CHECK
from harness.tongues import CHINESE, ENGLISH, Tongue
from linli.ground.people import queries as people
from linli.kernel.ids import OrderId
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders import actions as orders
from linli.trade.shops import queries as shops
from linli.works.demo import town

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]
SOON_MS = 30_000


@pytest.fixture
def demo(own_database: OwnDatabase) -> Iterator[tuple[Shown, str]]:
    """A small town on the test's own database, so that the test is behind the counters too."""
    folder = Path(tempfile.mkdtemp(prefix="linli-journey-"))
    folder.chmod(0o711)
    shown = Shown(folder, own_environment() | own_database.environment("web") | {"LINLI_PROCESS": ""})
    try:
        yield shown, shown.ready().rstrip("/")
    finally:
        shown.stop(signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def phone(says: Tongue, screen: ViewportSize) -> Iterator[Page]:
    with a_tab(screen, locale=says.locale, within_ms=SOON_MS) as page:
        yield page


def merchant_of(shop: str, language: str) -> Scope:
    """The hat of whoever keeps the shop that a page names."""
    at = datetime.now(UTC)
    for each in town.plan(homes=300).shops:
        person = people.person_by_phone(SYSTEM, phone=each.owner.phone)
        assert person is not None, (each.name, each.owner.phone)
        for hat in people.hats(SYSTEM, person=person, at=at):
            kept = hat.scope.shop if hat.role is Role.MERCHANT else None
            if kept is not None and shops.names(shops=[kept])[kept][language] == shop:
                return hat.scope
    raise AssertionError(shop)


def sign_in(phone: Page, says: Tongue, shown: Shown, house: str) -> None:
    phone.goto(house + "/sign-in/")
    phone.get_by_label(says("Mobile number")).fill(town.RESIDENT_PHONE)
    phone.get_by_role("button", name=says("Send me a code")).click()
    phone.get_by_label(says("Code")).wait_for()
    letters = phone.context.new_page()
    letters.goto(house + "/demo/inbox/")
    code = re.search(r"\b(\d{6})\b", letters.locator("main").inner_text())
    assert code is not None
    letters.close()
    phone.get_by_label(says("Code")).fill(code[1])
    phone.get_by_role("button", name=says("Sign in")).click()
    phone.get_by_role("button", name=says("Go on")).wait_for()
    answer = re.search(rf"{town.RESIDENT_PHONE}\s+(\S+)", shown.said)
    assert answer is not None
    phone.get_by_label(says(SECOND_CHECK)).fill(answer[1])
    phone.get_by_role("button", name=says("Go on")).click()
    phone.goto(house + "/o/")


def put_into_basket(phone: Page, says: Tongue, words: str) -> None:
    """Search, and take the first thing found."""
    search = phone.get_by_role("searchbox")
    search.fill(words)
    search.press("Enter")
    phone.wait_for_url(re.compile(r"[?&]words="))  # the page that is left has goods of its own
    phone.locator(".product-card").first.locator("h2 a").click()
    phone.get_by_role("button", name=says("Put it into the basket")).click()
    expect(phone.locator(".basket-bar-count")).to_be_visible()
    phone.get_by_role("link", name=says("Home"), exact=True).click()


@pytest.mark.parametrize(("says", "screen"), [(ENGLISH, DESK), (CHINESE, PHONE)], ids=["en-desk", "zh-phone"])
def test_a_neighbour_orders_from_two_shops_pays_once_fetches_and_says_how_it_was(
    demo: tuple[Shown, str], phone: Page, says: Tongue, screen: ViewportSize
):
    shown, house = demo
    trail = Trail(phone)
    sign_in(phone, says, shown, house)
    put_into_basket(phone, says, "料酒")
    put_into_basket(phone, says, "yangcong")  # both shops are open round the clock, and both goods keep, at any hour
    phone.get_by_role("complementary", name=says("Basket")).get_by_role("link").click()
    for choice in phone.get_by_role("button", name=says("I fetch it")).all():
        choice.click()
        expect(choice).to_have_attribute("aria-pressed", "true")
    assert phone.locator(".basket-lines").count() == 2

    phone.get_by_role("button", name=says("To the checkout")).click()
    total = phone.locator(".pay-bar .money").inner_text()
    phone.get_by_role("button", name=says("Place the order")).click()
    phone.get_by_role("button", name=says("WeChat Pay")).click()
    assert total in phone.locator(".amount").inner_text()
    phone.locator("button.go").click()
    phone.locator("a.back").click()
    phone.locator(".paid-mark").wait_for()
    assert phone.locator(".list-row-link").count() == 2

    shop = phone.locator(".list-row-link").first.inner_text()
    phone.locator(".list-row-link").first.click()
    expect(phone.locator(".timeline-now")).to_contain_text(says("The shop is looking at it"))
    order = OrderId(UUID(phone.url.rstrip("/").rpartition("/")[2]))
    merchant = merchant_of(shop, says.named(zh="zh", en="en"))
    orders.accept_order(merchant, order=order, at=datetime.now(UTC))
    orders.finish_order(merchant, order=order, at=datetime.now(UTC))
    code = phone.locator(".code-digits").inner_text()  # the page has changed by itself
    assert orders.hand_over_order(merchant, order=order, code=code, at=datetime.now(UTC)) is Redeemed.OK
    expect(phone.locator(".code-digits")).to_be_hidden()

    phone.get_by_role("link", name=says("Say how it was")).click()
    phone.locator(".rating-field label").nth(4).click()
    phone.get_by_label(says("What should your neighbours know?")).fill("Still warm when I came home")
    photos = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": a_picture("JPEG", (900, 600))} for n in "ab"]
    phone.locator("input[name=pictures]").set_input_files(photos)  # type: ignore[arg-type]
    expect(phone.locator(".picture-field-chosen li")).to_have_count(2)
    phone.get_by_role("button", name=says("Take this picture out") + ": a.jpg").click()
    expect(phone.locator(".picture-field-chosen li")).to_have_count(1)
    phone.get_by_role("button", name=says("Publish")).click()
    expect(phone.locator("main")).to_contain_text("Still warm when I came home")
    expect(phone.locator(".review .review-pictures img")).to_have_js_property("naturalWidth", 480)
    assert phone.evaluate("document.documentElement.scrollWidth") == screen["width"]
    assert trail.faults(house) == []
