"""Taking the pictures: a browser goes where a visitor was let in, once for each look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from linli.faces.shell import voice
from linli.works.gallery.views import PEOPLE, View, looks_like
from linli.works.gallery.visitors import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SIZES = {"phone": (390, 844), "desk": (1280, 800)}
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
THEMES = ("light", "dark", "large")
TALLEST_PX = 4000
"""A longer page is cut off here: nobody looks at the thousandth row of a list."""
PATIENCE_MS = 15_000
SETTLED_MS = 350


@dataclass(frozen=True)
class Look:
    """How a page is looked at; `large` is the light theme in large type."""

    size: str
    language: str
    theme: str

    def __str__(self) -> str:
        return f"{self.size}-{self.language}-{self.theme}"


@dataclass(frozen=True)
class Shot:
    """One picture: what it shows, where it lies, and what was strange about the page (nothing, we hope)."""

    view: View
    look: Look
    address: str
    file: str
    title: str
    strange: tuple[str, ...]


@dataclass
class Camera:
    """A browser before a house; `let_in` has the visitors who signed in."""

    browser: Browser
    house: str
    folder: Path
    let_in: dict[str, Visitor]
    tell: Callable[[str], None]

    def shoots(self, views: Iterable[View], looks: Iterable[Look]) -> Iterator[Shot]:
        """This will go through the views with every look, each visitor in a browser window of their own."""
        views = sorted(views, key=lambda view: list(PEOPLE).index(view.who))
        for look in looks:
            for who, theirs in groupby(views, key=lambda view: view.who):
                context = self.window(who, look)
                try:
                    page = context.new_page()
                    for view in theirs:
                        if shot := self._shot(page, view, look):
                            yield shot
                finally:
                    context.close()

    def window(self, who: str, look: Look) -> BrowserContext:
        """This will open a window of somebody's browser that looks like this."""
        width, height = SIZES[look.size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=LANGUAGES[look.language],
            color_scheme="dark" if look.theme == "dark" else "light",
            reduced_motion="reduce",
            service_workers="block",
        )
        context.set_default_timeout(PATIENCE_MS)
        cookies = dict(self.let_in[who].cookies) if who in self.let_in else {}
        cookies[voice.LANGUAGE_COOKIE] = voice.ENGLISH if look.language == "en" else voice.CHINESE
        if look.theme == "large":
            cookies[voice.LARGE_TEXT_COOKIE] = "large"
        context.add_cookies([{"name": name, "value": value, "url": self.house} for name, value in cookies.items()])
        return context

    def _shot(self, page: Page, view: View, look: Look) -> Shot | None:
        complaints: list[str] = []
        hear: Callable[[Any], None] = lambda error: complaints.append(f"a script failed: {error}")  # noqa: E731
        page.on("pageerror", hear)
        try:
            status = self._arrives(page, view)
            if status is None:
                self.tell(f"   {view.who} {view.name}: {view.address} has no link to {view.onward[-1]}")
                return None
            page.wait_for_timeout(SETTLED_MS)  # parts that fetch themselves; a live page is never idle
            name = f"{view.who}-{view.name}-{look}.png"
            size = page.evaluate(
                "({w: document.documentElement.scrollWidth, h: document.documentElement.scrollHeight})"
            )
            width = SIZES[look.size][0]
            if size["w"] > width:
                complaints.append(f"{size['w'] - width} px wider than the screen")
            if status >= 400 and view.name != "no-page":
                complaints.append(f"answered {status}")
            tall = min(max(size["h"], SIZES[look.size][1]), TALLEST_PX)
            page.screenshot(
                path=self.folder / name, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall}
            )
            for complaint in complaints:
                self.tell(f"   {name}: {complaint}")
            return Shot(view, look, urlsplit(page.url).path, name, page.title(), tuple(complaints))
        finally:
            page.remove_listener("pageerror", hear)

    def _arrives(self, page: Page, view: View) -> int | None:
        """The status of the page, when all links of the way were there."""
        answer = page.goto(self.house + view.address)
        for onward in view.onward:
            wanted = looks_like(onward)
            links: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
            found = next((link for link in links if wanted.fullmatch(urlsplit(link).path)), None)
            if found is None:
                return None
            answer = page.goto(urljoin(page.url, found))
        return answer.status if answer else 0
