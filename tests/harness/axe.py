"""What axe-core, the checker that accessibility people use, finds on a page: WCAG 2.2 AA and its good practices."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Frame, Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@lru_cache(maxsize=1)
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, *, but: frozenset[str] = frozenset()) -> list[str]:
    """This will name each rule that a page breaks, with how often and the first place; none is what we want."""
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate(
        "standards => axe.run(document, {runOnly: standards, resultTypes: ['violations']})", STANDARDS
    )
    return [
        f"{page.url}: {one['id']} at {len(one['nodes'])} places, first {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["id"] not in but
    ]


@dataclass
class Trail:
    """The pages that somebody saw, so that each can be looked at again once they are done."""

    page: Page
    seen: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("framenavigated", self._saw)

    def _saw(self, frame: Frame) -> None:
        if frame == self.page.main_frame and frame.url.startswith("http"):
            self.seen[frame.url.partition("#")[0]] = None

    def faults(self, house: str) -> list[str]:
        """This will go along the trail once more, as far as it lies in the house, and name what axe finds."""
        found = []
        for url in [each for each in self.seen if each.startswith(house)]:
            answer = self.page.goto(url)
            if answer is not None and answer.ok:
                found += faults(self.page)
        return found
