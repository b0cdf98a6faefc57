"""What axe-core finds on the pages that somebody saw."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Frame, Page

from linli.works.gallery.checking import faults

__all__ = ["Trail", "faults"]


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
