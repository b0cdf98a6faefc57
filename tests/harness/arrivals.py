"""Somebody of the demo before a page: with cookies that are known already, or by the steps of the sign-in."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, ViewportSize

from linli.works.gallery.views import PEOPLE
from linli.works.gallery.visitors import Visitor

SOON_MS = 30_000
A_CODE_EVERY_S = 61


def window(
    chromium: Browser,
    house: str,
    size: ViewportSize,
    locale: str,
    visitor: Visitor | None = None,
) -> Page:
    context = chromium.new_context(
        viewport=size,
        locale=locale,
        service_workers="block",
        reduced_motion="reduce",  # colours on their way from light to dark have no contrast yet
    )
    cookies = visitor.cookies if visitor else {}
    context.add_cookies([{"name": name, "value": value, "url": house} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(SOON_MS)
    page.on("dialog", lambda asked: asked.accept())
    return page


def code_for(page: Page, house: str, phone: str) -> str:
    letters = page.context.new_page()
    letters.goto(house + "/demo/inbox/")
    newest = letters.locator("li", has_text=phone).first.inner_text()
    letters.close()
    found = re.search(r"(?<!\d)(\d{6})(?!\d)", newest)
    assert found is not None, newest
    return found[1]


def type_in(page: Page, house: str, phone: str, answer: str, *, keys: bool = False) -> None:
    """This will go through the steps of the sign-in; `keys` touches nothing but the keyboard."""
    page.goto(house + "/sign-in/")
    for field in ("phone", "code", "answer"):
        box = page.locator(f"input[name={field}]:not([type=hidden])")
        if field == "answer" and not box.count():
            return
        box.wait_for()
        words = {"phone": phone, "answer": answer}.get(field) or code_for(page, house, phone)
        if keys:
            while page.evaluate("document.activeElement.name") != field:
                page.keyboard.press("Tab")
            page.keyboard.insert_text(words)
        else:
            box.fill(words)
        with page.expect_navigation():
            page.keyboard.press("Enter") if keys else box.press("Enter")
        if field == "phone" and not page.url.endswith("/sign-in/code/"):
            page.wait_for_timeout(A_CODE_EVERY_S * 1000)  # another test has just asked for a code for the same phone
            page.goto(house + "/sign-in/")
            box.fill(phone)
            box.press("Enter")


def sign_in(page: Page, house: str, who: str, *, keys: bool = False) -> None:
    """This will sign one of the demo's people in as they do it."""
    person = PEOPLE[who]
    assert person.phone is not None
    type_in(page, house, person.phone, person.answer, keys=keys)
    if "/hats/" in page.url:
        page.locator(f"button[name=hat][value^='{person.role}|']").first.click()
    page.wait_for_url(re.compile(r"/(o|m|p|c|platform)/"))
