"""Somebody without a mouse: Tab, Enter, Space and arrows, and a look at each stop whether the place can be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 150
_LOOK = Path(__file__).with_suffix(".js").read_text("utf-8")


@dataclass
class Keyboard:
    """The hands of one who only types; `faults` names each stop that was invisible, hidden by something or nowhere."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def opens(self, address: str) -> None:
        """This will open a page, and see that its content comes before all its places."""
        self.page.goto(address)

    def goes_to(self, wanted: Locator) -> None:
        """This will press Tab until this has the focus, and look at every stop on the way."""
        expect(wanted).to_be_visible()
        for _nth in range(MOST_STOPS):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            if said := self.page.evaluate(_LOOK):
                self.faults.append(f"{self.page.url}: {said}")
        raise AssertionError(f"{wanted} is not reached with the Tab key on {self.page.url}")

    def presses(self, wanted: Locator, key: str = "Enter") -> None:
        """This will go to a button or a link, and press it where it leads to a page."""
        self.goes_to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def chooses(self, wanted: Locator) -> None:
        """This will go to a button that changes a part of its page, or to a tick, and press the space bar."""
        self.goes_to(wanted)
        self.page.keyboard.press("Space")

    def writes(self, wanted: Locator, words: str) -> None:
        """This will go to a field and put these words in the place of what stands there."""
        self.goes_to(wanted)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(words)

    def stands_at(self, wanted: Locator) -> None:
        """This will insist that the focus is there already: after a refusal, or when a part of the page has changed."""
        expect(wanted).to_be_focused()
        if said := self.page.evaluate(_LOOK):
            self.faults.append(f"{self.page.url}: {said}")
