"""The browser of browser tests, the one that takes the house's own pictures: the machine's, never a downloaded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, ViewportSize

from linli.works.gallery.browsers import NoBrowser, chromium

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
SOON_MS = 15_000


@contextmanager
def a_browser() -> Iterator[Browser]:
    """This will run a browser; a test that wants one fails without."""
    try:
        with chromium() as found, pytest.MonkeyPatch.context() as patch:
            # Playwright's loop runs in this thread between its calls; Django keeps a connection of its own beside it.
            patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
            yield found
            connection.close()  # its database ends with the test
    except NoBrowser as reason:
        pytest.fail(str(reason))


@contextmanager
def a_tab(size: ViewportSize = PHONE, *, locale: str = "en-GB", within_ms: int = SOON_MS) -> Iterator[Page]:
    """This will open one page in a browser of its own."""
    with a_browser() as browser:
        page = browser.new_context(viewport=size, locale=locale).new_page()
        page.set_default_timeout(within_ms)
        yield page
