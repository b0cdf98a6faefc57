"""What the worker of a phone that loses its network has kept."""

from __future__ import annotations

from playwright.sync_api import Page

SOON_MS = 20_000
_KEPT = """async ([cache, wanted]) => {
    for (let tries = 0; tries < 200; tries += 1) {
        const found = (await (await caches.open(cache)).keys()).map((each) => new URL(each.url));
        if (wanted.every((page) => found.some((each) => each.pathname + each.search === page))) return true;
        await new Promise((go) => setTimeout(go, 100));
    }
    return false;
}"""


def keeps(phone: Page, cache: str, *pages: str) -> bool:
    """This will wait until the phone has kept these pages, or say that it does not."""
    return bool(phone.evaluate(_KEPT, [cache, pages]))
