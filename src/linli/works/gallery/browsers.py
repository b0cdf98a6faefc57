"""The machine's Chromium with its driver, which comes with the tools of development; never one that is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_CHROMIUM = "There is no Chromium here: install it (Debian: chromium fonts-wqy-zenhei), or set LINLI_CHROMIUM to it."
NO_DRIVER = "The browser's driver is part of the tools of development: install requirements/dev.lock."


class NoBrowser(RuntimeError):
    """There is nothing to look with; the message says what to install."""


def find_chromium() -> str | None:
    """This will name the Chromium to use: LINLI_CHROMIUM, or the first one on the PATH."""
    return os.environ.get("LINLI_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """This will run a browser for as long as the block does."""
    program = find_chromium()
    if program is None:
        raise NoBrowser(NO_CHROMIUM)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NoBrowser(NO_DRIVER) from None
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
