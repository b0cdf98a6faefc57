"""What axe-core, the checker that accessibility people use, finds on pages: WCAG 2.2 AA and its good practices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

DESK_WIDTHS = (1280, 1024)
"""A desk's screen, and the smallest that people still work at: a tablet, or half of a large one."""


@lru_cache(maxsize=1)
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, *, but: frozenset[str] = frozenset(), only: tuple[str, ...] = ()) -> list[str]:
    """This will name each rule that a page breaks, with how often and the first place; none is what we want.

    `only` asks some rules alone: what a theme changes is the contrast.
    """
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate(
        "asked => axe.run(document, {runOnly: asked, resultTypes: ['violations']})",
        {"type": "rule", "values": list(only)} if only else STANDARDS,
    )
    return [
        f"{page.url}: {one['id']} at {len(one['nodes'])} places, first {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["id"] not in but
    ]


def faults_along(page: Page, house: str, addresses: Iterable[str]) -> Iterator[str]:
    """This will open one page after the other and name what axe finds, what is no page, and what is too wide."""
    for address in addresses:
        answer = page.goto(house + address)
        if answer is None or not answer.ok:
            yield f"{address}: answered {answer.status if answer else 'nothing'}"
            continue
        yield from faults(page)
        yield from too_wide(page)


def too_wide(page: Page, widths: Iterable[int] = DESK_WIDTHS) -> Iterator[str]:
    """This will make the window of an open page so wide, one after the other, and name where the page sticks out."""
    before = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": before["height"] if before else 800})
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            yield f"{page.url}: {over} px wider than a screen of {width} px"
    if before:
        page.set_viewport_size(before)
