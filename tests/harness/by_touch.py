"""What a thumb and narrow glass find wrong: what scrolls sideways, what is cut, what is too small to be hit."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

LEAST_PX = 44
NARROWEST = ViewportSize(width=320, height=640)
_LOOK = Path(__file__).with_suffix(".js").read_text("utf-8")


def faults(page: Page) -> list[str]:
    """This will name what is wrong with a page as it stands."""
    return [f"{page.url}: {each}" for each in page.evaluate(_LOOK, LEAST_PX)]


def faults_on_narrow_glass(page: Page) -> list[str]:
    """This will look at a page in large text on the narrowest phone, and give it its size back."""
    before = page.viewport_size
    page.set_viewport_size(NARROWEST)
    page.evaluate("document.documentElement.classList.add('large-text')")
    found = faults(page)
    if before:
        page.set_viewport_size(before)
    return found
