"""Persons at browsers of their own, who see what the house shows them and press what can be pressed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, ViewportSize, expect

from harness.browser import SOON_MS, a_browser
from harness.tongues import ENGLISH, Tongue

SECOND_CHECK = "The number of your home, or the name of your shop or company"


@dataclass
class Person:
    """Somebody with a telephone number and a screen; `page` is what they look at."""

    name: str
    phone: str
    page: Page
    house: str
    says: Tongue = ENGLISH

    def signs_in(self, *, answer: str, hat: str = "") -> None:
        """This will sign them in by the code that was sent, by what only they would know, and under the hat named."""
        page = self.page
        page.goto(self.house + "/sign-in/")
        page.get_by_label(self.says("Mobile number")).fill(self.phone)
        self.presses("Send me a code")
        page.get_by_label(self.says("Code")).fill(self._code())
        self.presses("Sign in")
        page.get_by_label(self.says(SECOND_CHECK)).fill(answer)
        self.presses("Go on")
        if hat:
            page.get_by_role("button", name=hat).click()
        page.wait_for_url(re.compile(r"/[op]/"))

    def goes_to(self, place: str, *, within: str = "") -> None:
        """This will choose a place of the menu: unfold it first on a phone, and open the group that holds the place."""
        menu = self.page.get_by_role("navigation", name=self.says("Main places"))
        link = menu.get_by_role("link", name=self.says(place), exact=True)
        unfolds = menu.get_by_role("link", name=self.says("Menu"), exact=True)
        if not link.is_visible() and unfolds.is_visible():
            unfolds.click()
        if within and not link.is_visible():
            menu.locator("summary", has_text=self.says(within)).click()
        link.click()

    def presses(self, label: str, *, exact: bool = False, **values: object) -> None:
        """This will press a button, and say yes where it asks once more."""
        self.page.get_by_role("button", name=self.says(label, **values), exact=exact).click()

    def has_it_done(self, label: str, said: str | re.Pattern[str] = "") -> None:
        """This will press what the worker does, wait for what came of it, and go where that is seen."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=self.says.like(label)).click()
        main = self.page.locator("main")
        if "/under-way/" in self.page.url:
            expect(main.get_by_role("progressbar")).to_have_count(0, timeout=60_000)
        if said:
            expect(main).to_contain_text(said)
        if "/under-way/" in self.page.url:
            main.get_by_role("link", name=self.says("Look at it")).click()

    def reads(self) -> str:
        """This will give the words of the page, as they are seen."""
        return self.page.locator("main").inner_text()

    def sees_no_more_than_fits(self) -> bool:
        """This will tell whether the page is no wider than the screen."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        return bool(wide <= self.page.evaluate("document.documentElement.clientWidth"))

    def _code(self) -> str:
        self.page.get_by_label(self.says("Code")).wait_for()
        letters = self.page.context.new_page()
        letters.goto(self.house + "/demo/inbox/")
        mine = letters.locator("li", has_text=self.phone).first.inner_text()
        letters.close()
        found = re.search(r"\b(\d{6})\b", mine)
        assert found is not None, mine
        return found[1]


@contextmanager
def persons(house: str, says: Tongue = ENGLISH) -> Iterator[Callable[..., Person]]:
    """This will make persons: `somebody("Lin", "13...", screen=PHONE)`; a page that breaks a promise is told of."""
    complaints: list[str] = []
    expect.set_options(timeout=SOON_MS)
    with a_browser() as browser:
        yield lambda name, phone, screen: Person(
            name, phone, _screen(browser, screen, says, name, complaints), house, says
        )
    assert complaints == []


def _screen(browser: Browser, size: ViewportSize, says: Tongue, name: str, complaints: list[str]) -> Page:
    page = browser.new_context(viewport=size, locale=says.locale).new_page()
    page.set_default_timeout(SOON_MS)
    page.on("dialog", lambda asked: asked.accept())
    page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
    page.on(
        "response",
        lambda answer: complaints.append(f"{name}: {answer.status} {answer.url}") if answer.status >= 500 else None,
    )
    return page
